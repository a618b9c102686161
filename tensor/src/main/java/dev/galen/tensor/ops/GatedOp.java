package dev.galen.tensor.ops;

import dev.galen.tensor.Autocast;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Gradients;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.Unary;

/**
 * {@code y = f(gate) up} (Shazeer 2020, arXiv 2002.05202): SwiGLU with {@link Unary#SILU}, GEGLU
 * with a {@code GELU}, in one pass; {@code dGate = dY up f'(gate)}, {@code dUp = dY f(gate)} in
 * another. It keeps its inputs alone, and neither {@code f(gate)} nor its gradient exists.
 */
public final class GatedOp {
  private GatedOp() {}

  /**
   * Of two tensors.
   *
   * @param gate {@code [..., n]}
   * @param up as gate
   * @return {@code [..., n]}
   */
  public static Tensor apply(Tensor gate, Tensor up, Unary f) {
    Checks.require(
        gate.shape().rank() >= 1 && gate.shape().equals(up.shape()),
        "gated needs two tensors [..., n], got %s and %s",
        gate.shape(),
        up.shape());
    Tensor[] both = Autocast.promote(gate, up);
    Tensor g = both[0].contiguous();
    Tensor u = both[1].contiguous();
    Checks.sameKind("gated", g, u);
    var call = new Call(f, g.contiguousSpan(), u.contiguousSpan(), g.dim(-1), g.dim(-1));
    Tensor y = Tensors.emptyLike(g);
    call.forward(g, y);
    return Autograd.record(
        "gated",
        y,
        (dY, gradients) -> {
          Tensor dGate = Tensors.emptyLike(g);
          Tensor dUp = Tensors.emptyLike(u);
          call.backward(g, dY.contiguous(), dGate.span(), dUp.span());
          add(g, dGate, gradients);
          add(u, dUp, gradients);
        },
        g,
        u);
  }

  /**
   * Of one tensor that has the two side by side, as one product gives them.
   *
   * @param input {@code [..., 2 n]}: gate, then up
   * @return {@code [..., n]}
   */
  public static Tensor packed(Tensor input, Unary f) {
    Checks.require(
        input.shape().rank() >= 1 && input.dim(-1) % 2 == 0,
        "gated needs gate and up side by side, [..., 2 n], got %s",
        input.shape());
    Tensor x = input.contiguous();
    int cols = x.dim(-1) / 2;
    var call = new Call(f, x.contiguousSpan(), second(x.contiguousSpan(), cols), cols, 2 * cols);
    Tensor y = Tensors.empty(x.backend(), x.dtype(), x.shape().withDim(-1, cols));
    call.forward(x, y);
    return Autograd.record(
        "gated",
        y,
        (dY, gradients) -> {
          Tensor dX = Tensors.emptyLike(x);
          call.backward(x, dY.contiguous(), dX.span(), second(dX.span(), cols));
          gradients.add(x, dX);
        },
        x);
  }

  /** From where the second part of the first row begins. */
  private static Span second(Span span, int cols) {
    long from = Math.min(cols, span.length());
    return span.slice(from, span.length() - from);
  }

  private static void add(Tensor input, Tensor gradient, Gradients gradients) {
    if (gradients.needs(input)) {
      gradients.add(input, gradient);
    } else {
      gradient.free(); // the kernel computes both at once
    }
  }

  /** How the kernel is called; gates lie {@code stride} elements apart. */
  private record Call(Unary f, Span gate, Span up, int cols, int stride) {
    void forward(Tensor x, Tensor y) {
      x.backend().pointwise().gated(f, gate, up, y.span(), y.shape().rows(), cols, stride);
    }

    void backward(Tensor x, Tensor dY, Span dGate, Span dUp) {
      x.backend()
          .pointwise()
          .gatedBackward(
              f, gate, up, dY.contiguousSpan(), dGate, dUp, null, dY.shape().rows(), cols, stride);
    }
  }
}
