package dev.galen.tensor.ops;

import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.autograd.Autograd;
import dev.galen.tensor.autograd.Gradients;

/**
 * {@code y = (x - mean(x)) / sqrt(var(x) + epsilon) weight + bias} along the last dimension (Ba,
 * Kiros and Hinton 2016, arXiv 1607.06450); the gradients stand at {@link
 * dev.galen.tensor.backend.NormKernels#layerNormBackward}.
 */
public final class LayerNormOp {
  private LayerNormOp() {}

  /**
   * @param input {@code [..., n]}
   * @param weight {@code [n]}
   * @param bias {@code [n]}
   * @param epsilon added to the variance
   */
  public static Tensor apply(Tensor input, Tensor weight, Tensor bias, double epsilon) {
    Checks.sameKind("layerNorm", input, weight);
    Tensor x = input.contiguous();
    int rows = x.shape().rows();
    int cols = x.dim(-1);
    Checks.require(
        weight.shape().equals(Shape.of(cols)) && bias.shape().equals(Shape.of(cols)),
        "layerNorm of %s with weight %s and bias %s",
        x.shape(),
        weight.shape(),
        bias.shape());
    Tensor y = Tensors.emptyLike(x);
    Tensor mean = Tensors.empty(x.backend(), x.dtype().statistics(), Shape.of(rows));
    Tensor rstd = Tensors.emptyLike(mean);
    x.backend()
        .norm()
        .layerNorm(
            x.contiguousSpan(),
            weight.contiguousSpan(),
            bias.contiguousSpan(),
            y.span(),
            mean.span(),
            rstd.span(),
            rows,
            cols,
            epsilon);
    return Autograd.record(
        "layerNorm",
        y,
        (dOutput, gradients) -> {
          Tensor dX = Tensors.emptyLike(x);
          // The kernel computes all three at once; a frozen parameter's share is thrown away.
          Tensor dWeight = accumulator(gradients, weight);
          Tensor dBias = accumulator(gradients, bias);
          x.backend()
              .norm()
              .layerNormBackward(
                  dOutput.contiguous().contiguousSpan(),
                  x.contiguousSpan(),
                  weight.contiguousSpan(),
                  mean.span(),
                  rstd.span(),
                  dX.span(),
                  dWeight.contiguousSpan(),
                  dBias.contiguousSpan(),
                  rows,
                  cols);
          gradients.add(x, dX);
        },
        x,
        weight,
        bias);
  }

  private static Tensor accumulator(Gradients gradients, Tensor parameter) {
    return gradients.needs(parameter)
        ? gradients.target(parameter).accumulator()
        : Tensors.full(parameter.backend(), parameter.dtype(), parameter.shape(), 0);
  }
}
