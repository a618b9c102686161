package dev.galen.kernels.cpu;

import static dev.galen.kernels.cpu.WidenedCalls.in;
import static dev.galen.kernels.cpu.WidenedCalls.inOut;
import static dev.galen.kernels.cpu.WidenedCalls.out;
import static dev.galen.kernels.cpu.WidenedCalls.outPart;

import dev.galen.tensor.backend.ReduceKernels;
import dev.galen.tensor.backend.Reduction;
import dev.galen.tensor.backend.Span;

/** Rows in blocks; what mixes rows widens whole operands. See {@link WidenedCalls}. */
final class HalfReduce implements ReduceKernels {
  private final WidenedCalls calls;

  HalfReduce(WidenedCalls calls) {
    this.calls = calls;
  }

  @Override
  public void reduce(Reduction f, Span x, Span y, int outer, int length, int inner) {
    long row = (long) length * inner;
    calls.byRows(
        outer,
        row,
        (backend, s, _, count) -> backend.reduce().reduce(f, s[0], s[1], count, length, inner),
        in(x, row),
        out(y, inner));
  }

  @Override
  public void argmax(Span x, Span index, int rows, int cols) {
    calls.byRows(
        rows,
        cols,
        (backend, s, _, count) -> backend.reduce().argmax(s[0], s[1], count, cols),
        in(x, cols),
        out(index, 1));
  }

  @Override
  public void softmax(Span x, Span y, int rows, int cols) {
    calls.byRows(
        rows,
        cols,
        (backend, s, _, count) -> backend.reduce().softmax(s[0], s[1], count, cols),
        in(x, cols),
        out(y, cols));
  }

  @Override
  public void softmaxBackward(Span y, Span dY, Span dX, int rows, int cols) {
    calls.byRows(
        rows,
        cols,
        (backend, s, _, count) -> backend.reduce().softmaxBackward(s[0], s[1], s[2], count, cols),
        in(y, cols),
        in(dY, cols),
        out(dX, cols));
  }

  @Override
  public void logSoftmax(Span x, Span y, int rows, int cols) {
    calls.byRows(
        rows,
        cols,
        (backend, s, _, count) -> backend.reduce().logSoftmax(s[0], s[1], count, cols),
        in(x, cols),
        out(y, cols));
  }

  @Override
  public void logSoftmaxBackward(Span y, Span dY, Span dX, int rows, int cols) {
    calls.byRows(
        rows,
        cols,
        (backend, s, _, count) ->
            backend.reduce().logSoftmaxBackward(s[0], s[1], s[2], count, cols),
        in(y, cols),
        in(dY, cols),
        out(dX, cols));
  }

  @Override
  public void columnSum(Span x, Span y, int rows, int cols, boolean accumulate) {
    calls.whole(
        (backend, s) -> backend.reduce().columnSum(s[0], s[1], rows, cols, accumulate),
        in(x),
        accumulate ? inOut(y) : outPart(y, cols));
  }

  @Override
  public void topSoftmax(Span x, Span index, Span y, int rows, int cols, int count) {
    calls.byRows(
        rows,
        cols,
        (backend, s, _, some) -> backend.reduce().topSoftmax(s[0], s[1], s[2], some, cols, count),
        in(x, cols),
        out(index, count),
        out(y, count));
  }

  @Override
  public void topSoftmaxBackward(
      Span index, Span y, Span dY, Span dX, int rows, int cols, int count) {
    calls.byRows(
        rows,
        cols,
        (backend, s, _, some) ->
            backend.reduce().topSoftmaxBackward(s[0], s[1], s[2], s[3], some, cols, count),
        in(index, count),
        in(y, count),
        in(dY, count),
        out(dX, cols));
  }

  @Override
  public double sumOfSquares(Span x) {
    var sum = new double[1];
    calls.whole((backend, s) -> sum[0] = backend.reduce().sumOfSquares(s[0]), in(x));
    return sum[0];
  }

  @Override
  public boolean allFinite(Span x) {
    var finite = new boolean[1];
    calls.whole((backend, s) -> finite[0] = backend.reduce().allFinite(s[0]), in(x));
    return finite[0];
  }
}
