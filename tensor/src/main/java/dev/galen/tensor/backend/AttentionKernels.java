package dev.galen.tensor.backend;

/**
 * Scaled dot-product attention (Vaswani et al. 2017, arXiv 1706.03762), never storing T x T.
 *
 * <p>Rows of k and v must be finite, those of hidden keys too: a backend may skip such a row or
 * multiply it by a weight of 0, and 0 times NaN or infinity is NaN.
 */
public interface AttentionKernels {
  /**
   * {@code out = dropout(softmax(scale q k^T + mask)) v} for every head. A row that sees no key
   * gives zeros.
   *
   * @param keyMask {@code [batch, keyLength]} U8 or BOOL, 0 hides a key; or null
   * @param logSumExp {@code [batch, heads, queryLength]} of {@link
   *     dev.galen.tensor.DType#statistics}: kept for the backward pass
   */
  void attention(
      AttentionShape shape, Span q, Span k, Span v, Span keyMask, Span out, Span logSumExp);

  /**
   * Attention of new positions that extends a cache: row i of the {@code k} and {@code v} of
   * sequence b is stored in row {@code lengths[b] + i} of the caches, then {@code out =
   * softmax(scale q k^T + mask) v} as {@link #attention} has it with {@code lengths[b] +
   * queryLength} keys. The call is the same whatever the lengths, so that it can be captured; they
   * stay as they are. The caches' other rows may hold anything, NaN too.
   *
   * @param shape its {@code keyLength} is the caches' capacity, and {@code k v} have the strides of
   *     {@code q}; there is no dropout
   * @param lengths {@code [batch]} I32, the positions each sequence has; one outside {@code
   *     0..keyLength-queryLength} throws and is named
   */
  void attentionWithCache(
      AttentionShape shape,
      Span q,
      Span k,
      Span v,
      Span lengths,
      Span keyCache,
      Span valueCache,
      Span out);

  /**
   * Overwrites {@code dQ dK dV}, which have the strides of {@code q k v}. Weights are recomputed
   * from {@code logSumExp} (Dao et al. 2022, arXiv 2205.14135).
   */
  void attentionBackward(
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
      Span dV);
}
