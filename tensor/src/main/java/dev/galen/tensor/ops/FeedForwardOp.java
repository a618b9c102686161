package dev.galen.tensor.ops;

import dev.galen.tensor.Autocast;
import dev.galen.tensor.Autocast.Operand;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Gradients;
import dev.galen.tensor.Gradients.Target;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Epilogue;
import dev.galen.tensor.backend.MatmulShape;
import dev.galen.tensor.backend.Unary;

/**
 * The feed-forward part of a transformer block (Vaswani et al. 2017, arXiv 1706.03762, section
 * 3.3), with any f. X is {@code [rows, in]}:
 *
 * <pre>{@code
 * Z = X W1 + b1,  H = f(Z),  Y = H W2 + b2
 *
 * dW2 += H^T dY,            db2 += sum_rows dY
 * dZ   = (dY W2^T) f'(Z),   db1 += sum_rows dZ
 * dX   = dZ W1^T,           dW1 += X^T dZ
 * }</pre>
 *
 * It gives what two {@link LinearOp}s around a {@link UnaryOp} give, in fewer passes: f is computed
 * where the first product is, f' where its gradient is, and neither {@code dY W2^T} nor, where
 * nothing is differentiated, Z is kept. Under {@link Autocast} it rounds as they do, but f is
 * computed of Z and dZ of its product before these are rounded, where the backend can.
 */
public final class FeedForwardOp {
  private FeedForwardOp() {}

  /**
   * @param input {@code [..., in]}
   * @param weight1 {@code [in, inner]}, or {@code [inner, in]} if {@code outputFirst}
   * @param bias1 {@code [inner]} or null
   * @param weight2 {@code [inner, out]}, or {@code [out, inner]} if {@code outputFirst}
   * @param bias2 {@code [out]} or null
   * @return {@code [..., out]}
   */
  public static Tensor apply(
      Tensor input,
      Tensor weight1,
      Tensor bias1,
      Unary f,
      Tensor weight2,
      Tensor bias2,
      boolean outputFirst) {
    Checks.require(
        input.shape().rank() >= 1
            && Projection.fits(input.dim(-1), weight1, bias1, outputFirst)
            && Projection.fits(weight1.dim(outputFirst ? 0 : 1), weight2, bias2, outputFirst),
        "feedForward of input %s with weights %s and %s (%s) and biases %s and %s",
        input.shape(),
        weight1.shape(),
        weight2.shape(),
        outputFirst ? "[out, in]" : "[in, out]",
        bias1 == null ? "none" : bias1.shape(),
        bias2 == null ? "none" : bias2.shape());
    Operand x = Autocast.operand(input);
    return new Call(
            x,
            Projection.of("feedForward", x.value(), weight1, bias1, outputFirst),
            f,
            Projection.of("feedForward", x.value(), weight2, bias2, outputFirst))
        .run();
  }

  /** One call: X, (W1, b1), f and (W2, b2) as the kernels read them. */
  private record Call(Operand input, Projection first, Unary f, Projection second) {
    Tensor run() {
      Tensor x = input.value();
      Tensor h = empty(x, first.out());
      boolean isDifferentiated =
          Autograd.tracks(input.source(), first.weightSource(), first.biasSource());
      Tensor z = isDifferentiated ? empty(x, first.out()) : null;
      x.backend()
          .matmul()
          .matmul(
              first.forward(x.shape()),
              x.contiguousSpan(),
              first.weightSpan(),
              h.span(),
              false,
              new Epilogue.Activation(first.biasSpan(), f, z == null ? null : z.span()));
      Tensor y = empty(x, second.out());
      x.backend()
          .matmul()
          .matmul(
              second.forward(h.shape()),
              h.span(),
              second.weightSpan(),
              second.biasSpan(),
              y.span(),
              false);
      return Autograd.record(
          "feedForward",
          y,
          (dY, gradients) -> backward(z, h, dY.contiguous(), gradients),
          input.source(),
          first.weightSource(),
          first.biasSource(),
          second.weightSource(),
          second.biasSource());
    }

    private static Tensor empty(Tensor x, int channels) {
      return Tensors.empty(x.backend(), x.dtype(), x.shape().withDim(-1, channels));
    }

    private void backward(Tensor z, Tensor h, Tensor dY, Gradients gradients) {
      second.addGradients(h, dY, gradients);
      if (z != null) {
        Tensor dZ = activationBackward(z, h, dY, gradients);
        first.addInputGradient(input, dZ, gradients);
        first.addWeightGradient(input.value(), dZ, gradients);
        dZ.free();
      }
    }

    private Tensor activationBackward(Tensor z, Tensor h, Tensor dY, Gradients gradients) {
      Tensor dZ = Tensors.emptyLike(z);
      Target dBias = first.needsBias(gradients) ? gradients.target(first.biasSource()) : null;
      MatmulShape shape = second.backward(dY.shape().rows());
      dY.backend()
          .matmul()
          .matmul(
              shape,
              dY.contiguousSpan(),
              second.weightSpan(),
              dZ.span(),
              false,
              new Epilogue.ActivationBackward(
                  f,
                  z.span(),
                  h.span(),
                  dBias == null ? null : dBias.tensor().contiguousSpan(),
                  dBias != null && dBias.accumulate()));
      return dZ;
    }
  }
}
