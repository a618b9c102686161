package dev.galen.tensor.ops;

import dev.galen.tensor.Autocast;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.DType;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.AttentionKernels;
import dev.galen.tensor.backend.AttentionShape;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.random.Philox;

/**
 * {@code out = dropout(softmax(scale q k^T + bias + mask)) v} per head (Vaswani et al. 2017, arXiv
 * 1706.03762; the bias: Raffel et al. 2020, arXiv 1910.10683), with the backward pass of Dao et al.
 * 2022 (arXiv 2205.14135): memory is linear in T.
 */
public final class AttentionOp {
  /**
   * How to attend.
   *
   * @param scale factor of q k^T, usually 1/sqrt(D)
   * @param causal a query sees no later key; the last query is aligned with the last key
   * @param keyHeads heads of keys and values, each shared by {@code H / keyHeads} neighbouring
   *     heads of queries (Ainslie et al. 2023, arXiv 2305.13245); 0 for as many as there are of
   *     queries
   * @param window a query sees only keys less than {@code window} away from its place (Beltagy et
   *     al. 2020, arXiv 2004.05150); 0 for no such limit
   * @param keyMask U8 {@code [B, keys]}, 0 hides a key; or null
   * @param distanceBias {@code [R, H]}, see {@link #withDistanceBias}; or null
   * @param dropout probability with which a weight is dropped
   * @param random what dropout draws from; may be null without dropout
   * @param documents texts side by side in a row, each of which sees itself alone, as if each were
   *     a call of its own; or null where a row is one text
   */
  public record Options(
      double scale,
      boolean causal,
      int keyHeads,
      int window,
      Tensor keyMask,
      Tensor distanceBias,
      double dropout,
      Philox random,
      Documents documents) {
    /** Heads of keys as of queries, no window, no bias. */
    public Options(double scale, boolean causal, Tensor keyMask, double dropout, Philox random) {
      this(scale, causal, 0, 0, keyMask, null, dropout, random, null);
    }

    /** Causal self-attention with the usual scale for heads of {@code headSize}. */
    public static Options causal(int headSize) {
      return new Options(1 / Math.sqrt(headSize), true, null, 0, null);
    }

    /** The same with {@code keyHeads} heads of keys and values. */
    public Options withKeyHeads(int keyHeads) {
      return new Options(
          scale, causal, keyHeads, window, keyMask, distanceBias, dropout, random, documents);
    }

    /** The same with sight of keys less than {@code window} away. */
    public Options withWindow(int window) {
      return new Options(
          scale, causal, keyHeads, window, keyMask, distanceBias, dropout, random, documents);
    }

    /** The same of texts side by side; null for rows of one text. Not beside a distance bias. */
    public Options withDocuments(Documents documents) {
      return new Options(
          scale, causal, keyHeads, window, keyMask, distanceBias, dropout, random, documents);
    }

    /**
     * The same with a number added to each product of a query and a key, before the softmax and not
     * scaled, by how far the key lies from the query.
     *
     * <p>In {@link #packed} and {@link #apply} there are {@code R = queries + keys - 1} rows: query
     * i meets key j with row {@code j - i + queries - 1}. The first row is the most negative
     * distance, of the first key and the last query. Where the first query has the place of the
     * first key, row r is distance {@code r - (queries - 1)}; where the last ones share a place, as
     * in a causal call with more keys than queries, it is {@code r - (keys - 1)}. The bias has a
     * gradient, summed over the batch and over all pairs of a distance.
     *
     * <p>In {@link #cached} row r is distance {@code r - (capacity - 1)} whatever the lengths, so
     * that one captured step serves every place: {@code R = capacity} for causal attention, at
     * least {@code capacity + T - 1} otherwise. More rows are left unread.
     *
     * @param bias_RH {@code [R, H]}, used in F32
     */
    public Options withDistanceBias(Tensor bias_RH) {
      return new Options(
          scale, causal, keyHeads, window, keyMask, bias_RH, dropout, random, documents);
    }

    /** The heads of keys for {@code heads} of queries. */
    private int keyHeads(int heads) {
      return keyHeads == 0 ? heads : keyHeads;
    }
  }

  private AttentionOp() {}

  /**
   * Self-attention over one packed tensor, as GPT-2 projects it.
   *
   * @param input {@code [B, T, (H + 2 keyHeads) D]}: query, key and value side by side; {@code [B,
   *     T, 3C]} where each head has keys of its own
   * @param heads H
   * @return {@code [B, T, H D]}
   */
  public static Tensor packed(Tensor input, int heads, Options options) {
    Tensor qkv = Autocast.lower(input).contiguous();
    int keyHeads = options.keyHeads(heads);
    int parts = heads + 2 * keyHeads;
    Checks.require(
        shares(heads, keyHeads) && qkv.shape().rank() == 3 && qkv.dim(2) % parts == 0,
        "packed attention of %d heads over %d of keys needs [B, T, %d D], got %s",
        heads,
        keyHeads,
        parts,
        qkv.shape());
    int size = qkv.dim(2) / parts;
    var operands = Operands.packed(qkv, heads, keyHeads, size);
    return operands.attend(operands.shape(qkv, heads, size, options), options);
  }

