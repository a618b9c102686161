package dev.galen.tensor.ops;

import dev.galen.tensor.Autograd;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;

/** A view repeated by stride 0; the gradient is summed over what was repeated. */
public final class ExpandOp {
  private ExpandOp() {}

  /** {@code x} repeated to {@code target} by NumPy's rule. */
  public static Tensor apply(Tensor x, Shape target) {
    Tensor y = new Tensor(x.span(), x.layout().expand(target));
    return Autograd.record(
        "expand", y, (dY, gradients) -> gradients.add(x, ReduceOp.sumTo(dY, x.shape())), x);
  }
}
