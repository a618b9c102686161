package dev.galen.tensor.ops;

import dev.galen.tensor.DType;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.autograd.Autocast;
import dev.galen.tensor.autograd.Autograd;
import dev.galen.tensor.backend.AttentionKernels;
import dev.galen.tensor.backend.AttentionShape;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.random.Philox;

/**
 * {@code out = dropout(softmax(scale q k^T + mask)) v} per head (Vaswani et al. 2017, arXiv
 * 1706.03762), with the backward pass of Dao et al. 2022 (arXiv 2205.14135): memory is linear in T.
 */
public final class AttentionOp {
  /**
   * How to attend.
   *
   * @param scale factor of q k^T, usually 1/sqrt(D)
   * @param causal a query sees no later key; the last query is aligned with the last key
   * @param keyMask U8 {@code [B, keys]}, 0 hides a key; or null
   * @param dropout probability with which a weight is dropped
   * @param random what dropout draws from; may be null without dropout
   */
  public record Options(
      double scale, boolean causal, Tensor keyMask, double dropout, Philox random) {
    /** Causal self-attention with the usual scale for heads of {@code headSize}. */
    public static Options causal(int headSize) {
      return new Options(1 / Math.sqrt(headSize), true, null, 0, null);
    }
  }

  private AttentionOp() {}

  /**
   * Self-attention over one packed tensor, as GPT-2 projects it.
   *
   * @param input {@code [B, T, 3C]}: query, key and value side by side
   * @param heads H, dividing C
   * @return {@code [B, T, C]}
   */
  public static Tensor packed(Tensor input, int heads, Options options) {
    Tensor qkv = Autocast.lower(input).contiguous();
    Checks.require(
        qkv.shape().rank() == 3 && qkv.dim(2) % (3 * heads) == 0,
        "packed attention needs [B, T, 3C] with C divisible by %d heads, got %s",
        heads,
        qkv.shape());
    int batch = qkv.dim(0);
    int time = qkv.dim(1);
    int channels = qkv.dim(2) / 3;
    long row = 3L * channels;
    var shape =
        shape(
            batch, heads, time, time, channels / heads, time * row, row, time * row, row, options);
    Tensor out = Tensors.empty(qkv.backend(), qkv.dtype(), Shape.of(batch, time, channels));
    Tensor logSumExp = logSumExp(out, shape);
    Span mask = mask(options, shape);
    AttentionKernels kernels = qkv.backend().attention();
    kernels.attention(
        shape,
        third(qkv, 0, channels),
        third(qkv, 1, channels),
        third(qkv, 2, channels),
        mask,
        out.span(),
        logSumExp.span());
    return Autograd.record(
        "attention",
        out,
        (dOut, gradients) -> {
          Tensor dQkv = Tensors.emptyLike(qkv);
          kernels.attentionBackward(
              shape,
              third(qkv, 0, channels),
              third(qkv, 1, channels),
              third(qkv, 2, channels),
              mask,
              out.contiguousSpan(),
              logSumExp.span(),
              dOut.contiguous().contiguousSpan(),
              third(dQkv, 0, channels),
              third(dQkv, 1, channels),
              third(dQkv, 2, channels));
          gradients.add(qkv, dQkv);
        },
        qkv);
  }

