package dev.galen.kernels.cpu;

import static dev.galen.kernels.cpu.WidenedCalls.in;
import static dev.galen.kernels.cpu.WidenedCalls.inOut;
import static dev.galen.kernels.cpu.WidenedCalls.out;
import static dev.galen.kernels.cpu.WidenedCalls.outPart;

import dev.galen.tensor.Layout;
import dev.galen.tensor.Shape;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Binary;
import dev.galen.tensor.backend.NormKernels;
import dev.galen.tensor.backend.Span;

/**
 * Normalisations, by rows; gradients of weights, which mix rows, whole. See {@link WidenedCalls}.
 */
final class HalfNorm implements NormKernels {
  private final WidenedCalls calls;
  private final Backend vector;

  HalfNorm(WidenedCalls calls, Backend vector) {
    this.calls = calls;
    this.vector = vector;
  }

  @Override
  public void layerNorm(
      Span x,
      Span weight,
      Span bias,
      Span y,
      Span mean,
      Span rstd,
      int rows,
      int cols,
      double epsilon) {
    calls.byRows(
        rows,
        cols,
        (backend, s, _, count) ->
            backend.norm().layerNorm(s[0], s[1], s[2], s[3], s[4], s[5], count, cols, epsilon),
        in(x, cols),
        in(weight),
        in(bias),
        out(y, cols),
        out(mean, 1),
        out(rstd, 1));
  }

  /** In two calls, because the sum is rounded before it is normalised. */
  @Override
  public void residualLayerNorm(
      Span x,
      Span residual,
      Span sum,
      Span weight,
      Span bias,
      Span y,
      Span mean,
      Span rstd,
      int rows,
      int cols,
      double epsilon) {
    Layout all = Layout.contiguous(Shape.of(rows, cols));
    vector.pointwise().binary(Binary.ADD, x, all, residual, all, sum);
    vector.norm().layerNorm(sum, weight, bias, y, mean, rstd, rows, cols, epsilon);
  }

  @Override
  public void layerNormBackward(
      Span dY,
      Span x,
      Span weight,
      Span mean,
      Span rstd,
      Span dX,
      Span dWeight,
      Span dBias,
      int rows,
      int cols) {
    calls.whole(
        (backend, s) ->
            backend
                .norm()
                .layerNormBackward(s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7], rows, cols),
        in(dY),
        in(x),
        in(weight),
        in(mean),
        in(rstd),
        outPart(dX, (long) rows * cols),
        inOut(dWeight),
        inOut(dBias));
  }

  @Override
  public void rmsNorm(Span x, Span weight, Span y, Span rstd, int rows, int cols, double epsilon) {
    calls.byRows(
        rows,
        cols,
        (backend, s, _, count) ->
            backend.norm().rmsNorm(s[0], s[1], s[2], s[3], count, cols, epsilon),
        in(x, cols),
        in(weight),
        out(y, cols),
        out(rstd, 1));
  }

  @Override
  public void rmsNormBackward(
      Span dY, Span x, Span weight, Span rstd, Span dX, Span dWeight, int rows, int cols) {
    calls.whole(
        (backend, s) ->
            backend.norm().rmsNormBackward(s[0], s[1], s[2], s[3], s[4], s[5], rows, cols),
        in(dY),
        in(x),
        in(weight),
        in(rstd),
        outPart(dX, (long) rows * cols),
        inOut(dWeight));
  }
}