  /**
   * Attention of queries over separate keys and values.
   *
   * @param query {@code [B, Tq, H D]}
   * @param key {@code [B, Tk, keyHeads D]}
   * @param value as key
   * @param heads H
   * @return {@code [B, Tq, H D]}
   */
  public static Tensor apply(Tensor query, Tensor key, Tensor value, int heads, Options options) {
    int keyHeads = options.keyHeads(heads);
    Checks.require(
        shares(heads, keyHeads)
            && query.shape().rank() == 3
            && query.dim(2) % heads == 0
            && key.shape().rank() == 3
            && key.dim(0) == query.dim(0)
            && key.dim(2) == query.dim(2) / heads * keyHeads
            && key.shape().equals(value.shape()),
        "attention of query %s, key %s, value %s with %d heads over %d of keys",
        query.shape(),
        key.shape(),
        value.shape(),
        heads,
        keyHeads);
    Tensor q = Autocast.lower(query).contiguous();
    Tensor k = Autocast.lower(key).contiguous();
    Tensor v = Autocast.lower(value).contiguous();
    Checks.sameKind("attention", q, k);
    Checks.sameKind("attention", q, v);
    var operands = new Operands(q, k, v, 0, 0, false);
    return operands.attend(operands.shape(k, heads, q.dim(2) / heads, options), options);
  }

  /**
   * Self-attention of new positions over those in a cache and over each other, for generation; no
   * gradient, key mask or dropout. Their keys and values are stored behind the {@code lengths[b]}
   * that sequence b has; the lengths are left for the caller to count on.
   *
   * @param input {@code [B, T, (H + 2 keyHeads) D]} of the new positions
   * @param keys {@code [B, capacity, keyHeads D]}
   * @param values as keys
   * @param lengths I32 {@code [B]}
   * @param heads H
   * @return {@code [B, T, H D]} in the cache's type
   */
  public static Tensor cached(
      Tensor input, Tensor keys, Tensor values, Tensor lengths, int heads, Options options) {
    int keyHeads = options.keyHeads(heads);
    Checks.require(
        shares(heads, keyHeads)
            && input.shape().rank() == 3
            && keys.shape().rank() == 3
            && keys.shape().equals(values.shape())
            && keys.dim(0) == input.dim(0)
            && keys.dim(2) % keyHeads == 0
            && input.dim(2) == (heads + 2 * keyHeads) * (keys.dim(2) / keyHeads)
            && lengths.dtype() == DType.I32
            && lengths.shape().equals(Shape.of(input.dim(0))),
        "attention of %s over cached keys %s, values %s and lengths %s with %d heads over %d",
        input.shape(),
        keys.shape(),
        values.shape(),
        lengths,
        heads,
        keyHeads);
    Checks.require(
        options.keyMask() == null && options.documents() == null,
        "attention over a cache has no key mask and no documents");
    Tensor qkv = input.to(keys.dtype()).contiguous();
    int size = keys.dim(2) / keyHeads;
    var operands = Operands.packed(qkv, heads, keyHeads, size);
    AttentionShape shape = operands.shape(keys, heads, size, options);
    Tensor out = operands.output(shape);
    qkv.backend()
        .attention()
        .attentionWithCache(
            shape,
            operands.query(),
            operands.key(),
            operands.value(),
            lengths.contiguousSpan(),
            keys.contiguousSpan(),
            values.contiguousSpan(),
            span(operands.bias(options, shape, shape.cacheBiasRows(), true)),
            out.span());
    return out;
  }

  private static boolean shares(int heads, int keyHeads) {
    return heads > 0 && keyHeads > 0 && heads % keyHeads == 0;
  }

