package dev.galen.tensor.ops;

import dev.galen.tensor.Autocast;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;

/**
 * {@code y = x / sqrt(mean(x^2) + epsilon) weight} along the last dimension (Zhang and Sennrich
 * 2019, arXiv 1910.07467); the gradients stand at {@link
 * dev.galen.tensor.backend.NormKernels#rmsNormBackward}.
 */
public final class RmsNormOp {
  private RmsNormOp() {}

  /**
   * @param input {@code [..., n]}
   * @param weight {@code [n]}
   * @param epsilon added to the mean square
   */
  public static Tensor apply(Tensor input, Tensor weight, double epsilon) {
    Checks.requireRows("rmsNorm", input, "[..., n]");
    Checks.require(
        weight.shape().equals(Shape.of(input.dim(-1))),
        "rmsNorm of %s with weight %s",
        input.shape(),
        weight.shape());
    Tensor x = Autocast.widen(input).contiguous();
    Tensor w = Autocast.widen(weight).contiguous();
    Checks.sameKind("rmsNorm", x, w);
    int rows = x.shape().rows();
    int cols = x.dim(-1);
    Tensor y = Tensors.emptyLike(x);
    Tensor rstd = Tensors.empty(x.backend(), x.dtype().statistics(), Shape.of(rows));
    x.backend()
        .norm()
        .rmsNorm(
            x.contiguousSpan(), w.contiguousSpan(), y.span(), rstd.span(), rows, cols, epsilon);
    return Autograd.record(
        "rmsNorm",
        y,
        (dOutput, gradients) -> {
          Tensor dX = Tensors.emptyLike(x);
          // The kernel computes both at once; a frozen weight's gradient is thrown away.
          Tensor dWeight =
              gradients.needs(w)
                  ? gradients.target(w).accumulator()
                  : Tensors.full(w.backend(), w.dtype(), w.shape(), 0);
          x.backend()
              .norm()
              .rmsNormBackward(
                  dOutput.contiguous().contiguousSpan(),
                  x.contiguousSpan(),
                  w.contiguousSpan(),
                  rstd.span(),
                  dX.span(),
                  dWeight.contiguousSpan(),
                  rows,
                  cols);
          gradients.add(x, dX);
        },
        x,
        w);
  }
}
