package dev.galen.tensor.ops;

import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.autograd.Autocast;
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
    Tensor x = Autocast.widen(input).contiguous();
    Tensor w = Autocast.widen(weight).contiguous();
    Tensor b = Autocast.widen(bias).contiguous();
    Checks.sameKind("layerNorm", x, w);
    Checks.sameKind("layerNorm", x, b);
    Shape last = Shape.of(input.dim(-1));
    Checks.require(
        weight.shape().equals(last) && bias.shape().equals(last),
        "layerNorm of %s with weight %s and bias %s",
        input.shape(),
        weight.shape(),
        bias.shape());
    return normalise(x, w, b, epsilon);
  }

  private static Tensor normalise(Tensor x, Tensor weight, Tensor bias, double epsilon) {
    int rows = x.shape().rows();
    int cols = x.dim(-1);
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
          // The kernel computes all three at once; a frozen parameter's share is thrown away, and
          // one tensor in both places gets its second share apart: outputs must not overlap.
          boolean shared = weight == bias;
          Tensor dWeight = accumulator(gradients, weight);
          Tensor dBias = shared ? zeros(bias) : accumulator(gradients, bias);
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
          if (shared) {
            gradients.add(bias, dBias);
          }
        },
        x,
        weight,
        bias);
  }

  private static Tensor accumulator(Gradients gradients, Tensor parameter) {
    return gradients.needs(parameter)
        ? gradients.target(parameter).accumulator()
        : zeros(parameter);
  }

  private static Tensor zeros(Tensor like) {
    return Tensors.full(like.backend(), like.dtype(), like.shape(), 0);
  }
}
