package dev.galen.model.nn;

import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.ops.ConcatOp;
import dev.galen.tensor.ops.CrossEntropyOp;

/** Labels moved one to the left, so that they line up with the logits that predict them. */
public final class ShiftedLabels {
  private ShiftedLabels() {}

  /**
   * I32 {@code [B, T]}: position t gets the label of t + 1, the last one is ignored. Shifting the
   * labels instead of cutting the logits spares a copy of {@code [B, T, V]}.
   *
   * @param labels_BT I32 {@code [B, T]}, aligned with the ids; -100 where nothing is learned
   * @return I32 {@code [B, T]}, for {@link CrossEntropyOp}
   */
  public static Tensor of(Tensor labels_BT) {
    int time = labels_BT.dim(1);
    Tensor ignored =
        Tensors.full(
            labels_BT.backend(),
            labels_BT.dtype(),
            labels_BT.shape().withDim(1, 1),
            CrossEntropyOp.IGNORE_INDEX);
    return ConcatOp.apply(1, labels_BT.slice(1, 1, time), ignored);
  }
}
