package dev.galen.tensor.ops;

import dev.galen.tensor.Autograd;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.random.Philox;

/**
 * {@code y = x mask / (1 - p)} (Srivastava et al. 2014); the mask is drawn again in the backward
 * pass instead of being kept.
 */
public final class DropoutOp {
  private DropoutOp() {}

  /** Drops each element with probability {@code p}; draws from {@code random}. */
  public static Tensor apply(Tensor input, double p, Philox random) {
    Checks.require(p >= 0 && p < 1, "dropout probability %s is not in [0, 1)", p);
    if (p == 0) {
      return input;
    }
    Tensor x = input.contiguous();
    Tensor y = Tensors.emptyLike(x);
    long seed = random.seed();
    long offset = random.reserve(x.shape().size());
    x.backend().random().dropout(x.contiguousSpan(), y.span(), p, seed, offset);
    return Autograd.record(
        "dropout",
        y,
        (dY, gradients) -> {
          Tensor dX = Tensors.emptyLike(x);
          x.backend()
              .random()
              .dropout(dY.contiguous().contiguousSpan(), dX.span(), p, seed, offset);
          gradients.add(x, dX);
        },
        x);
  }
}
