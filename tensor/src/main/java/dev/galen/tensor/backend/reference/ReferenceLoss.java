package dev.galen.tensor.backend.reference;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.LossKernels;
import dev.galen.tensor.backend.Span;

/** Cross-entropy row by row. */
final class ReferenceLoss implements LossKernels {
  @Override
  public void crossEntropy(
      Span logits, Span labels, Span loss, Span logSumExp, int rows, int classes, int ignored) {
    Require.length("logits", logits, rows, classes);
    Require.length("loss", loss, rows);
    Require.length("logSumExp", logSumExp, rows);
    int[] checked = labels(labels, rows, classes, ignored);
    var losses = new double[rows];
    var sums = new double[rows];
    for (int i = 0; i < rows; i++) {
      double[] row = Values.read(logits, (long) i * classes, classes);
      sums[i] = ReferenceReduce.logSumExp(row);
      losses[i] = checked[i] == ignored ? 0 : sums[i] - row[checked[i]];
    }
    Values.write(losses, loss);
    Values.write(sums, logSumExp);
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
    Require.length("logits", logits, rows, classes);
    Require.length("logSumExp", logSumExp, rows);
    Require.length("dLoss", dLoss, 1);
    Require.length("dLogits", dLogits, rows, classes);
    int[] checked = labels(labels, rows, classes, ignored);
    double[] sums = Values.read(logSumExp, 0, rows);
    double factor = scale * Values.read(dLoss, 0, 1)[0];
    for (int i = 0; i < rows; i++) {
      var gradient = new double[classes];
      if (checked[i] != ignored) {
        double[] row = Values.read(logits, (long) i * classes, classes);
        for (int j = 0; j < classes; j++) {
          gradient[j] = factor * (Math.exp(row[j] - sums[i]) - (j == checked[i] ? 1 : 0));
        }
      }
      Values.write(gradient, dLogits, (long) i * classes);
    }
  }

  private static int[] labels(Span labels, int rows, int classes, int ignored) {
    Require.length("labels", labels, rows);
    Require.dtype("labels", labels, DType.I32);
    int[] values = Values.readInts(labels, rows);
    for (int i = 0; i < rows; i++) {
      if (values[i] != ignored && (values[i] < 0 || values[i] >= classes)) {
        throw new IndexOutOfBoundsException(
            "label %d at position %d is none of the %d classes and not %d, which is ignored"
                .formatted(values[i], i, classes, ignored));
      }
    }
    return values;
  }
}
