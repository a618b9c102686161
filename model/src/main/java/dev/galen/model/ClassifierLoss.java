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
      case MULTI_LABEL -> binaryCrossEntropy(logits, values(logits, labels), divisor);
      case REGRESSION -> squaredError(logits, values(logits, labels), divisor);
    };
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
    int count = Math.toIntExact(logits.shape().size());
    Tensor z = logits.to(DType.F32).reshape(count, 1);
    Tensor y = labels.reshape(count, 1);
    Tensor zeros = Tensors.full(z.backend(), DType.F32, z.shape(), 0);
    Tensor logProbabilities = ConcatOp.apply(1, zeros, z).logSoftmax();
    Tensor target = ConcatOp.apply(1, y.neg().add(1), y);
    return logProbabilities.mul(target).sum().mul(-1 / (divisor * logits.dim(1)));
  }

  /** {@code (z - y)^2}. */
  private static Tensor squaredError(Tensor logits, Tensor labels, double divisor) {
    Tensor difference = logits.to(DType.F32).sub(labels);
    return difference.map(Unary.SQUARE).sum().mul(1 / (divisor * logits.dim(1)));
  }
}
