package dev.galen.tensor.backend;

/**
 * Scaled dot-product attention (Vaswani et al. 2017, arXiv 1706.03762), never storing T x T.
 *
 * <p>Rows of k and v must be finite, those of hidden keys too: a backend may skip such a row or
 * multiply it by a weight of 0, and 0 times NaN or infinity is NaN.
 *
 * <p>A <b>bias</b> {@code [R, heads]} is added to {@code scale q k^T} by the distance of key and
 * query (Raffel et al. 2020, arXiv 1910.10683, section 2.1): key j meets query i with row {@code j
 * - i + queryLength - 1}, so that there are {@code R = queryLength + keyLength - 1} rows, the first
 * for the first key and the last query. It has the type of logSumExp; null adds nothing.
 */
public interface AttentionKernels {
  /**
   * {@code out = dropout(softmax(scale q k^T + bias + mask)) v} for every head. A row that sees no
   * key gives zeros.
   *
   * @param keyMask {@code [batch, keyLength]} U8 or BOOL, 0 hides a key; or null
   * @param bias {@code [queryLength + keyLength - 1, heads]} by distance, or null
   * @param logSumExp {@code [batch, heads, queryLength]} of {@link
   *     dev.galen.tensor.DType#statistics}: kept for the backward pass
   */
  void attention(
      AttentionShape shape,
      Span q,
      Span k,
      Span v,
      Span keyMask,
      Span bias,
      Span out,
      Span logSumExp);

  /** The same without a bias. */
  default void attention(
      AttentionShape shape, Span q, Span k, Span v, Span keyMask, Span out, Span logSumExp) {
    attention(shape, q, k, v, keyMask, null, out, logSumExp);
  }

  /**
   * Attention of new positions that extends a cache: row i of the {@code k} and {@code v} of
   * sequence b is stored in row {@code lengths[b] + i} of the caches, then {@code out =
   * softmax(scale q k^T + bias + mask) v} as {@link #attention} has it with {@code lengths[b] +
   * queryLength} keys. The call is the same whatever the lengths, so that it can be captured; they
   * stay as they are. The caches' other rows may hold anything, NaN too.
   *
   * @param shape its {@code keyLength} is the caches' capacity, and {@code k v} have the strides of
   *     {@code q}; there is no dropout
   * @param lengths {@code [batch]} I32, the positions each sequence has; one outside {@code
   *     0..keyLength-queryLength} throws and is named
   * @param bias {@code [R, heads]} or null: key j meets query i of sequence b with row {@code j -
   *     (lengths[b] + i) + capacity - 1}. R is at least the capacity where the shape is causal,
   *     which sees no later key, and {@code capacity + queryLength - 1} where it is not
   */
  void attentionWithCache(
      AttentionShape shape,
      Span q,
      Span k,
      Span v,
      Span lengths,
      Span keyCache,
      Span valueCache,
      Span bias,
      Span out);

  /** The same without a bias. */
  default void attentionWithCache(
      AttentionShape shape,
      Span q,
      Span k,
      Span v,
      Span lengths,
      Span keyCache,
      Span valueCache,
      Span out) {
    attentionWithCache(shape, q, k, v, lengths, keyCache, valueCache, null, out);
  }

  /**
   * Overwrites {@code dQ dK dV}, which have the strides of {@code q k v}. Weights are recomputed
   * from {@code logSumExp} (Dao et al. 2022, arXiv 2205.14135).
   *
   * @param bias as it was given to {@link #attention}
   * @param dBias {@code [queryLength + keyLength - 1, heads]}, accumulates {@code dBias[r, h] +=
   *     sum dS} over the batch and all pairs of row r; null where it is not wanted or there is no
   *     bias
   */
  void attentionBackward(
      AttentionShape shape,
      Span q,
      Span k,
      Span v,
      Span keyMask,
      Span bias,
      Span out,
      Span logSumExp,
      Span dOut,
      Span dQ,
      Span dK,
      Span dV,
      Span dBias);

  /** The same without a bias. */
  default void attentionBackward(
      AttentionShape shape,
      Span q,
      Span k,
      Span v,
      Span keyMask,
      Span out,
      Span logSumExp,
      Span dOut,
      Span dQ,
      Span dK,
      Span dV) {
    attentionBackward(shape, q, k, v, keyMask, null, out, logSumExp, dOut, dQ, dK, dV, null);
  }
}
