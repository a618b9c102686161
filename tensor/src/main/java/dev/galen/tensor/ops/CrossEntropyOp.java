package dev.galen.tensor.ops;

import dev.galen.tensor.Autograd;
import dev.galen.tensor.DType;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;

/**
 * {@code loss = -sum_i ln softmax(logits_i)[label_i] / divisor} over rows whose label is not {@link
 * #IGNORE_INDEX}; {@code dLogits = (softmax(logits) - onehot(label)) / divisor}. The loss of F16 or
 * BF16 logits is F32, computed in F32 without a wider copy of them.
 */
public final class CrossEntropyOp {
  /** The label of a position that does not count. */
  public static final int IGNORE_INDEX = -100;

  private CrossEntropyOp() {}

  /**
   * The summed loss over {@code divisor}: pass the number of counted labels for their mean, the
   * number in the whole step when micro-batches accumulate.
   *
   * @param input {@code [..., classes]}
   * @param labels I32 {@code [...]}
   * @param divisor positive
   * @return a scalar of rank 0
   */
  public static Tensor apply(Tensor input, Tensor labels, double divisor) {
    Checks.sameBackend("crossEntropy", input, labels);
    Checks.require(divisor > 0, "the loss divisor %s is not positive: no label counts", divisor);
    Checks.requireRows("crossEntropy", input, "[..., classes]");
    Tensor logits = input.contiguous();
    int rows = logits.shape().rows();
    int classes = logits.dim(-1);
    Checks.require(
        labels.dtype() == DType.I32 && labels.shape().size() == rows,
        "cross-entropy of logits %s with labels %s",
        logits,
        labels);
    Tensor target = labels.contiguous();
    Tensor logSumExp = Tensors.empty(logits.backend(), logits.dtype().statistics(), Shape.of(rows));
    Tensor losses = losses(logits, target, logSumExp);
    Tensor loss;
    try (var off = Autograd.noGrad()) {
      loss = losses.sum().mul(1 / divisor);
    }
    return Autograd.record(
        "crossEntropy",
        loss,
        (dLoss, gradients) -> {
          Tensor dLogits = Tensors.emptyLike(logits);
          logits
              .backend()
              .loss()
              .crossEntropyBackward(
                  logits.contiguousSpan(),
                  target.contiguousSpan(),
                  logSumExp.span(),
                  dLoss.contiguousSpan(),
                  1 / divisor,
                  dLogits.span(),
                  rows,
                  classes,
                  IGNORE_INDEX);
          gradients.add(logits, dLogits);
        },
        logits);
  }

  /** The loss of each row, {@code [rows]}, 0 where ignored; no gradient. */
  public static Tensor perRow(Tensor input, Tensor labels) {
    Tensor logits = input.detach().contiguous();
    Tensor logSumExp =
        Tensors.empty(
            logits.backend(), logits.dtype().statistics(), Shape.of(logits.shape().rows()));
    return losses(logits, labels.contiguous(), logSumExp);
  }

  private static Tensor losses(Tensor logits, Tensor labels, Tensor logSumExp) {
    Tensor losses = Tensors.emptyLike(logSumExp);
    logits
        .backend()
        .loss()
        .crossEntropy(
            logits.contiguousSpan(),
            labels.contiguousSpan(),
            losses.span(),
            logSumExp.span(),
            logits.shape().rows(),
            logits.dim(-1),
            IGNORE_INDEX);
    return losses;
  }
}
