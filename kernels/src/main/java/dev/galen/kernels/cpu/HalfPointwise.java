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
}