  /**
   * Attention of queries over separate keys and values.
   *
   * @param query {@code [B, Tq, C]}
   * @param key {@code [B, Tk, C]}
   * @param value {@code [B, Tk, C]}
   * @param heads H, dividing C
   * @return {@code [B, Tq, C]}
   */
  public static Tensor apply(Tensor query, Tensor key, Tensor value, int heads, Options options) {
    Checks.require(
        query.shape().rank() == 3
            && key.shape().equals(value.shape())
            && key.shape().equals(query.shape().withDim(1, key.dim(1)))
            && query.dim(2) % heads == 0,
        "attention of query %s, key %s, value %s with %d heads",
        query.shape(),
        key.shape(),
        value.shape(),
        heads);
    Tensor q = Autocast.lower(query).contiguous();
    Tensor k = Autocast.lower(key).contiguous();
    Tensor v = Autocast.lower(value).contiguous();
    Checks.sameKind("attention", q, k);
    Checks.sameKind("attention", q, v);
    int channels = q.dim(2);
    var shape =
        shape(
            q.dim(0),
            heads,
            q.dim(1),
            k.dim(1),
            channels / heads,
            (long) q.dim(1) * channels,
            channels,
            (long) k.dim(1) * channels,
            channels,
            options);
    Tensor out = Tensors.emptyLike(q);
    Tensor logSumExp = logSumExp(out, shape);
    Span mask = mask(options, shape);
    AttentionKernels kernels = q.backend().attention();
    kernels.attention(
        shape,
        q.contiguousSpan(),
        k.contiguousSpan(),
        v.contiguousSpan(),
        mask,
        out.span(),
        logSumExp.span());
    return Autograd.record(
        "attention",
        out,
        (dOut, gradients) -> {
          Tensor dQ = Tensors.emptyLike(q);
          Tensor dK = Tensors.emptyLike(k);
          Tensor dV = Tensors.emptyLike(v);
          kernels.attentionBackward(
              shape,
              q.contiguousSpan(),
              k.contiguousSpan(),
              v.contiguousSpan(),
              mask,
              out.contiguousSpan(),
              logSumExp.span(),
              dOut.contiguous().contiguousSpan(),
              dQ.span(),
              dK.span(),
              dV.span());
          gradients.add(q, dQ);
          gradients.add(k, dK);
          gradients.add(v, dV);
        },
        q,
        k,
        v);
  }

  /**
   * Attention of new queries over a cache, for generation; no gradient.
   *
   * @param input {@code [B, T, 3C]} of the new positions; only the query is read
   * @param keys {@code [B, capacity, C]}, of which {@code length} rows are filled
   * @param values as keys
   * @return {@code [B, T, C]} in the cache's type
   */
  public static Tensor cached(
      Tensor input, Tensor keys, Tensor values, int length, int heads, Options options) {
    Tensor qkv = input.to(keys.dtype());
    int channels = keys.dim(2);
    long cacheStride = (long) keys.dim(1) * channels;
    long row = 3L * channels;
    int time = qkv.dim(1);
    var shape =
        shape(
            qkv.dim(0),
            heads,
            time,
            length,
            channels / heads,
            time * row,
            row,
            cacheStride,
            channels,
            options);
    Tensor out = Tensors.empty(qkv.backend(), qkv.dtype(), Shape.of(qkv.dim(0), time, channels));
    Tensor logSumExp = logSumExp(out, shape);
    qkv.backend()
        .attention()
        .attention(
            shape,
            third(qkv, 0, channels),
            keys.contiguousSpan(),
            values.contiguousSpan(),
            mask(options, shape),
            out.span(),
            logSumExp.span());
    return out;
  }

  private static AttentionShape shape(
      int batch,
      int heads,
      int queryLength,
      int keyLength,
      int headSize,
      long queryBatchStride,
      long queryRowStride,
      long keyBatchStride,
      long keyRowStride,
      Options options) {
    long weights = (long) batch * heads * queryLength * keyLength;
    boolean drops = options.dropout() > 0;
    return new AttentionShape(
        batch,
        heads,
        queryLength,
        keyLength,
        headSize,
        queryBatchStride,
        queryRowStride,
        keyBatchStride,
        keyRowStride,
        options.scale(),
        options.causal(),
        options.dropout(),
        drops ? options.random().seed() : 0,
        drops ? options.random().reserve(weights) : 0);
  }

  private static Tensor logSumExp(Tensor out, AttentionShape shape) {
    return Tensors.empty(
        out.backend(),
        out.dtype().statistics(),
        Shape.of(shape.batch(), shape.heads(), shape.queryLength()));
  }

  private static Span mask(Options options, AttentionShape shape) {
    Tensor mask = options.keyMask();
    if (mask == null) {
      return null;
    }
    Checks.require(
        mask.dtype() == DType.U8 && mask.shape().equals(Shape.of(shape.batch(), shape.keyLength())),
        "attention needs a key mask U8[%d, %d], got %s",
        shape.batch(),
        shape.keyLength(),
        mask);
    return mask.contiguousSpan();
  }

  /** Query, key or value inside of a packed tensor: from its first element to the end. */
  private static Span third(Tensor packed, int index, int channels) {
    Span span = packed.contiguousSpan();
    long from = Math.min((long) index * channels, span.length());
    return span.slice(from, span.length() - from);
  }
}
