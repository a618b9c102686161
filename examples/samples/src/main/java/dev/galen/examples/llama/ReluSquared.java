package dev.galen.examples.llama;

import dev.galen.tensor.Autograd;
import dev.galen.tensor.Tensor;

/** {@code y = max(x, 0)^2} (So et al. 2021, arXiv 2109.08668), as an operation of its own. */
final class ReluSquared {
  private ReluSquared() {}

  /** {@code [...]}, shape kept. */
  static Tensor apply(Tensor x) {
    Tensor positive;
    Tensor y;
    try (var off = Autograd.noGrad()) {
      positive = x.relu();
      y = positive.mul(positive);
    }
    return Autograd.record(
        "reluSquared",
        y,
        (dY, gradients) -> gradients.add(x, dY.mul(positive).mul(2)), // dx = 2 max(x, 0) dy
        x);
  }
}
