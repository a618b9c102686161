package dev.galen.model;

import dev.galen.tensor.DType;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Reduction;
import dev.galen.tensor.ops.CrossEntropyOp;
import dev.galen.tensor.ops.LogSoftmaxOp;
import dev.galen.tensor.ops.ReduceOp;

/**
 * Cross-entropy with smoothed labels: {@code (1 - e) (-ln p[label]) + e / K Σ_k -ln p[k]} over K
 * classes, summed over the labels that count and divided (Szegedy, Vanhoucke, Ioffe, Shlens and
 * Wojna, "Rethinking the Inception Architecture", 2016). Torch's {@code cross_entropy} and the
 * label smoother of transformers agree on it.
 */
final class LabelSmoothing {
  private LabelSmoothing() {}

  /**
   * The loss.
   *
   * @param logits {@code [..., K]}
   * @param labels I32 {@code [...]}; -100 does not count
   * @param epsilon the share that all classes divide, above 0 and below 1
   * @return a scalar
   */
  static Tensor of(Tensor logits, Tensor labels, double epsilon, double divisor) {
    int classes = logits.dim(-1);
    int rows = Math.toIntExact(logits.shape().size() / classes);
    Tensor right = CrossEntropyOp.apply(logits, labels, divisor);
    Tensor logs = LogSoftmaxOp.apply(logits.to(DType.F32).reshape(rows, classes));
    Tensor sums = ReduceOp.apply(Reduction.SUM, logs, 1).reshape(rows);
    Tensor any = ReduceOp.apply(Reduction.SUM, sums.mul(counted(labels, rows)));
    return right.mul(1 - epsilon).add(any.mul(-epsilon / (classes * divisor)));
  }

  /** 1 where a label counts, else 0: F32 {@code [rows]}, computed where the labels lie. */
  private static Tensor counted(Tensor labels, int rows) {
    Tensor values = labels.to(DType.F32).reshape(rows);
    Tensor below = Tensors.full(values.backend(), DType.F32, values.shape(), -1);
    return below.lessThan(values);
  }
}
