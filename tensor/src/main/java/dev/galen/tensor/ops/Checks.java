package dev.galen.tensor.ops;

import dev.galen.tensor.Tensor;

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

  static void require(boolean holds, String message, Object... values) {
    if (!holds) {
      throw new IllegalArgumentException(message.formatted(values));
    }
  }
}
