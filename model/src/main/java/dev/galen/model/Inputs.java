package dev.galen.model;

import dev.galen.model.nn.AttentionMask;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.ops.Documents;
import java.util.Arrays;

/**
 * A batch as a model takes it. Shapes: B batch, T time, S the decoder's time.
 *
 * @param ids I32 {@code [B, T]}
 * @param attentionMask U8 {@code [B, T]}, 1 for a token and 0 for padding; null if nothing is
 *     padded
 * @param padding on which side the padding is
 * @param lastTokens I32 {@code [B]}: where each row's last token stands, counted over all rows, so
 *     that row b's is at {@code b T + length - 1}; null unless labels are given per row
 * @param tokenTypes I32 {@code [B, T]}: which segment of a pair a token belongs to; or null
 * @param positions I32 {@code [B, T]}: the place of each token in its text; null if they are
 *     counted as the model does by itself, most from each row's front with the padding
 * @param labels I32: {@code [B, T]}, aligned with the ids, for a model that predicts tokens, {@code
 *     [B]} for one that classifies texts, {@code [B, S]} for one with a decoder; -100 does not
 *     count. F32 {@code [B, classes]} for a classifier of several labels or of numbers, see {@link
 *     ProblemType}. Null if no loss is wanted
 * @param decoderIds I32 {@code [B, S]}: what the decoder is given; null for a model without one, or
 *     for labels moved one to the right
 * @param documents texts side by side in the rows, each of which attends to itself alone, for a
 *     model that {@link Model#keepsDocumentsApart}; null if a row is one text
 */
