package dev.galen.model.nn;

import dev.galen.tensor.Tensor;
import dev.galen.tensor.ops.AttentionOp;
import dev.galen.tensor.ops.Documents;
import dev.galen.tensor.random.Philox;

/**
 * What a position may not see beside what comes after it.
 *
 * @param keys_BT U8 {@code [B, T]}, 0 hides a position from all; null if none is hidden
 * @param documents texts side by side in the rows, each of which sees itself alone; null if a row
 *     is one text
 */
public record AttentionMask(Tensor keys_BT, Documents documents) {
  /** Hides nothing. */
  public static final AttentionMask NONE = new AttentionMask(null, null);

  /** How a causal layer attends by it. */
  public AttentionOp.Options causal(double scale, double dropout, Philox random) {
    return new AttentionOp.Options(scale, true, keys_BT, dropout, random).withDocuments(documents);
  }
}
