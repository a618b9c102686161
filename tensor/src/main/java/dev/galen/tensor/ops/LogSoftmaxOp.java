package dev.galen.tensor.ops;

import dev.galen.tensor.Autocast;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;

/** {@code y = x - ln sum e^x} along the last dimension; {@code dX = dY - e^y sum(dY)}. */
public final class LogSoftmaxOp {
  private LogSoftmaxOp() {}

  /** The logarithm of softmax of {@code [..., n]} along n. */
  public static Tensor apply(Tensor input) {
    Checks.requireRows("logSoftmax", input, "[..., n]");
    Tensor x = Autocast.widen(input).contiguous();
    int rows = x.shape().rows();
    int cols = x.dim(-1);
    Tensor y = Tensors.emptyLike(x);
    x.backend().reduce().logSoftmax(x.contiguousSpan(), y.span(), rows, cols);
    return Autograd.record(
        "logSoftmax",
        y,
        (dOutput, gradients) -> {
          Tensor dY = dOutput.contiguous();
          Tensor dX = Tensors.emptyLike(x);
          x.backend()
              .reduce()
              .logSoftmaxBackward(y.contiguousSpan(), dY.contiguousSpan(), dX.span(), rows, cols);
          gradients.add(x, dX);
        },
        x);
  }
}
