package dev.galen.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.tensor.DType;
import dev.galen.tensor.Layout;
import dev.galen.tensor.Shape;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.reference.ReferenceBackend;
import dev.galen.tensor.testing.Tolerance;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;

/**
 * Runs one kernel on the same operands by the reference and by one or more backends, the first of
 * them twice. All operands must agree with the reference's within the tolerance, and among the
 * backends to the bit. Each operand lies inside of a larger buffer, and what surrounds it must be
 * untouched.
 */
public final class KernelParity {
  /** A kernel call. */
  @FunctionalInterface
  public interface Call {
    /** Calls {@code backend} with {@code s}, one span per operand. */
    void on(Backend backend, Span[] s);
  }

  /** An operand of a type of its own, given as what it is rounded from. */
  public record Rounded(DType dtype, float[] values) {}

  private static final byte GUARD = 0x5a;
  private static final Backend REFERENCE = new ReferenceBackend();

  private final DType dtype;
  private final int margin;
  private final Backend[] backends;

  /**
   * A comparison.
   *
   * @param dtype what {@code float[]} operands are rounded to
   * @param margin elements before and behind each operand, which choose how it is aligned
   */
  public KernelParity(DType dtype, int margin, Backend... backends) {
    this.dtype = dtype;
    this.margin = margin;
    this.backends = backends;
  }

  /**
   * Compares.
   *
   * @param what said in failures
   * @param operands {@code float[]} for the type of this comparison, {@link Rounded} for another,
   *     {@code int[]} for I32, {@code byte[]} for U8, or null
   */
  public void check(String what, Tolerance tolerance, Call call, Object... operands) {
    byte[][] expected = run(REFERENCE, call, operands);
    byte[][] first = run(backends[0], call, operands);
    for (Backend backend : backends) {
      assertSame(what + ": two backends differ", first, run(backend, call, operands));
    }
    for (int i = 0; i < operands.length; i++) {
      String operand = what + " in " + dtype + ", operand " + i;
      if (operands[i] instanceof float[] || operands[i] instanceof Rounded) {
        assertNear(operand, tolerance, type(operands[i]), expected[i], first[i]);
      } else {
        assertArrayEquals(expected[i], first[i], operand);
      }
    }
  }

  private static void assertSame(String what, byte[][] expected, byte[][] actual) {
    for (int i = 0; i < expected.length; i++) {
      assertArrayEquals(expected[i], actual[i], what + ", operand " + i);
    }
  }

  /** {@code length} numbers, normal with deviation 1. */
  public static float[] normal(int length, long seed) {
    var random = new Random(seed);
    var values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** Normal numbers of variance 1/terms, so that a sum of that many products has about size 1. */
  public static float[] normalOver(int terms, int length, long seed) {
    float[] values = normal(length, seed);
    for (int i = 0; i < length; i++) {
      values[i] /= (float) Math.sqrt(Math.max(1, terms));
    }
    return values;
  }

  private byte[][] run(Backend backend, Call call, Object[] operands) {
    var spans = new Span[operands.length];
    for (int i = 0; i < operands.length; i++) {
      spans[i] = span(backend, operands[i]);
    }
    call.on(backend, spans);
    var results = new byte[operands.length][];
    for (int i = 0; i < operands.length; i++) {
      if (spans[i] != null) {
        results[i] = take(backend, spans[i]);
      }
    }
    return results;
  }

  private Span span(Backend backend, Object operand) {
    if (operand == null) {
      return null;
    }
    MemorySegment values =
        switch (operand) {
          case float[] floats -> bits(floats, dtype);
          case Rounded rounded -> bits(rounded.values(), rounded.dtype());
          case int[] ints -> MemorySegment.ofArray(ints);
          case byte[] bytes -> MemorySegment.ofArray(bytes);
          default -> throw new IllegalArgumentException("no operand: " + operand);
        };
    DType type = type(operand);
    var guarded = new byte[Math.toIntExact(values.byteSize()) + 2 * margin * type.byteSize()];
    Arrays.fill(guarded, GUARD);
    int from = margin * type.byteSize();
    MemorySegment.copy(values, 0, MemorySegment.ofArray(guarded), from, values.byteSize());
    var buffer = backend.allocate(guarded.length);
    backend.upload(MemorySegment.ofArray(guarded), new Span(buffer, DType.U8, 0, guarded.length));
    return new Span(buffer, type, margin, values.byteSize() / type.byteSize());
  }

  private DType type(Object operand) {
    return switch (operand) {
      case int[] _ -> DType.I32;
      case byte[] _ -> DType.U8;
      case Rounded rounded -> rounded.dtype();
      default -> dtype;
    };
  }

  /** The numbers in {@code dtype}, rounded by the reference. */
  private static MemorySegment bits(float[] values, DType dtype) {
    var from = new Span(REFERENCE.allocate(4L * values.length), DType.F32, 0, values.length);
    REFERENCE.upload(MemorySegment.ofArray(values), from);
    long bytes = (long) values.length * dtype.byteSize();
    var to = new Span(REFERENCE.allocate(bytes), dtype, 0, values.length);
    Layout layout = Layout.contiguous(Shape.of(values.length));
    REFERENCE.copy().copy(from, layout, to, layout);
    var result = MemorySegment.ofArray(new byte[Math.toIntExact(bytes)]);
    REFERENCE.download(to, result);
    from.buffer().free("test");
    to.buffer().free("test");
    return result;
  }

  /** The bytes of {@code span}, which is freed; checks what surrounds it. */
  private static byte[] take(Backend backend, Span span) {
    long size = span.byteSize() + 2 * span.byteOffset();
    var all = new byte[Math.toIntExact(size)];
    backend.download(new Span(span.buffer(), DType.U8, 0, size), MemorySegment.ofArray(all));
    span.buffer().free("test");
    int from = Math.toIntExact(span.byteOffset());
    int to = all.length - from;
    for (int i = 0; i < all.length; i++) {
      assertTrue(i >= from && i < to || all[i] == GUARD, "wrote beside its span");
    }
    return Arrays.copyOfRange(all, from, to);
  }

  private static void assertNear(
      String what, Tolerance tolerance, DType dtype, byte[] expected, byte[] actual) {
    for (int i = 0; i < expected.length / dtype.byteSize(); i++) {
      double x = value(expected, dtype, i);
      double y = value(actual, dtype, i);
      if (!tolerance.accepts(x, y)) {
        throw new AssertionError(
            "%s, element %d: reference %s, backend %s, %s".formatted(what, i, x, y, tolerance));
      }
    }
  }

  private static double value(byte[] bytes, DType dtype, int index) {
    MemorySegment all = MemorySegment.ofArray(bytes);
    return switch (dtype) {
      case F32 -> all.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, index);
      case F16 -> Float.float16ToFloat(all.getAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, index));
      case BF16 -> DType.fromBFloat16(all.getAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, index));
      default -> throw new IllegalArgumentException(dtype + " is not compared here");
    };
  }
}
