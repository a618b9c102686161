package dev.galen.tensor.ops;

import dev.galen.tensor.Autocast;
import dev.galen.tensor.Autocast.Operand;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Gradients;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;

/**
 * A product with an update of low rank (Hu et al. 2021, arXiv 2106.09685), in one piece of memory:
 *
 * <pre>{@code
 * U = s Z A^T,   Y = X W + b + U B^T
 *
 * dU = s dY B,   dB += dY^T U,   dA += dU^T Z
 * dX = dY W^T,   dZ = dU A,      dW += X^T dY,   db += sum_rows dY
 * }</pre>
 *
 * Z is X, or X after dropout. It gives what three {@link LinearOp}s give, and keeps {@code [rows,
 * rank]} more than the first of them: the update is added to Y where it lies, and s to U alone. A
 * frozen W or b costs no gradient.
 */
public final class LowRankLinearOp {
  private LowRankLinearOp() {}

  /**
   * @param input X, {@code [..., in]}
   * @param low Z, as X
   * @param weight {@code [in, out]}, or {@code [out, in]} if {@code outputFirst}
   * @param bias {@code [out]} or null
   * @param down A, {@code [rank, in]}
   * @param up B, {@code [out, rank]}
   * @param scale s
   * @return {@code [..., out]}
   */
  public static Tensor apply(
      Tensor input,
      Tensor low,
      Tensor weight,
      Tensor bias,
      boolean outputFirst,
      Tensor down,
      Tensor up,
      double scale) {
    Checks.require(
        input.shape().rank() >= 1
            && low.shape().equals(input.shape())
            && Projection.fits(input.dim(-1), weight, bias, outputFirst)
            && Projection.fits(input.dim(-1), down, null, true)
            && up.shape().equals(Shape.of(weight.dim(outputFirst ? 0 : 1), down.dim(0))),
        "lowRankLinear of inputs %s and %s with weight %s (%s), bias %s, down %s and up %s",
        input.shape(),
        low.shape(),
        weight.shape(),
        outputFirst ? "[out, in]" : "[in, out]",
        bias == null ? "none" : bias.shape(),
        down.shape(),
        up.shape());
    Operand x = Autocast.operand(input);
    Operand z = low == input ? x : Autocast.operand(low);
    Checks.sameKind("lowRankLinear", x.value(), z.value());
    return new Call(
            x,
            z,
            Projection.of("lowRankLinear", x.value(), weight, bias, outputFirst),
            Projection.of("lowRankLinear", x.value(), down, null, true),
            Projection.of("lowRankLinear", x.value(), up, null, true),
            scale)
        .run();
  }

  /** One call. */
  private record Call(
      Operand input, Operand low, Projection base, Projection down, Projection up, double scale) {
    Tensor run() {
      Tensor y = product(input.value(), base);
      Tensor u = scaled(product(low.value(), down));
      add(u, up, y);
      boolean isDifferentiated =
          Autograd.tracks(
              input.source(),
              low.source(),
              base.weightSource(),
              base.biasSource(),
              down.weightSource(),
              up.weightSource());
      if (!isDifferentiated) {
        u.free();
        return y;
      }
      return Autograd.record(
          "lowRankLinear",
          y,
          (dOutput, gradients) -> backward(u, dOutput.contiguous(), gradients),
          input.source(),
          low.source(),
          base.weightSource(),
          base.biasSource(),
          down.weightSource(),
          up.weightSource());
    }

    private static Tensor product(Tensor x, Projection projection) {
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
      return y;
    }

    /** {@code y += u W}. */
    private static void add(Tensor u, Projection projection, Tensor y) {
      u.backend()
          .matmul()
          .matmul(
              projection.forward(u.shape()),
              u.contiguousSpan(),
              projection.weightSpan(),
              null,
              y.span(),
              true);
    }

    private Tensor scaled(Tensor u) {
      if (scale == 1) {
        return u;
      }
      try (var off = Autograd.noGrad()) {
        Tensor scaled = u.mul(scale);
        u.free();
        return scaled;
      }
    }

    private void backward(Tensor u, Tensor dY, Gradients gradients) {
      base.addInputGradient(input, dY, gradients);
      base.addGradients(input.value(), dY, gradients);
      up.addWeightGradient(u, dY, gradients);
      if (gradients.needs(down.weightSource()) || gradients.needs(low.source())) {
        Tensor dU = Tensors.empty(dY.backend(), dY.dtype(), dY.shape().withDim(-1, down.out()));
        dY.backend()
            .matmul()
            .matmul(
                up.backward(dY.shape().rows()),
                dY.contiguousSpan(),
                up.weightSpan(),
                null,
                dU.span(),
                false);
        Tensor scaled = scaled(dU);
        down.addWeightGradient(low.value(), scaled, gradients);
        down.addInputGradient(low, scaled, gradients);
        scaled.free();
      }
    }
  }
}
