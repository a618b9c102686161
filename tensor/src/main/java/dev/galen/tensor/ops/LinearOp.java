package dev.galen.tensor.ops;

import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.autograd.Autocast;
import dev.galen.tensor.autograd.Autocast.Operand;
import dev.galen.tensor.autograd.Autograd;
import dev.galen.tensor.autograd.Gradients;
import dev.galen.tensor.backend.MatmulKernels;
import dev.galen.tensor.backend.MatmulShape;

/**
 * {@code Y = X W + b}, with {@code dX = dY W^T}, {@code dW += X^T dY}, {@code db += sum_rows dY}.
 * Weights lie {@code [in, out]} as in GPT-2's files, or {@code [out, in]} as in PyTorch's Linear.
 * The gradients of weight and bias go straight into the parameters' own memory; that of a weight in
 * F32 even where {@link Autocast} rounds the operands.
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
        input.shape().rank() >= 1
            && weight.shape().rank() == 2
            && input.dim(-1) == weight.dim(outputFirst ? 1 : 0)
            && (bias == null || bias.shape().equals(Shape.of(weight.dim(outputFirst ? 0 : 1)))),
        "linear of input %s with weight %s (%s) and bias %s",
        input.shape(),
        weight.shape(),
        outputFirst ? "[out, in]" : "[in, out]",
        bias == null ? "none" : bias.shape());
    return affine(
        Autocast.operand(input),
        Autocast.operand(weight),
        bias == null ? null : Autocast.lower(bias).contiguous(),
        outputFirst);
  }

  private static Tensor affine(Operand input, Operand factor, Tensor bias, boolean outputFirst) {
    Tensor x = input.value();
    Tensor weight = factor.value();
    Checks.sameKind("linear", x, weight);
    if (bias != null) {
      Checks.sameKind("linear", x, bias);
    }
    boolean tf32 = Autocast.allowsTf32();
    int in = weight.dim(outputFirst ? 1 : 0);
    int out = weight.dim(outputFirst ? 0 : 1);
    int rows = x.shape().rows();
    Tensor y = Tensors.empty(x.backend(), x.dtype(), x.shape().withDim(-1, out));
    x.backend()
        .matmul()
        .matmul(
            MatmulShape.single(rows, out, in, false, outputFirst).withTf32(tf32),
            x.contiguousSpan(),
            weight.contiguousSpan(),
            bias == null ? null : bias.contiguousSpan(),
            y.span(),
            false);
    return Autograd.record(
        "linear",
        y,
        (dY, gradients) ->
            backward(input, factor, bias, outputFirst, tf32, dY.contiguous(), gradients),
        input.source(),
        factor.source(),
        bias);
  }

  private static void backward(
      Operand input,
      Operand factor,
      Tensor bias,
      boolean outputFirst,
      boolean tf32,
      Tensor dY,
      Gradients gradients) {
    Tensor x = input.value();
    Tensor weight = factor.value();
    int rows = x.shape().rows();
    int in = x.dim(-1);
    int out = dY.dim(-1);
    MatmulKernels kernels = x.backend().matmul();
    if (gradients.needs(input.source())) {
      var target = gradients.target(input.source());
      kernels.matmul(
          MatmulShape.single(rows, in, out, false, !outputFirst).withTf32(tf32),
          dY.contiguousSpan(),
          weight.contiguousSpan(),
          null,
          target.tensor().contiguousSpan(),
          target.accumulate());
    }
    if (gradients.needs(factor.source())) {
      var target = gradients.target(factor.source());
      Tensor first = outputFirst ? dY : x;
      Tensor second = outputFirst ? x : dY;
      kernels.matmul(
          MatmulShape.single(first.dim(-1), second.dim(-1), rows, true, false).withTf32(tf32),
          first.contiguousSpan(),
          second.contiguousSpan(),
          null,
          target.tensor().contiguousSpan(),
          target.accumulate());
    }
    if (bias != null && gradients.needs(bias)) {
      var target = gradients.target(bias);
      x.backend()
          .reduce()
          .columnSum(
              dY.contiguousSpan(),
              target.tensor().contiguousSpan(),
              rows,
              out,
              target.accumulate());
    }
  }
}
