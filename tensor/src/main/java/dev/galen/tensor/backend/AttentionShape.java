package dev.galen.tensor.backend;

/**
 * The geometry of scaled dot-product attention. Head h of row t of batch b starts at {@code b
 * batchStride + t rowStride + h headSize} of its span, so that q, k and v may lie packed in one
 * tensor {@code [B, T, 3C]} or in a cache longer than {@code keyLength}. The output is contiguous
 * {@code [batch, queryLength, heads * headSize]}.
 *
 * @param batch B
 * @param heads H
 * @param queryLength rows of q per batch
 * @param keyLength rows of k and v per batch
 * @param headSize D
 * @param queryBatchStride elements between batches of q
 * @param queryRowStride elements between rows of q
 * @param keyBatchStride elements between batches of k, and of v
 * @param keyRowStride elements between rows of k, and of v
 * @param scale factor of q k^T, usually 1/sqrt(D)
 * @param causal query i sees keys up to {@code i + keyLength - queryLength}
 * @param dropout the probability with which an attention weight is dropped, 0 for none
 * @param seed Philox key of the dropout mask
 * @param offset Philox counter of the dropout mask: weight number {@code n = ((b H + h) queryLength
 *     + i) keyLength + j} uses word {@code n mod 4} of counter {@code offset + n / 4}
 */
public record AttentionShape(
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
    long offset) {}
