package dev.galen.kernels.cpu;

import static dev.galen.kernels.cpu.WidenedCalls.in;
import static dev.galen.kernels.cpu.WidenedCalls.inOut;
import static dev.galen.kernels.cpu.WidenedCalls.out;
import static dev.galen.kernels.cpu.WidenedCalls.outPart;

import dev.galen.tensor.Layout;
import dev.galen.tensor.backend.Binary;
import dev.galen.tensor.backend.PointwiseKernels;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.Unary;

/**
 * Element by element, as rows of one element; a broadcast operand is widened whole. See {@link
 * WidenedCalls}.
 */
final class HalfPointwise implements PointwiseKernels {
  private final WidenedCalls calls;

  HalfPointwise(WidenedCalls calls) {
    this.calls = calls;
  }

  @Override
  public void unary(Unary f, Span x, Span y) {
    F32.same("x", x, "y", y.length());
    calls.byRows(
        y.length(),
        1,
        (backend, s, _, _) -> backend.pointwise().unary(f, s[0], s[1]),
        in(x, 1),
        out(y, 1));
  }

  @Override
  public void unaryBackward(Unary f, Span x, Span y, Span dY, Span dX) {
    F32.same("x", x, "dX", dX.length());
    F32.same("y", y, "dX", dX.length());
    F32.same("dY", dY, "dX", dX.length());
    calls.byRows(
        dX.length(),
        1,
        (backend, s, _, _) -> backend.pointwise().unaryBackward(f, s[0], s[1], s[2], s[3]),
        in(x, 1),
        in(y, 1),
        in(dY, 1),
        out(dX, 1));
  }

  @Override
  public void binary(Binary f, Span a, Layout aLayout, Span b, Layout bLayout, Span y) {
    calls.whole(
        (backend, s) -> backend.pointwise().binary(f, s[0], aLayout, s[1], bLayout, s[2]),
        in(a),
        in(b),
        outPart(y, aLayout.shape().size()));
  }

  @Override
  public void affine(Span x, double scale, double shift, Span y) {
    F32.same("x", x, "y", y.length());
    calls.byRows(
        y.length(),
        1,
        (backend, s, _, _) -> backend.pointwise().affine(s[0], scale, shift, s[1]),
        in(x, 1),
        out(y, 1));
  }

  @Override
  public void axpy(double alpha, Span x, Span y) {
    F32.same("x", x, "y", y.length());
    calls.byRows(
        y.length(),
        1,
        (backend, s, _, _) -> backend.pointwise().axpy(alpha, s[0], s[1]),
        in(x, 1),
        inOut(y, 1));
  }

  @Override
  public void gated(Unary f, Span gate, Span up, Span y, int rows, int cols, int stride) {
    calls.whole(
        (backend, s) -> backend.pointwise().gated(f, s[0], s[1], s[2], rows, cols, stride),
        in(gate),
        in(up),
        outPart(y, (long) rows * cols));
  }

  @Override
  public void gatedBackward(
      Unary f,
      Span gate,
      Span up,
      Span dY,
      Span dGate,
      Span dUp,
      Span y,
      int rows,
      int cols,
      int stride) {
    calls.whole(
        (backend, s) ->
            backend
                .pointwise()
                .gatedBackward(f, s[0], s[1], s[2], s[3], s[4], s[5], rows, cols, stride),
        in(gate),
        in(up),
        in(dY),
        // Gates and others may lie side by side: what is between their rows must stay.
        inOut(dGate),
        inOut(dUp),
        y == null ? in(null) : outPart(y, (long) rows * cols));
  }

  @Override
  public void rotary(
      Span x,
      Span cos,
      Span sin,
      Span y,
      int rows,
      int tableRows,
      int heads,
      int turned,
      int half,
      boolean back) {
    calls.whole(
        (backend, s) ->
            backend
                .pointwise()
                .rotary(s[0], s[1], s[2], s[3], rows, tableRows, heads, turned, half, back),
        in(x),
        in(cos),
        in(sin),
        outPart(y, 2L * rows * heads * half));
  }
}
