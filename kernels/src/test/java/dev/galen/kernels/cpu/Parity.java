package dev.galen.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.reference.ReferenceBackend;
import dev.galen.tensor.memory.HostBuffer;
import dev.galen.tensor.testing.Tolerance;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

/**
 * Runs one kernel on the same operands by the reference, by one thread and twice by two (which is
 * how many claim tasks, whatever the machine has). All operands must agree with the reference's
 * within the tolerance, and among the others to the bit. Each operand lies at an odd place of a
 * larger buffer, and what surrounds it must be untouched.
 */
final class Parity {
  /** A kernel call. */
  @FunctionalInterface
  interface Call {
    /** Calls {@code backend} with {@code s}, one span per operand. */
    void on(Backend backend, Span[] s);
  }

  /** An operand of F16 or BF16, given as what it is rounded from. */
  record Rounded(DType dtype, float[] values) {}

  private static final int MARGIN = 5;
  private static final byte GUARD = 0x5a;
  private static final Backend REFERENCE = new ReferenceBackend();
  private static final Backend ONE = new VectorBackend(1);
  private static final Backend TWO = new VectorBackend(2);

  private Parity() {}

  /**
   * Compares.
   *
   * @param what said in failures
   * @param operands {@code float[]} for F32, {@code int[]} for I32, {@code byte[]} for U8, {@link
   *     Rounded} for F16 and BF16, or null
   */
  static void check(String what, Tolerance tolerance, Call call, Object... operands) {
    byte[][] expected = run(REFERENCE, call, operands);
    byte[][] one = run(ONE, call, operands);
    byte[][] two = run(TWO, call, operands);
    byte[][] again = run(TWO, call, operands);
    for (int i = 0; i < operands.length; i++) {
      String operand = what + ", operand " + i;
      assertArrayEquals(one[i], two[i], operand + ": one thread and two differ");
      assertArrayEquals(two[i], again[i], operand + ": two runs differ");
      if (operands[i] instanceof float[]) {
        assertNear(operand, DType.F32, tolerance, expected[i], two[i]);
      } else if (operands[i] instanceof Rounded rounded) {
        assertNear(operand, rounded.dtype(), tolerance, expected[i], two[i]);
      } else {
        assertArrayEquals(expected[i], two[i], operand);
      }
    }
  }

  /** {@code length} numbers, normal with deviation 1. */
  static float[] normal(int length, long seed) {
    var random = new Random(seed);
    var values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** Normal numbers of variance 1/terms, so that a sum of that many products has about size 1. */
  static float[] normalOver(int terms, int length, long seed) {
    float[] values = normal(length, seed);
    for (int i = 0; i < length; i++) {
      values[i] /= (float) Math.sqrt(Math.max(1, terms));
    }
    return values;
  }

  private static byte[][] run(Backend backend, Call call, Object[] operands) {
    var spans = new Span[operands.length];
    for (int i = 0; i < operands.length; i++) {
      spans[i] = span(backend, operands[i]);
    }
    call.on(backend, spans);
    var results = new byte[operands.length][];
    for (int i = 0; i < operands.length; i++) {
      if (spans[i] != null) {
        results[i] = HostBuffer.segment(spans[i]).toArray(ValueLayout.JAVA_BYTE);
        assertGuarded(spans[i]);
        spans[i].buffer().free("test");
      }
    }
    return results;
  }

  private static Span span(Backend backend, Object operand) {
    if (operand == null) {
      return null;
    }
    DType dtype;
    MemorySegment values;
    switch (operand) {
      case float[] floats -> {
        dtype = DType.F32;
        values = MemorySegment.ofArray(floats);
      }
      case int[] ints -> {
        dtype = DType.I32;
        values = MemorySegment.ofArray(ints);
      }
      case byte[] bytes -> {
        dtype = DType.U8;
        values = MemorySegment.ofArray(bytes);
      }
      case Rounded(DType type, float[] floats) -> {
        dtype = type;
        var halves = new short[floats.length];
        for (int i = 0; i < halves.length; i++) {
          halves[i] =
              type == DType.F16 ? Float.floatToFloat16(floats[i]) : DType.toBFloat16(floats[i]);
        }
        values = MemorySegment.ofArray(halves);
      }
      default -> throw new IllegalArgumentException("no operand: " + operand);
    }
    long length = values.byteSize() / dtype.byteSize();
    var buffer = backend.allocate((length + 2 * MARGIN) * dtype.byteSize());
    HostBuffer.segment(Span.of(buffer, DType.U8)).fill(GUARD);
    var span = new Span(buffer, dtype, MARGIN, length);
    backend.upload(values, span);
    return span;
  }

  private static void assertGuarded(Span span) {
    MemorySegment all = HostBuffer.segment(Span.of(span.buffer(), DType.U8));
    long end = span.byteOffset() + span.byteSize();
    for (long i = 0; i < all.byteSize(); i++) {
      if (i < span.byteOffset() || i >= end) {
        assertTrue(all.get(ValueLayout.JAVA_BYTE, i) == GUARD, "wrote beside its span");
      }
    }
  }

  private static void assertNear(
      String what, DType dtype, Tolerance tolerance, byte[] expected, byte[] actual) {
    MemorySegment e = MemorySegment.ofArray(expected);
    MemorySegment a = MemorySegment.ofArray(actual);
    for (int i = 0; i < expected.length; i += dtype.byteSize()) {
      float x = Half.get(e, dtype, i);
      float y = Half.get(a, dtype, i);
      if (!tolerance.accepts(x, y)) {
        throw new AssertionError(
            "%s, element %d: reference %s, vector %s, %s"
                .formatted(what, i / dtype.byteSize(), x, y, tolerance));
      }
    }
  }
}