public record Inputs(
    Tensor ids,
    Tensor attentionMask,
    Padding padding,
    Tensor lastTokens,
    Tensor tokenTypes,
    Tensor positions,
    Tensor labels,
    Tensor decoderIds,
    Documents documents) {

  /** Where rows that are shorter than the longest are filled up. */
  public enum Padding {
    /** Every row is as long as the batch. */
    NONE,
    /** Behind its tokens: a causal model's tokens never see it. */
    RIGHT,
    /** In front of its tokens. */
    LEFT
  }

  /** Checks that ids, mask, token types and positions have one shape. */
  public Inputs {
    if (ids.shape().rank() != 2) {
      throw new IllegalArgumentException("ids are " + ids.shape() + ", must be [B, T]");
    }
    requireAlike(ids, "attention mask", attentionMask);
    requireAlike(ids, "token types", tokenTypes);
    requireAlike(ids, "positions", positions);
    if ((attentionMask == null) != (padding == Padding.NONE)) {
      throw new IllegalArgumentException(
          "padding is %s %s an attention mask"
              .formatted(padding, attentionMask == null ? "without" : "beside"));
    }
    if (documents != null) {
      documents.requireRows(ids.dim(0), ids.dim(1));
    }
  }

  /** Rows of one text each. */
  public Inputs(
      Tensor ids,
      Tensor attentionMask,
      Padding padding,
      Tensor lastTokens,
      Tensor tokenTypes,
      Tensor positions,
      Tensor labels,
      Tensor decoderIds) {
    this(ids, attentionMask, padding, lastTokens, tokenTypes, positions, labels, decoderIds, null);
  }

  private static void requireAlike(Tensor ids, String name, Tensor other) {
    if (other != null && !other.shape().equals(ids.shape())) {
      throw new IllegalArgumentException(
          "the %s is %s, the ids are %s".formatted(name, other.shape(), ids.shape()));
    }
  }

  /** Ids {@code [B, T]} that fill the batch. */
  public static Inputs of(Tensor ids_BT) {
    return of(ids_BT, null);
  }

  /** Ids {@code [B, T]} that fill the batch, and labels or null. */
  public static Inputs of(Tensor ids_BT, Tensor labels) {
    return new Inputs(ids_BT, null, Padding.NONE, null, null, null, labels, null);
  }

  /**
   * Ids of rows that are filled up on the right, with each row's last token.
   *
   * @param ids_BT I32 {@code [B, T]}
   * @param lengths the number of tokens of each row, 1 to T
   */
  public static Inputs padded(Tensor ids_BT, int[] lengths) {
    int batch = ids_BT.dim(0);
    int time = ids_BT.dim(1);
    if (lengths.length != batch) {
      throw new IllegalArgumentException(lengths.length + " lengths for a batch of " + batch);
    }
    var last = new int[batch];
    var mask = new byte[batch * time];
    boolean full = true;
    for (int b = 0; b < batch; b++) {
      if (lengths[b] < 1 || lengths[b] > time) {
        throw new IllegalArgumentException(
            "row %d has %d tokens, must have 1 to %d".formatted(b, lengths[b], time));
      }
      last[b] = b * time + lengths[b] - 1;
      Arrays.fill(mask, b * time, b * time + lengths[b], (byte) 1);
      full &= lengths[b] == time;
    }
    Backend backend = ids_BT.backend();
    Inputs inputs = of(ids_BT).withLastTokens(Tensors.of(backend, last, batch));
    return full ? inputs : inputs.withMask(Tensors.of(backend, mask, batch, time), Padding.RIGHT);
  }

  /** The same ids with a mask for rows that are filled up on one side. */
  public Inputs withMask(Tensor attentionMask_BT, Padding side) {
    return new Inputs(
        ids,
        attentionMask_BT,
        side,
        lastTokens,
        tokenTypes,
        positions,
        labels,
        decoderIds,
        documents);
  }

  /** The same with each row's last token, and a label per row. */
  public Inputs withLastTokens(Tensor lastTokens_B) {
    return new Inputs(
        ids,
        attentionMask,
        padding,
        lastTokens_B,
        tokenTypes,
        positions,
        labels,
        decoderIds,
        documents);
  }

  /** The same with labels. */
  public Inputs withLabels(Tensor labels) {
    return new Inputs(
        ids,
        attentionMask,
        padding,
        lastTokens,
        tokenTypes,
        positions,
        labels,
        decoderIds,
        documents);
  }

  /**
   * The same with the place of each token in its text.
   *
   * @param positions_BT I32 {@code [B, T]}, from 0; anything at padding
   */
  public Inputs withPositions(Tensor positions_BT) {
    return new Inputs(
        ids,
        attentionMask,
        padding,
        lastTokens,
        tokenTypes,
        positions_BT,
        labels,
        decoderIds,
        documents);
  }

  /** The same with texts side by side; positions that are not given restart with each. */
  public Inputs withDocuments(Documents documents) {
    documents.requireRows(batch(), time());
    Tensor counted_BT =
        positions == null
            ? Tensors.of(ids.backend(), documents.positions(), batch(), time())
            : positions;
    return new Inputs(
        ids,
        attentionMask,
        padding,
        lastTokens,
        tokenTypes,
        counted_BT,
        labels,
        decoderIds,
        documents);
  }

  /**
   * What causal attention has to be told: padding on the right is behind every token, where it does
   * not look.
   */
  public AttentionMask causalMask() {
    Tensor hidden_BT = padding == Padding.LEFT ? attentionMask : null;
    return hidden_BT == null && documents == null
        ? AttentionMask.NONE
        : new AttentionMask(hidden_BT, documents);
  }

  /** The same with the segment that each token belongs to. */
  public Inputs withTokenTypes(Tensor tokenTypes_BT) {
    return new Inputs(
        ids,
        attentionMask,
        padding,
        lastTokens,
        tokenTypes_BT,
        positions,
        labels,
        decoderIds,
        documents);
  }

  /** The same with what the decoder is given. */
  public Inputs withDecoderIds(Tensor decoderIds_BS) {
    return new Inputs(
        ids,
        attentionMask,
        padding,
        lastTokens,
        tokenTypes,
        positions,
        labels,
        decoderIds_BS,
        documents);
  }

  /** Each row's last token, I32 {@code [B]}, for a model that needs it. */
  public Tensor requireLastTokens() {
    if (lastTokens == null) {
      throw new IllegalStateException(
          "these inputs do not say where each row's last token is; make them by Inputs.padded");
    }
    return lastTokens;
  }

  /** B. */
  public int batch() {
    return ids.dim(0);
  }

  /** T. */
  public int time() {
    return ids.dim(1);
  }
}
