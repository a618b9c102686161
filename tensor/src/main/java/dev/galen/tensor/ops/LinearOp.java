package dev.galen.tensor.ops;

import dev.galen.tensor.Autocast;
import dev.galen.tensor.Autocast.Operand;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;

/**
 * {@code Y = X W + b}, with {@code dX = dY W^T}, {@code dW += X^T dY}, {@code db += sum_rows dY}.
 * Weights lie {@code [in, out]} as in GPT-2's files, or {@code [out, in]} as in PyTorch's Linear.
 * The gradients of weight and bias come from one kernel and go straight into the parameters' own
 * memory, in F32 even where {@link Autocast} rounds the operands.
 */
public final class LinearOp {
  private LinearOp() {}

  /**
   * @param input {@code [..., in]}
   * @param weight {@code [in, out]}, or {@code [out, in]} if {@code outputFirst}
   * @param bias {@code [out]} or null
   * @return {@code [..., out]}
   */
  public static Tensor apply(Tensor input, Tensor weight, Tensor bias, boolean outputFirst) {
    Checks.require(
        input.shape().rank() >= 1 && Projection.fits(input.dim(-1), weight, bias, outputFirst),
        "linear of input %s with weight %s (%s) and bias %s",
        input.shape(),
        weight.shape(),
        outputFirst ? "[out, in]" : "[in, out]",
        bias == null ? "none" : bias.shape());
    Operand operand = Autocast.operand(input);
    Tensor x = operand.value();
    Projection projection = Projection.of("linear", x, weight, bias, outputFirst);
    Tensor y = Tensors.empty(x.backend(), x.dtype(), x.shape().withDim(-1, projection.out()));
    x.backend()
        .matmul()
        .matmul(
            projection.forward(x.shape()),
            x.contiguousSpan(),
            projection.weightSpan(),
            projection.biasSpan(),
            y.span(),
            false);
    return Autograd.record(
        "linear",
        y,
        (dOutput, gradients) -> {
          Tensor dY = dOutput.contiguous();
          projection.addInputGradient(operand, dY, gradients);
          projection.addGradients(x, dY, gradients);
        },
        operand.source(),
        projection.weightSource(),
        projection.biasSource());
  }
}
