package dev.galen.kernels.cpu;

import dev.galen.kernels.cpu.WideOperands.Operand;
import dev.galen.tensor.DType;
import dev.galen.tensor.Layout;
import dev.galen.tensor.backend.AttentionKernels;
import dev.galen.tensor.backend.AttentionShape;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Binary;
import dev.galen.tensor.backend.EmbeddingKernels;
import dev.galen.tensor.backend.LossKernels;
import dev.galen.tensor.backend.MatmulKernels;
import dev.galen.tensor.backend.MatmulShape;
import dev.galen.tensor.backend.NormKernels;
import dev.galen.tensor.backend.PointwiseKernels;
import dev.galen.tensor.backend.RandomKernels;
import dev.galen.tensor.backend.ReduceKernels;
import dev.galen.tensor.backend.Reduction;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.Unary;

/**
 * Kernels of F16 and BF16 on a processor that has no arithmetic for them: operands are widened to
 * F32 scratch, the F32 kernel runs, and results are rounded once. What works by rows goes block by
 * block, so that the scratch stays small and near. Where no operand is F16 or BF16 the reference
 * computes.
 *
 * <p>This is slower than F32, never faster: it moves what F32 moves and converts besides.
 */
final class HalfKernels
    implements PointwiseKernels,
        ReduceKernels,
        MatmulKernels,
        NormKernels,
        AttentionKernels,
        EmbeddingKernels,
        LossKernels,
        RandomKernels {
  /** Elements per operand of a block; a multiple of Philox's 4. */
  private static final int BLOCK = 1 << 18;

  private final WorkerPool pool;
  private final Backend vector;
  private final Backend reference;

  HalfKernels(WorkerPool pool, Backend vector, Backend reference) {
    this.pool = pool;
    this.vector = vector;
    this.reference = reference;
  }

  /** A kernel call. */
  @FunctionalInterface
  private interface Call {
    void on(Backend backend, Span[] s);
  }

  /** A kernel call on {@code count} rows from {@code first}. */
  @FunctionalInterface
  private interface RowCall {
    void on(Backend backend, Span[] s, long first, int count);
  }

  private static Operand in(Span span) {
    return new Operand(span, true, false, 0);
  }

  private static Operand in(Span span, long perRow) {
    return new Operand(span, true, false, perRow);
  }

  private static Operand out(Span span, long perRow) {
    return new Operand(span, false, true, perRow);
  }

  private static Operand inOut(Span span) {
    return new Operand(span, true, true, 0);
  }

  private static Operand inOut(Span span, long perRow) {
    return new Operand(span, true, true, perRow);
  }

  /** Overwritten, but read where it holds more than what the kernel covers, which must stay. */
  private static Operand outPart(Span span, long covered) {
    return new Operand(span, span.length() != covered, true, 0);
  }

  private void whole(Call call, Operand... operands) {
    if (isForReference(operands)) {
      call.on(reference, spans(operands));
      return;
    }
    try (var wide = new WideOperands(vector, pool, operands)) {
      call.on(vector, wide.spans());
      wide.round();
    }
  }

  private void byRows(long rows, long cols, RowCall call, Operand... operands) {
    if (isForReference(operands) || rows <= 0) {
      // No kernel that works by rows has more of them than an int; those by elements do not ask.
      call.on(reference, spans(operands), 0, (int) Math.min(rows, Integer.MAX_VALUE));
      return;
    }
    long block = Math.max(1, BLOCK / Math.max(1, cols));
    for (long first = 0; first < rows; first += block) {
      long from = first;
      int count = (int) Math.min(block, rows - first);
      var part = new Operand[operands.length];
      for (int i = 0; i < part.length; i++) {
        part[i] = operands[i].rows(from, count);
      }
      whole((backend, s) -> call.on(backend, s, from, count), part);
    }
  }

  private static boolean isForReference(Operand[] operands) {
    boolean half = false;
    for (Operand operand : operands) {
      if (operand.span() != null && operand.span().dtype() == DType.F64) {
        return true;
      }
      half |= operand.isHalf();
    }
    return !half;
  }

  private static Span[] spans(Operand[] operands) {
    var spans = new Span[operands.length];
    for (int i = 0; i < spans.length; i++) {
      spans[i] = operands[i].span();
    }
    return spans;
  }

  // ---- element by element: rows of one element

  @Override
  public void unary(Unary f, Span x, Span y) {
    F32.same("x", x, "y", y.length());
    byRows(
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
    byRows(
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
    whole(
        (backend, s) -> backend.pointwise().binary(f, s[0], aLayout, s[1], bLayout, s[2]),
        in(a),
        in(b),
        outPart(y, aLayout.shape().size()));
  }

  @Override
  public void affine(Span x, double scale, double shift, Span y) {
    F32.same("x", x, "y", y.length());
    byRows(
        y.length(),
        1,
        (backend, s, _, _) -> backend.pointwise().affine(s[0], scale, shift, s[1]),
        in(x, 1),
        out(y, 1));
  }

  @Override
  public void axpy(double alpha, Span x, Span y) {
    F32.same("x", x, "y", y.length());
    byRows(
        y.length(),
        1,
        (backend, s, _, _) -> backend.pointwise().axpy(alpha, s[0], s[1]),
        in(x, 1),
        inOut(y, 1));
  }

  @Override
  public void uniform(Span y, double low, double high, long seed, long offset) {
    byRows(
        y.length(),
        1,
        (backend, s, first, _) ->
            backend.random().uniform(s[0], low, high, seed, offset + first / 4),
        out(y, 1));
  }

  @Override
  public void normal(Span y, double mean, double deviation, long seed, long offset) {
    byRows(
        y.length(),
        1,
        (backend, s, first, _) ->
            backend.random().normal(s[0], mean, deviation, seed, offset + first / 4),
        out(y, 1));
  }

  @Override
  public void dropout(Span x, Span y, double p, long seed, long offset) {
    F32.same("x", x, "y", y.length());
    byRows(
        y.length(),
        1,
        (backend, s, first, _) -> backend.random().dropout(s[0], s[1], p, seed, offset + first / 4),
        in(x, 1),
        out(y, 1));
  }

  // ---- by rows

  @Override
  public void reduce(Reduction f, Span x, Span y, int outer, int length, int inner) {
    long row = (long) length * inner;
    byRows(
        outer,
        row,
        (backend, s, _, count) -> backend.reduce().reduce(f, s[0], s[1], count, length, inner),
        in(x, row),
        out(y, inner));
  }

  @Override
  public void argmax(Span x, Span index, int rows, int cols) {
    byRows(
        rows,
        cols,
        (backend, s, _, count) -> backend.reduce().argmax(s[0], s[1], count, cols),
        in(x, cols),
        out(index, 1));
  }

  @Override
  public void softmax(Span x, Span y, int rows, int cols) {
    byRows(
        rows,
        cols,
        (backend, s, _, count) -> backend.reduce().softmax(s[0], s[1], count, cols),
        in(x, cols),
        out(y, cols));
  }

  @Override
  public void softmaxBackward(Span y, Span dY, Span dX, int rows, int cols) {
    byRows(
        rows,
        cols,
        (backend, s, _, count) -> backend.reduce().softmaxBackward(s[0], s[1], s[2], count, cols),
        in(y, cols),
        in(dY, cols),
        out(dX, cols));
  }

  @Override
  public void logSoftmax(Span x, Span y, int rows, int cols) {
    byRows(
        rows,
        cols,
        (backend, s, _, count) -> backend.reduce().logSoftmax(s[0], s[1], count, cols),
        in(x, cols),
        out(y, cols));
  }

  @Override
  public void logSoftmaxBackward(Span y, Span dY, Span dX, int rows, int cols) {
    byRows(
        rows,
        cols,
        (backend, s, _, count) ->
            backend.reduce().logSoftmaxBackward(s[0], s[1], s[2], count, cols),
        in(y, cols),
        in(dY, cols),
        out(dX, cols));
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
    byRows(
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

  @Override
  public void crossEntropy(
      Span logits, Span labels, Span loss, Span logSumExp, int rows, int classes, int ignored) {
    if (labels.dtype() == DType.I32) {
      VectorLoss.labels(labels, rows, classes, ignored); // the position in all rows, not in a block
    }
    byRows(
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
    byRows(
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
    whole(
        (backend, s) -> backend.reduce().columnSum(s[0], s[1], rows, cols, accumulate),
        in(x),
        accumulate ? inOut(y) : outPart(y, cols));
  }

  @Override
  public double sumOfSquares(Span x) {
    var sum = new double[1];
    whole((backend, s) -> sum[0] = backend.reduce().sumOfSquares(s[0]), in(x));
    return sum[0];
  }

  @Override
  public boolean allFinite(Span x) {
    var finite = new boolean[1];
    whole((backend, s) -> finite[0] = backend.reduce().allFinite(s[0]), in(x));
    return finite[0];
  }

  @Override
  public void matmul(MatmulShape shape, Span a, Span b, Span bias, Span c, boolean accumulate) {
    long area = (long) shape.m() * shape.n();
    whole(
        (backend, s) -> backend.matmul().matmul(shape, s[0], s[1], s[2], s[3], accumulate),
        in(a),
        in(b),
        in(bias),
        accumulate ? inOut(c) : outPart(c, shape.batch() * area));
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
    whole(
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
  public void attention(
      AttentionShape shape, Span q, Span k, Span v, Span keyMask, Span out, Span logSumExp) {
    long rows = (long) shape.batch() * shape.heads() * shape.queryLength();
    whole(
        (backend, s) -> backend.attention().attention(shape, s[0], s[1], s[2], s[3], s[4], s[5]),
        in(q),
        in(k),
        in(v),
        in(keyMask),
        outPart(out, rows * shape.headSize()),
        outPart(logSumExp, rows));
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
    whole(
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
    whole(
        (backend, s) -> backend.embedding().gather(s[0], s[1], s[2], rows, cols, tableRows),
        in(table),
        in(ids),
        outPart(y, (long) rows * cols));
  }

  @Override
  public void gatherBackward(Span dY, Span ids, Span dTable, int rows, int cols, int tableRows) {
    whole(
        (backend, s) -> backend.embedding().gatherBackward(s[0], s[1], s[2], rows, cols, tableRows),
        in(dY),
        in(ids),
        inOut(dTable));
  }
}
