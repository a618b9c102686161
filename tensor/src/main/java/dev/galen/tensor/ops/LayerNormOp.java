package dev.galen.tensor.ops;

import dev.galen.tensor.Autocast;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Gradients;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Binary;

/**
 * {@code y = (x - mean(x)) / sqrt(var(x) + epsilon) weight + bias} along the last dimension (Ba,
 * Kiros and Hinton 2016, arXiv 1607.06450); the gradients stand at {@link
 * dev.galen.tensor.backend.NormKernels#layerNormBackward}.
 */
public final class LayerNormOp {
  /**
   * What {@link #residual} computes.
   *
   * @param sum {@code x + residual}
   * @param output the sum normalised
   */
  public record Residual(Tensor sum, Tensor output) {}

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
    requireShapes(input, weight, bias);
    Tensor y = Tensors.emptyLike(x);
    Tensor mean = statistics(x);
    Tensor rstd = statistics(x);
    x.backend()
        .norm()
        .layerNorm(
            x.contiguousSpan(),
            w.contiguousSpan(),
            b.contiguousSpan(),
            y.span(),
            mean.span(),
            rstd.span(),
            x.shape().rows(),
            x.dim(-1),
            epsilon);
    return record(x, w, b, y, mean, rstd);
  }

  /**
   * {@code x + residual} and its normalisation. Types, bits and gradients are those of an addition
   * and {@link #apply} one after the other; one kernel computes both, except where {@link Autocast}
   * widens the sum between them.
   *
   * @param x {@code [..., n]}
   * @param residual as x
   * @param weight {@code [n]}
   * @param bias {@code [n]}
   * @param epsilon added to the variance
   */
  public static Residual residual(
      Tensor x, Tensor residual, Tensor weight, Tensor bias, double epsilon) {
    Checks.require(
        x.shape().equals(residual.shape()),
        "layerNorm of a sum of %s and %s",
        x.shape(),
        residual.shape());
    requireShapes(x, weight, bias);
    Tensor[] terms = Autocast.promote(x, residual);
    Tensor w = Autocast.widen(weight).contiguous();
    Tensor b = Autocast.widen(bias).contiguous();
    Checks.sameKind("add", terms[0], terms[1]);
    if (w.dtype() != terms[0].dtype()) {
      Tensor sum = BinaryOp.apply(Binary.ADD, terms[0], terms[1]);
      return new Residual(sum, apply(sum, w, b, epsilon));
    }
    return fused(terms[0].contiguous(), terms[1].contiguous(), w, b, epsilon);
  }

  private static Residual fused(
      Tensor x, Tensor residual, Tensor weight, Tensor bias, double epsilon) {
    Checks.sameKind("layerNorm", x, weight);
    Checks.sameKind("layerNorm", x, bias);
    Tensor sum = Tensors.emptyLike(x);
    Tensor y = Tensors.emptyLike(x);
    Tensor mean = statistics(x);
    Tensor rstd = statistics(x);
    x.backend()
        .norm()
        .residualLayerNorm(
            x.contiguousSpan(),
            residual.contiguousSpan(),
            sum.span(),
            weight.contiguousSpan(),
            bias.contiguousSpan(),
            y.span(),
            mean.span(),
            rstd.span(),
            x.shape().rows(),
            x.dim(-1),
            epsilon);
    Autograd.record("add", sum, BinaryOp.addition(x, residual), x, residual);
    return new Residual(sum, record(sum, weight, bias, y, mean, rstd));
  }

  private static void requireShapes(Tensor input, Tensor weight, Tensor bias) {
    Checks.requireRows("layerNorm", input, "[..., n]");
    Shape last = Shape.of(input.dim(-1));
    Checks.require(
        weight.shape().equals(last) && bias.shape().equals(last),
        "layerNorm of %s with weight %s and bias %s",
        input.shape(),
        weight.shape(),
        bias.shape());
  }

  /** A number for each row of {@code x}. */
  private static Tensor statistics(Tensor x) {
    return Tensors.empty(x.backend(), x.dtype().statistics(), Shape.of(x.shape().rows()));
  }

  private static Tensor record(
      Tensor x, Tensor weight, Tensor bias, Tensor y, Tensor mean, Tensor rstd) {
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
                  x.shape().rows(),
                  x.dim(-1));
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
