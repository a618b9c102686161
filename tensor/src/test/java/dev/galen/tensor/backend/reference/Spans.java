package dev.galen.tensor.backend.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.Buffer;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.memory.MemoryScope;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Spans for tests: made of values, and read back. */
final class Spans {
  static final ReferenceBackend BACKEND = new ReferenceBackend();

  /** What sums of a few dozen F64 products may differ by, in another order. */
  static final double F64_TOLERANCE = 1e-12;

  private Spans() {}

  static Span of(DType dtype, double... values) {
    Span span = filled(dtype, values.length, 0);
    Values.write(values, span);
    return span;
  }

  static Span f64(double... values) {
    return of(DType.F64, values);
  }

  static Span i32(double... values) {
    return of(DType.I32, values);
  }

  /** A span full of one value, so that a test sees what a kernel leaves alone. */
  static Span filled(DType dtype, int length, double value) {
    Buffer buffer = BACKEND.allocate((long) length * dtype.byteSize());
    MemoryScope.adopt(buffer);
    var span = new Span(buffer, dtype, 0, length);
    BACKEND.copy().fill(span, value);
    return span;
  }

  /** An output nobody has written yet: full of NaN. */
  static Span fresh(int length) {
    return filled(DType.F64, length, Double.NaN);
  }

  static double[] random(int length, long seed) {
    return new SplittableRandom(seed).doubles(length, -2, 2).toArray();
  }

  static void assertValues(Span actual, double... expected) {
    assertClose(expected, Values.read(actual), 0);
  }

  static void assertClose(double[] expected, Span actual) {
    assertClose(expected, Values.read(actual), F64_TOLERANCE);
  }

  static void assertClose(double[] expected, double[] actual, double tolerance) {
    assertEquals(expected.length, actual.length, "length");
    for (int i = 0; i < expected.length; i++) {
      double allowed = tolerance * Math.max(1, Math.abs(expected[i]));
      if (Double.compare(expected[i], actual[i]) != 0
          && !(Math.abs(expected[i] - actual[i]) <= allowed)) {
        throw new AssertionError(
            "element %d: expected %s, got %s (of %s)"
                .formatted(i, expected[i], actual[i], Arrays.toString(actual)));
      }
    }
  }
}
