package dev.galen.model;

import dev.galen.tensor.DType;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Unary;
import dev.galen.tensor.ops.ConcatOp;
import dev.galen.tensor.ops.CrossEntropyOp;

/**
 * The losses of texts that are classified, as HuggingFace's heads have them: of each text the mean
 * over its classes, and of the texts the sum over {@code divisor}.
 */
final class ClassifierLoss {
  private ClassifierLoss() {}

  /**
   * The loss that {@code type} asks for.
   *
   * @param logits {@code [B, classes]}
   * @param labels as {@link ProblemType} says
   * @return a scalar
   */
  static Tensor of(ProblemType type, Tensor logits, Tensor labels, double divisor) {
    return switch (type) {
      case SINGLE_LABEL -> CrossEntropyOp.apply(logits, labels, divisor);
      case MULTI_LABEL -> ofLabels(logits, labels, null, null, divisor);
      case REGRESSION -> squaredError(logits, values(logits, labels), divisor);
    };
  }

  /**
   * Of several labels a text, {@code -w (p y ln s(z) + (1 - y) ln(1 - s(z)))} with the logistic
   * function s, as torch's {@code BCEWithLogitsLoss(weight, pos_weight)}.
   *
   * @param logits {@code [B, K]}
   * @param weights_1K w of each class; null for 1
   * @param positive_1K p of each class; null for 1
   * @return a scalar
   */
  static Tensor ofLabels(
      Tensor logits, Tensor labels, Tensor weights_1K, Tensor positive_1K, double divisor) {
    Tensor values = values(logits, labels);
    if (weights_1K == null && positive_1K == null) {
      return binaryCrossEntropy(logits, values, divisor);
    }
    Tensor holds_BK = positive_1K == null ? values : values.mul(positive_1K);
    Tensor lacks_BK = values.neg().add(1);
    return binaryCrossEntropy(
        logits,
        weights_1K == null ? holds_BK : holds_BK.mul(weights_1K),
        weights_1K == null ? lacks_BK : lacks_BK.mul(weights_1K),
        divisor);
  }

  private static Tensor values(Tensor logits, Tensor labels) {
    if (labels.shape().size() != logits.shape().size()) {
      throw new IllegalArgumentException(
          "labels %s for logits %s; a text has a number for each class"
              .formatted(labels.describe(), logits.shape()));
    }
    return labels.to(DType.F32).reshape(logits.shape().toArray());
  }

  /**
   * {@code -(y ln s(z) + (1 - y) ln(1 - s(z)))} with the logistic function s. That is the
   * cross-entropy of two classes with the logits 0 and z, and computed as such: stable and smooth
   * everywhere.
   */
  private static Tensor binaryCrossEntropy(Tensor logits, Tensor labels, double divisor) {
    return binaryCrossEntropy(logits, labels, labels.neg().add(1), divisor);
  }

  /** The same with factors of ln s(z) and of ln(1 - s(z)). */
  private static Tensor binaryCrossEntropy(
      Tensor logits, Tensor holds, Tensor lacks, double divisor) {
    int count = Math.toIntExact(logits.shape().size());
    Tensor z = logits.to(DType.F32).reshape(count, 1);
    Tensor zeros = Tensors.full(z.backend(), DType.F32, z.shape(), 0);
    Tensor logProbabilities = ConcatOp.apply(1, zeros, z).logSoftmax();
    Tensor target = ConcatOp.apply(1, lacks.reshape(count, 1), holds.reshape(count, 1));
    return logProbabilities.mul(target).sum().mul(-1 / (divisor * logits.dim(1)));
  }

  /** {@code (z - y)^2}. */
  private static Tensor squaredError(Tensor logits, Tensor labels, double divisor) {
    Tensor difference = logits.to(DType.F32).sub(labels);
    return difference.map(Unary.SQUARE).sum().mul(1 / (divisor * logits.dim(1)));
  }
}
