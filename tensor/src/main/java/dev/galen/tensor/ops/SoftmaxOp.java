package dev.galen.tensor.ops;

import dev.galen.tensor.Autocast;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;

/** {@code y = e^x / sum e^x} along the last dimension; {@code dX = y (dY - sum(dY y))}. */
public final class SoftmaxOp {
  private SoftmaxOp() {}

  /** Softmax of {@code [..., n]} along n. */
  public static Tensor apply(Tensor input) {
    Checks.requireRows("softmax", input, "[..., n]");
    Tensor x = Autocast.widen(input).contiguous();
    int rows = x.shape().rows();
    int cols = x.dim(-1);
    Tensor y = Tensors.emptyLike(x);
    x.backend().reduce().softmax(x.contiguousSpan(), y.span(), rows, cols);
    return Autograd.record(
        "softmax",
        y,
        (dOutput, gradients) -> {
          Tensor dY = dOutput.contiguous();
          Tensor dX = Tensors.emptyLike(x);
          x.backend()
              .reduce()
              .softmaxBackward(y.contiguousSpan(), dY.contiguousSpan(), dX.span(), rows, cols);
          gradients.add(x, dX);
        },
        x);
  }
}
