package dev.galen.tensor.ops;

import dev.galen.tensor.Autocast;
import dev.galen.tensor.Autocast.Operand;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Gradients;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.Unary;

/**
 * The gated feed-forward part of a transformer block (Shazeer 2020, arXiv 2002.05202): SwiGLU with
 * {@link Unary#SILU}, GEGLU with a {@code GELU}. X is {@code [rows, in]}:
 *
 * <pre>{@code
 * G = X Wg,  U = X Wu,  H = f(G) U,  Y = H Wd
 *
 * dWd += H^T dY,   dH = dY Wd^T,   dG = dH U f'(G),   dU = dH f(G)
 * dX   = dG Wg^T + dU Wu^T,   dWg += X^T dG,   dWu += X^T dU
 * }</pre>
 *
 * It gives what three {@link LinearOp}s around a {@link GatedOp} give, and keeps G and U alone: H
 * is computed again where dH becomes dG and dU, in their memory, so that the backward pass needs
 * {@code rows * inner} elements and no more. No biases.
 */
public final class GatedFeedForwardOp {
  private GatedFeedForwardOp() {}

  /**
   * With weights of their own.
   *
   * @param input {@code [..., in]}
   * @param gate {@code [in, inner]}, or {@code [inner, in]} if {@code outputFirst}
   * @param up as gate
   * @param down {@code [inner, out]}, or {@code [out, inner]} if {@code outputFirst}
   * @return {@code [..., out]}
   */
  public static Tensor apply(
      Tensor input, Tensor gate, Tensor up, Unary f, Tensor down, boolean outputFirst) {
    Checks.require(
        input.shape().rank() >= 1
            && Projection.fits(input.dim(-1), gate, null, outputFirst)
            && gate.shape().equals(up.shape())
            && Projection.fits(gate.dim(outputFirst ? 0 : 1), down, null, outputFirst),
        "gatedFeedForward of input %s with weights %s, %s and %s (%s)",
        input.shape(),
        gate.shape(),
        up.shape(),
        down.shape(),
        outputFirst ? "[out, in]" : "[in, out]");
    Operand x = Autocast.operand(input);
    return new Call(
            x,
            projection(x, gate, outputFirst),
            projection(x, up, outputFirst),
            f,
            projection(x, down, outputFirst))
        .run();
  }

  /**
   * With gate and up in one weight, whose product is one.
   *
   * @param gateUp {@code [in, 2 inner]}, or {@code [2 inner, in]} if {@code outputFirst}: the
   *     outputs of gate, then those of up
   */
  public static Tensor packed(
      Tensor input, Tensor gateUp, Unary f, Tensor down, boolean outputFirst) {
    int both = gateUp.shape().rank() == 2 ? gateUp.dim(outputFirst ? 0 : 1) : 1;
    Checks.require(
        input.shape().rank() >= 1
            && Projection.fits(input.dim(-1), gateUp, null, outputFirst)
            && both % 2 == 0
            && Projection.fits(both / 2, down, null, outputFirst),
        "gatedFeedForward of input %s with weights %s of gate and up, and %s (%s)",
        input.shape(),
        gateUp.shape(),
        down.shape(),
        outputFirst ? "[out, in]" : "[in, out]");
    Operand x = Autocast.operand(input);
    return new Call(
            x, projection(x, gateUp, outputFirst), null, f, projection(x, down, outputFirst))
        .run();
  }

  private static Projection projection(Operand x, Tensor weight, boolean outputFirst) {
    return Projection.of("gatedFeedForward", x.value(), weight, null, outputFirst);
  }

  /**
   * One call.
   *
   * @param gate Wg, or both Wg and Wu
   * @param up Wu, or null where it is part of the first
   */
  private record Call(Operand input, Projection gate, Projection up, Unary f, Projection down) {
    Tensor run() {
      Tensor x = input.value();
      Tensor g = product(x, gate);
      Tensor u = up == null ? null : product(x, up);
      boolean isDifferentiated =
          Autograd.tracks(
              input.source(),
              gate.weightSource(),
              up == null ? null : up.weightSource(),
              down.weightSource());
      // Where nothing needs G later, H takes its memory, unless U lies between its rows.
      Tensor h = isDifferentiated || up == null ? empty(x, down.in()) : g;
      int rows = x.shape().rows();
      x.backend()
          .pointwise()
          .gated(f, g.contiguousSpan(), ups(g, u), h.contiguousSpan(), rows, down.in(), stride());
      Tensor y = product(h, down);
      h.free();
      if (!isDifferentiated) {
        (u == null ? g : u).free();
      }
      return Autograd.record(
          "gatedFeedForward",
          y,
          (dY, gradients) -> backward(g, u, dY.contiguous(), gradients),
          input.source(),
          gate.weightSource(),
          up == null ? null : up.weightSource(),
          down.weightSource());
    }

    private static Tensor empty(Tensor x, int channels) {
      return Tensors.empty(x.backend(), x.dtype(), x.shape().withDim(-1, channels));
    }

    private static Tensor product(Tensor x, Projection projection) {
      Tensor y = empty(x, projection.out());
      x.backend()
          .matmul()
          .matmul(
              projection.forward(x.shape()),
              x.contiguousSpan(),
              projection.weightSpan(),
              null,
              y.span(),
              false);
      return y;
    }

    /** Elements between rows of G, and of U. */
    private int stride() {
      return gate.out();
    }

    /** U: a tensor, or what lies beside G. */
    private Span ups(Tensor g, Tensor u) {
      if (u != null) {
        return u.contiguousSpan();
      }
      Span both = g.contiguousSpan();
      long from = Math.min(down.in(), both.length());
      return both.slice(from, both.length() - from);
    }

    /** Leaves dG, dU and H where G, U and dH were. */
    private void backward(Tensor g, Tensor u, Tensor dY, Gradients gradients) {
      int rows = dY.shape().rows();
      Tensor dH = empty(dY, down.in());
      dY.backend()
          .matmul()
          .matmul(
              down.backward(rows), dY.contiguousSpan(), down.weightSpan(), null, dH.span(), false);
      boolean needsH = gradients.needs(down.weightSource());
      dY.backend()
          .pointwise()
          .gatedBackward(
              f,
              g.contiguousSpan(),
              ups(g, u),
              dH.span(),
              g.contiguousSpan(),
              ups(g, u),
              needsH ? dH.span() : null,
              rows,
              down.in(),
              stride());
      down.addWeightGradient(dH, dY, gradients);
      dH.free();
      gate.addInputGradient(input, g, gradients);
      gate.addWeightGradient(input.value(), g, gradients);
      if (u != null) {
        up.addInputGradient(input, u, gradients);
        up.addWeightGradient(input.value(), u, gradients);
      }
    }
  }
}
