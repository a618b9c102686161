package dev.galen.model;

import dev.galen.tensor.DType;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.ops.LogSoftmaxOp;
import java.lang.foreign.MemorySegment;

/**
 * Cross-entropy in which each class has a weight w: {@code (1 - e) w[label] (-ln p[label]) + e / K
 * Σ_k w[k] (-ln p[k])} over K classes, with the share e of smoothed labels, summed over the labels
 * that count and divided. That is {@code torch.nn.CrossEntropyLoss(weight, label_smoothing)}, whose
 * mean divides by the sum of w[label] (King and Zeng, "Logistic Regression in Rare Events Data",
 * 2001, have the weights).
 *
 * @param weights_1K w, F32 {@code [1, K]}
 * @param classes_1K 0 to K - 1, F32 {@code [1, K]}
 */
record WeightedLoss(Tensor weights_1K, Tensor classes_1K) {
  /** Classes that a message names. */
  private static final int SHOWN = 12;

  /** Of checked weights, kept outside of every scope, so that a capture finds them in place. */
  static WeightedLoss of(Backend backend, double[] weights) {
    var values = new float[weights.length];
    var classes = new float[weights.length];
    for (int k = 0; k < weights.length; k++) {
      values[k] = (float) weights[k];
      classes[k] = k;
    }
    return MemoryScope.outside(() -> new WeightedLoss(row(backend, values), row(backend, classes)));
  }

  /** Refuses weights that are not one for each class, below 0, or all 0. */
  static void require(ClassNames classes, double[] weights) {
    if (weights.length != classes.count()) {
      throw new IllegalArgumentException(
          "class weights are %d numbers, must be %d: one for each of the classes %s"
              .formatted(weights.length, classes.count(), shown(classes)));
    }
    double sum = 0;
    for (int k = 0; k < weights.length; k++) {
      if (!(weights[k] >= 0) || Double.isInfinite(weights[k])) {
        throw new IllegalArgumentException(
            "the class weight of %s is %s, must be a finite number of at least 0"
                .formatted(classes.names().get(k), weights[k]));
      }
      sum += weights[k];
    }
    if (sum == 0) {
      throw new IllegalArgumentException("class weights are all 0, must be above 0 for a class");
    }
  }

  private static String shown(ClassNames classes) {
    String all = String.join(", ", classes.names().subList(0, Math.min(SHOWN, classes.count())));
    return classes.count() > SHOWN ? all + ", ..." : all;
  }

  private static Tensor row(Backend backend, float[] values) {
    return Tensors.upload(backend, DType.F32, MemorySegment.ofArray(values), 1, values.length);
  }

  /**
   * The loss.
   *
   * @param logits {@code [..., K]}
   * @param labels I32 {@code [...]}, 0 to K - 1; -100 does not count
   * @param epsilon the share that all classes divide, 0 to below 1
   * @return a scalar
   */
  Tensor of(Tensor logits, Tensor labels, double epsilon, double divisor) {
    int classes = classes_1K.dim(1);
    int rows = Math.toIntExact(logits.shape().size() / classes);
    Tensor logs_NK = LogSoftmaxOp.apply(logits.to(DType.F32).reshape(rows, classes));
    Tensor labels_N1 = labels.to(DType.F32).reshape(rows, 1);
    Tensor share_NK = classes_1K.equalTo(labels_N1).mul(1 - epsilon);
    if (epsilon > 0) {
      Tensor below_N1 = Tensors.full(logs_NK.backend(), DType.F32, labels_N1.shape(), -1);
      share_NK = share_NK.add(below_N1.lessThan(labels_N1).mul(epsilon / classes));
    }
    return logs_NK.mul(share_NK.mul(weights_1K)).sum().mul(-1 / divisor);
  }
}