  /**
   * Query, key and value of a call as the kernels read them, or their gradients.
   *
   * @param keyStart where the key begins in the first row of {@code k}; so for the value
   * @param isPacked q, k and v are one tensor that has them side by side
   */
  private record Operands(
      Tensor q, Tensor k, Tensor v, int keyStart, int valueStart, boolean isPacked) {
    /** Of {@code [B, T, (H + 2 keyHeads) D]}. */
    static Operands packed(Tensor qkv, int heads, int keyHeads, int size) {
      return new Operands(qkv, qkv, qkv, heads * size, (heads + keyHeads) * size, true);
    }

    /** How the queries meet {@code keys} {@code [B, Tk, ...]}: k, or a cache. */
    AttentionShape shape(Tensor keys, int heads, int size, Options options) {
      long row = q.dim(2);
      long keyRow = keys.dim(2);
      long weights = (long) q.dim(0) * heads * q.dim(1) * keys.dim(1);
      boolean drops = options.dropout() > 0;
      return new AttentionShape(
          q.dim(0),
          heads,
          options.keyHeads(heads),
          q.dim(1),
          keys.dim(1),
          size,
          q.dim(1) * row,
          row,
          keys.dim(1) * keyRow,
          keyRow,
          options.scale(),
          options.causal(),
          options.window(),
          options.dropout(),
          drops ? options.random().seed() : 0,
          drops && options.documents() == null ? options.random().reserve(weights) : 0);
    }

    /** Undefined {@code [B, Tq, H D]}. */
    Tensor output(AttentionShape shape) {
      int channels = shape.heads() * shape.headSize();
      return Tensors.empty(
          q.backend(), q.dtype(), Shape.of(shape.batch(), shape.queryLength(), channels));
    }

    Tensor attend(AttentionShape shape, Options options) {
      Tensor out = output(shape);
      Tensor logSumExp =
          Tensors.empty(
              out.backend(),
              out.dtype().statistics(),
              Shape.of(shape.batch(), shape.heads(), shape.queryLength()));
      Span mask = mask(options, shape);
      Tensor bias = bias(options, shape, shape.biasRows(), false);
      var pieces = AttentionPiece.of(shape, options.documents(), options.random());
      AttentionKernels kernels = q.backend().attention();
      for (AttentionPiece piece : pieces) {
        kernels.attention(
            piece.shape(),
            piece.queries(query()),
            piece.keys(key()),
            piece.keys(value()),
            piece.mask(mask),
            span(bias),
            piece.outputs(out.span()),
            piece.statistics(logSumExp.span()));
      }
      return Autograd.record(
          "attention",
          out,
          (dOut, gradients) -> {
            Operands d = gradientMemory();
            boolean needsBias = bias != null && gradients.needs(bias);
            Tensor dBias = needsBias ? gradients.target(bias).accumulator() : null;
            Span dOuts = dOut.contiguous().contiguousSpan();
            for (AttentionPiece piece : pieces) {
              kernels.attentionBackward(
                  piece.shape(),
                  piece.queries(query()),
                  piece.keys(key()),
                  piece.keys(value()),
                  piece.mask(mask),
                  span(bias),
                  piece.outputs(out.contiguousSpan()),
                  piece.statistics(logSumExp.span()),
                  piece.outputs(dOuts),
                  piece.queries(d.query()),
                  piece.keys(d.key()),
                  piece.keys(d.value()),
                  span(dBias));
            }
            gradients.add(q, d.q);
            if (!isPacked) {
              gradients.add(k, d.k);
              gradients.add(v, d.v);
            }
          },
          isPacked ? new Tensor[] {q, bias} : new Tensor[] {q, k, v, bias});
    }

    /** The bias by distance as the kernels read it, or null. */
    private Tensor bias(Options options, AttentionShape shape, int rows, boolean mayHaveMore) {
      Tensor bias = options.distanceBias();
      if (bias == null) {
        return null;
      }
      Checks.require(options.documents() == null, "documents have no distance bias");
      Checks.require(
          bias.shape().rank() == 2
              && bias.dim(1) == shape.heads()
              && (bias.dim(0) == rows || mayHaveMore && bias.dim(0) > rows),
          "attention of %d queries to %d keys needs a distance bias [%d, %d], got %s",
          shape.queryLength(),
          shape.keyLength(),
          rows,
          shape.heads(),
          bias);
      Tensor ready = bias.to(q.dtype().statistics()).contiguous();
      Checks.sameBackend("attention", q, ready);
      return ready;
    }

    private Operands gradientMemory() {
      Tensor dQ = Tensors.emptyLike(q);
      Tensor dK = isPacked ? dQ : Tensors.emptyLike(k);
      Tensor dV = isPacked ? dQ : Tensors.emptyLike(v);
      return new Operands(dQ, dK, dV, keyStart, valueStart, isPacked);
    }

    Span query() {
      return q.contiguousSpan();
    }

    Span key() {
      return from(keyStart, k);
    }

    Span value() {
      return from(valueStart, v);
    }

    /** A tensor from where key or value begins in its first row, to the end. */
    private static Span from(int start, Tensor tensor) {
      Span span = tensor.contiguousSpan();
      long from = Math.min(start, span.length());
      return span.slice(from, span.length() - from);
    }
  }

  private static Span span(Tensor tensor) {
    return tensor == null ? null : tensor.contiguousSpan();
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
}
