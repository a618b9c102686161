package dev.galen.tensor.backend;

/** Cross-entropy over classes. */
public interface LossKernels {
  /**
   * {@code loss[i] = logSumExp[i] - logits[i, labels[i]]}; 0 where the label is {@code ignored}.
   *
   * @param logits {@code [rows, classes]}
   * @param labels {@code [rows]}, I32; one outside {@code 0..classes-1} that is not {@code ignored}
   *     throws and is named
   * @param loss {@code [rows]}, as logSumExp
   */
  void crossEntropy(
      Span logits, Span labels, Span loss, Span logSumExp, int rows, int classes, int ignored);

  /**
   * {@code dLogits[i, j] = scale dLoss (e^(logits[i, j] - logSumExp[i]) - [j = labels[i]])}; zeros
   * where the label is ignored. {@code dLogits} may be {@code logits}.
   *
   * @param dLoss one element
   */
  void crossEntropyBackward(
      Span logits,
      Span labels,
      Span logSumExp,
      Span dLoss,
      double scale,
      Span dLogits,
      int rows,
      int classes,
      int ignored);
}
