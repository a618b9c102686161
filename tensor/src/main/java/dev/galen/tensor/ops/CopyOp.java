package dev.galen.tensor.ops;

import dev.galen.tensor.Autograd;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;

/** A contiguous copy; {@code dX = dY}. */
public final class CopyOp {
  private CopyOp() {}

  /** The same values without gaps. */
  public static Tensor apply(Tensor x) {
    Tensor y = Tensors.emptyLike(x);
    x.backend().copy().copy(x.span(), x.layout(), y.span(), y.layout());
    return Autograd.record("copy", y, (dY, gradients) -> gradients.add(x, dY), x);
  }
}
