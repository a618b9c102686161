package dev.galen.tensor.backend;

/**
 * The geometry of scaled dot-product attention. Head h of row t of batch b starts at {@code b
 * batchStride + t rowStride + h headSize} of its span, so that q, k and v may lie packed in one
 * tensor {@code [B, T, 3C]} or in a cache longer than {@code keyLength}. The output is contiguous
 * {@code [batch, queryLength, heads * headSize]}.
 *
 * <p>Heads of keys and values may be fewer than those of queries (Ainslie et al. 2023, arXiv
 * 2305.13245): {@code heads / keyHeads} neighbouring query heads share one.
 *
 * @param batch B
 * @param heads H, of the queries and the output
 * @param keyHeads heads of k and v, dividing {@code heads}
 * @param queryLength rows of q per batch
 * @param keyLength rows of k and v per batch
 * @param headSize D
 * @param queryBatchStride elements between batches of q
 * @param queryRowStride elements between rows of q
 * @param keyBatchStride elements between batches of k, and of v
 * @param keyRowStride elements between rows of k, and of v
 * @param scale factor of q k^T, usually 1/sqrt(D)
 * @param causal query i sees keys up to its own place, {@code i + keyLength - queryLength}
 * @param window query i sees the keys less than {@code window} away from its place, so that with
 *     {@code causal} it sees {@code window} keys; 0 for no such limit
 * @param dropout the probability with which an attention weight is dropped, 0 for none
 * @param seed Philox key of the dropout mask
 * @param offset Philox counter of the dropout mask: weight number {@code n = ((b H + h) queryLength
 *     + i) keyLength + j} uses word {@code n mod 4} of counter {@code offset + n / 4}
 */
public record AttentionShape(
    int batch,
    int heads,
    int keyHeads,
    int queryLength,
    int keyLength,
    int headSize,
    long queryBatchStride,
    long queryRowStride,
    long keyBatchStride,
    long keyRowStride,
    double scale,
    boolean causal,
    int window,
    double dropout,
    long seed,
    long offset) {
  /** Checks that the heads share evenly. */
  public AttentionShape {
    if (keyHeads > 0 ? heads % keyHeads != 0 : heads > 0) {
      throw new IllegalArgumentException(
          "%d heads cannot share %d heads of keys".formatted(heads, keyHeads));
    }
    if (window < 0) {
      throw new IllegalArgumentException("negative window " + window);
    }
  }

  /** As many heads of keys as of queries, and no window. */
  public AttentionShape(
      int batch,
      int heads,
      int queryLength,
      int keyLength,
      int headSize,
      long queryBatchStride,
      long queryRowStride,
      long keyBatchStride,
      long keyRowStride,
      double scale,
      boolean causal,
      double dropout,
      long seed,
      long offset) {
    this(
        batch,
        heads,
        heads,
        queryLength,
        keyLength,
        headSize,
        queryBatchStride,
        queryRowStride,
        keyBatchStride,
        keyRowStride,
        scale,
        causal,
        0,
        dropout,
        seed,
        offset);
  }

  /** The same for another number of batches and of keys, such as some sequences of a cache. */
  public AttentionShape with(int batch, int keyLength) {
    return with(batch, queryLength, keyLength);
  }

  /** The same for other numbers of batches, queries and keys, such as one sequence's own. */
  public AttentionShape with(int batch, int queryLength, int keyLength) {
    return with(batch, queryLength, keyLength, offset);
  }

  /**
   * One text of {@code length} positions among those of a row, which attends to itself.
   *
   * @param offset of its own dropout mask
   */
  public AttentionShape document(int length, long offset) {
    return with(1, length, length, offset);
  }

  private AttentionShape with(int batch, int queryLength, int keyLength, long offset) {
    return new AttentionShape(
        batch,
        heads,
        keyHeads,
        queryLength,
        keyLength,
        headSize,
        queryBatchStride,
        queryRowStride,
        keyBatchStride,
        keyRowStride,
        scale,
        causal,
        window,
        dropout,
        seed,
        offset);
  }

  /** Throws unless a cache of {@code keyLength} rows can take the queries' keys, undropped. */
  public void requireCache() {
    if (queryLength > keyLength) {
      throw new IllegalArgumentException(
          "%d new positions do not fit a cache of %d".formatted(queryLength, keyLength));
    }
    if (dropout != 0) {
      throw new IllegalArgumentException(
          "attention over a cache has no dropout, got probability " + dropout);
    }
  }

  /** Throws unless sequence {@code b}, which has {@code length} positions, has room for more. */
  public void requireRoom(int b, int length) {
    if (length < 0 || length > keyLength - queryLength) {
      throw new IndexOutOfBoundsException(noRoom(b, length, keyLength, queryLength));
    }
  }

  /** What is said of a sequence that a cache of {@code capacity} has no room for. */
  public static String noRoom(int sequence, int length, int capacity, int added) {
    return "length %d of sequence %d leaves no room for %d more in a cache of %d"
        .formatted(length, sequence, added, capacity);
  }

  /** Rows of a bias by distance: one for each distance between a key and a query. */
  public int biasRows() {
    return Math.max(0, queryLength + keyLength - 1);
  }

  /** Rows of such a bias that attention over a cache of {@code keyLength} rows reads. */
  public int cacheBiasRows() {
    return causal ? keyLength : biasRows();
  }

  /** The query heads that share a head of keys. */
  public int group() {
    return keyHeads == 0 ? 1 : heads / keyHeads;
  }

  /** The first key that query {@code i} sees, the key mask aside. */
  public int firstKey(int i) {
    return window == 0 ? 0 : Math.max(0, i + keyLength - queryLength - window + 1);
  }

  /** The end of the keys that query {@code i} sees, the key mask aside; may equal the first. */
  public int endKey(int i) {
    int place = i + keyLength - queryLength;
    long end = keyLength;
    if (causal) {
      end = place + 1;
    } else if (window > 0) {
      end = (long) place + window;
    }
    return (int) Math.max(firstKey(i), Math.min(end, keyLength));
  }
}
