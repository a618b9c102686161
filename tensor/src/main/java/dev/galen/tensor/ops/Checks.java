package dev.galen.tensor.ops;

import dev.galen.tensor.Tensor;
import java.util.Arrays;

/** What operations require of their operands, with messages that carry the shapes. */
final class Checks {
  private Checks() {}

  static void sameKind(String op, Tensor a, Tensor b) {
    if (a.dtype() != b.dtype()) {
      throw new IllegalArgumentException(
          op + " of " + a.dtype() + " and " + b.dtype() + "; convert one with to(DType)");
    }
    sameBackend(op, a, b);
  }

  static void sameBackend(String op, Tensor a, Tensor b) {
    if (a.backend() != b.backend()) {
      throw new IllegalArgumentException(
          "%s of tensors on %s and %s; move one with to(Device)"
              .formatted(op, a.backend().name(), b.backend().name()));
    }
  }

  /** That {@code x} has a last dimension to go along. */
  static void requireRows(String op, Tensor x, String expected) {
    if (x.shape().rank() == 0) {
      throw new IllegalArgumentException(
          "%s needs %s, got the scalar %s".formatted(op, expected, x.describe()));
    }
  }

  /** A tensor among {@code values} is described, its elements are not shown. */
  static void require(boolean holds, String message, Object... values) {
    if (!holds) {
      Object[] shown =
          Arrays.stream(values)
              .map(value -> value instanceof Tensor tensor ? tensor.describe() : value)
              .toArray();
      throw new IllegalArgumentException(message.formatted(shown));
    }
  }
}
