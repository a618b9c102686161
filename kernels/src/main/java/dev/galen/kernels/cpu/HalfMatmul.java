package dev.galen.kernels.cpu;

import static dev.galen.kernels.cpu.WidenedCalls.in;
import static dev.galen.kernels.cpu.WidenedCalls.inOut;
import static dev.galen.kernels.cpu.WidenedCalls.outPart;

import dev.galen.tensor.backend.MatmulKernels;
import dev.galen.tensor.backend.MatmulShape;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.Unary;

/**
 * Products widen whole operands: every row of one meets every column of the other. See {@link
 * WidenedCalls}.
 */
final class HalfMatmul implements MatmulKernels {
  private final WidenedCalls calls;

  HalfMatmul(WidenedCalls calls) {
    this.calls = calls;
  }

  @Override
  public void matmul(MatmulShape shape, Span a, Span b, Span bias, Span c, boolean accumulate) {
    long area = (long) shape.m() * shape.n();
    calls.whole(
        (backend, s) -> backend.matmul().matmul(shape, s[0], s[1], s[2], s[3], accumulate),
        in(a),
        in(b),
        in(bias),
        accumulate ? inOut(c) : outPart(c, shape.batch() * area));
  }

  @Override
  public void matmulActivation(
      MatmulShape shape, Span a, Span b, Span bias, Unary f, Span z, Span y) {
    long area = F32.area(shape.m(), shape.n());
    calls.whole(
        (backend, s) -> backend.matmul().matmulActivation(shape, s[0], s[1], s[2], f, s[3], s[4]),
        in(a),
        in(b),
        in(bias),
        z == null ? in(null) : outPart(z, area),
        outPart(y, area));
  }

  @Override
  public void matmulActivationBackward(
      MatmulShape shape,
      Span a,
      Span b,
      Unary f,
      Span z,
      Span y,
      Span dZ,
      Span dBias,
      boolean accumulate) {
    calls.whole(
        (backend, s) ->
            backend
                .matmul()
                .matmulActivationBackward(shape, s[0], s[1], f, s[2], s[3], s[4], s[5], accumulate),
        in(a),
        in(b),
        in(z),
        in(y),
        outPart(dZ, F32.area(shape.m(), shape.n())),
        inOut(dBias));
  }

  @Override
  public void matmulBiasGradient(
      MatmulShape shape,
      Span a,
      Span b,
      Span c,
      boolean accumulate,
      boolean sumsA,
      Span dBias,
      boolean accumulateBias) {
    calls.whole(
        (backend, s) ->
            backend
                .matmul()
                .matmulBiasGradient(
                    shape, s[0], s[1], s[2], accumulate, sumsA, s[3], accumulateBias),
        in(a),
        in(b),
        accumulate ? inOut(c) : outPart(c, F32.area(shape.m(), shape.n())),
        inOut(dBias));
  }
}
