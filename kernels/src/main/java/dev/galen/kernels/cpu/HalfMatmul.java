package dev.galen.kernels.cpu;

import static dev.galen.kernels.cpu.WidenedCalls.in;
import static dev.galen.kernels.cpu.WidenedCalls.inOut;
import static dev.galen.kernels.cpu.WidenedCalls.outPart;

import dev.galen.tensor.backend.Epilogue;
import dev.galen.tensor.backend.MatmulKernels;
import dev.galen.tensor.backend.MatmulShape;
import dev.galen.tensor.backend.Span;

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
  public void matmul(
      MatmulShape shape, Span a, Span b, Span c, boolean accumulate, Epilogue epilogue) {
    if (epilogue instanceof Epilogue.Bias affine) {
      product(shape, a, b, affine.bias(), c, accumulate);
    } else if (epilogue instanceof Epilogue.Activation activation) {
      activation(shape, a, b, c, accumulate, activation);
    } else if (epilogue instanceof Epilogue.ActivationBackward backward) {
      activationBackward(shape, a, b, c, accumulate, backward);
    } else {
      biasGradient(shape, a, b, c, accumulate, (Epilogue.BiasGradient) epilogue);
    }
  }

  private void product(MatmulShape shape, Span a, Span b, Span bias, Span c, boolean accumulate) {
    long area = (long) shape.m() * shape.n();
    calls.whole(
        (backend, s) -> backend.matmul().matmul(shape, s[0], s[1], s[2], s[3], accumulate),
        in(a),
        in(b),
        in(bias),
        accumulate ? inOut(c) : outPart(c, shape.batch() * area));
  }

  private void activation(
      MatmulShape shape, Span a, Span b, Span y, boolean accumulate, Epilogue.Activation epilogue) {
    long area = F32.area(shape.m(), shape.n());
    calls.whole(
        (backend, s) ->
            backend
                .matmul()
                .matmul(
                    shape,
                    s[0],
                    s[1],
                    s[4],
                    accumulate,
                    new Epilogue.Activation(s[2], epilogue.f(), s[3])),
        in(a),
        in(b),
        in(epilogue.bias()),
        epilogue.z() == null ? in(null) : outPart(epilogue.z(), area),
        outPart(y, area));
  }

  private void activationBackward(
      MatmulShape shape,
      Span a,
      Span b,
      Span dZ,
      boolean accumulate,
      Epilogue.ActivationBackward epilogue) {
    calls.whole(
        (backend, s) ->
            backend
                .matmul()
                .matmul(
                    shape,
                    s[0],
                    s[1],
                    s[4],
                    accumulate,
                    new Epilogue.ActivationBackward(
                        epilogue.f(), s[2], s[3], s[5], epilogue.accumulate())),
        in(a),
        in(b),
        in(epilogue.z()),
        in(epilogue.y()),
        outPart(dZ, F32.area(shape.m(), shape.n())),
        inOut(epilogue.dBias()));
  }

  private void biasGradient(
      MatmulShape shape,
      Span a,
      Span b,
      Span c,
      boolean accumulate,
      Epilogue.BiasGradient epilogue) {
    calls.whole(
        (backend, s) ->
            backend
                .matmul()
                .matmul(
                    shape,
                    s[0],
                    s[1],
                    s[2],
                    accumulate,
                    new Epilogue.BiasGradient(epilogue.sumsA(), s[3], epilogue.accumulate())),
        in(a),
        in(b),
        accumulate ? inOut(c) : outPart(c, F32.area(shape.m(), shape.n())),
        inOut(epilogue.dBias()));
  }
}
