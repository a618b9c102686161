package dev.galen.kernels.cpu;

import static dev.galen.kernels.cpu.WidenedCalls.in;
import static dev.galen.kernels.cpu.WidenedCalls.out;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.LossKernels;
import dev.galen.tensor.backend.Span;

/** Cross-entropy, in blocks of rows. See {@link WidenedCalls}. */
final class HalfLoss implements LossKernels {
  private final WidenedCalls calls;

  HalfLoss(WidenedCalls calls) {
    this.calls = calls;
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
}
