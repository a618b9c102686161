package dev.galen.kernels.cpu;

import static dev.galen.kernels.cpu.WidenedCalls.in;
import static dev.galen.kernels.cpu.WidenedCalls.inOut;
import static dev.galen.kernels.cpu.WidenedCalls.out;
import static dev.galen.kernels.cpu.WidenedCalls.outPart;

import dev.galen.tensor.DType;
import dev.galen.tensor.Layout;
import dev.galen.tensor.backend.AttentionKernels;
import dev.galen.tensor.backend.AttentionShape;
import dev.galen.tensor.backend.Binary;
import dev.galen.tensor.backend.EmbeddingKernels;
import dev.galen.tensor.backend.LossKernels;
import dev.galen.tensor.backend.MatmulKernels;
import dev.galen.tensor.backend.MatmulShape;
import dev.galen.tensor.backend.PointwiseKernels;
import dev.galen.tensor.backend.ReduceKernels;
import dev.galen.tensor.backend.Reduction;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.Unary;

/**
 * Kernels of F16 and BF16 on a processor that has no arithmetic for them: operands are widened to
 * F32 scratch, the F32 kernel runs, and results are rounded once, by {@link WidenedCalls}. Here and
 * in {@link HalfNorm} stands what each kernel reads and writes.
 *
 * <p>This is slower than F32, never faster: it moves what F32 moves and converts besides.
 */
final class HalfKernels
    implements PointwiseKernels,
        ReduceKernels,
        MatmulKernels,
        AttentionKernels,
        EmbeddingKernels,
        LossKernels {
  private final WidenedCalls calls;

  HalfKernels(WidenedCalls calls) {
    this.calls = calls;
  }

  // ---- element by element: rows of one element

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

  // ---- by rows

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
  public void crossEntropy(
      Span logits, Span labels, Span loss, Span logSumExp, int rows, int classes, int ignored) {
    if (labels.dtype() == DType.I32) {
      VectorLoss.labels(labels, rows, classes, ignored); // the position in all rows, not in a block
    }
    calls.byRows(
        rows,
        classes,
        (backend, s, _, count) ->
            backend.loss().crossEntropy(s[0], s[1], s[2], s[3], count, classes, ignored),
        in(logits, classes),
        in(labels, 1),
        out(loss, 1),
        out(logSumExp, 1));
  }

  @Override
  public void crossEntropyBackward(
      Span logits,
      Span labels,
      Span logSumExp,
      Span dLoss,
      double scale,
      Span dLogits,
      int rows,
      int classes,
      int ignored) {
    if (labels.dtype() == DType.I32) {
      VectorLoss.labels(labels, rows, classes, ignored);
    }
    calls.byRows(
        rows,
        classes,
        (backend, s, _, count) ->
            backend
                .loss()
                .crossEntropyBackward(s[0], s[1], s[2], s[3], scale, s[4], count, classes, ignored),
        in(logits, classes),
        in(labels, 1),
        in(logSumExp, 1),
        in(dLoss),
        out(dLogits, classes));
  }

  // ---- what mixes rows

  @Override
  public void columnSum(Span x, Span y, int rows, int cols, boolean accumulate) {
    calls.whole(
        (backend, s) -> backend.reduce().columnSum(s[0], s[1], rows, cols, accumulate),
        in(x),
        accumulate ? inOut(y) : outPart(y, cols));
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

  @Override
  public void attention(
      AttentionShape shape, Span q, Span k, Span v, Span keyMask, Span out, Span logSumExp) {
    long rows = (long) shape.batch() * shape.heads() * shape.queryLength();
    calls.whole(
        (backend, s) -> backend.attention().attention(shape, s[0], s[1], s[2], s[3], s[4], s[5]),
        in(q),
        in(k),
        in(v),
        in(keyMask),
        outPart(out, rows * shape.headSize()),
        outPart(logSumExp, rows));
  }

  @Override
  public void attentionWithCache(
      AttentionShape shape,
      Span q,
      Span k,
      Span v,
      Span lengths,
      Span keyCache,
      Span valueCache,
      Span out) {
    long rows = (long) shape.batch() * shape.heads() * shape.queryLength();
    calls.whole(
        (backend, s) ->
            backend.attention().attentionWithCache(shape, s[0], s[1], s[2], s[3], s[4], s[5], s[6]),
        in(q),
        in(k),
        in(v),
        in(lengths),
        inOut(keyCache),
        inOut(valueCache),
        outPart(out, rows * shape.headSize()));
  }

  @Override
  public void attentionBackward(
      AttentionShape shape,
      Span q,
      Span k,
      Span v,
      Span keyMask,
      Span out,
      Span logSumExp,
      Span dOut,
      Span dQ,
      Span dK,
      Span dV) {
    calls.whole(
        (backend, s) ->
            backend
                .attention()
                .attentionBackward(
                    shape, s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7], s[8], s[9]),
        in(q),
        in(k),
        in(v),
        in(keyMask),
        in(out),
        in(logSumExp),
        in(dOut),
        // Strided: what lies between their rows must stay.
        inOut(dQ),
        inOut(dK),
        inOut(dV));
  }

  @Override
  public void gather(Span table, Span ids, Span y, int rows, int cols, int tableRows) {
    calls.whole(
        (backend, s) -> backend.embedding().gather(s[0], s[1], s[2], rows, cols, tableRows),
        in(table),
        in(ids),
        outPart(y, (long) rows * cols));
  }

  @Override
  public void gatherBackward(Span dY, Span ids, Span dTable, int rows, int cols, int tableRows) {
    calls.whole(
        (backend, s) -> backend.embedding().gatherBackward(s[0], s[1], s[2], rows, cols, tableRows),
        in(dY),
        in(ids),
        inOut(dTable));
  }
}
