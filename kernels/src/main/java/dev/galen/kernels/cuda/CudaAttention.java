package dev.galen.kernels.cuda;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.AttentionKernels;
import dev.galen.tensor.backend.AttentionShape;
import dev.galen.tensor.backend.Span;

/**
 * Flash attention. Many queries go by tiles, F16 and BF16 on the tensor cores ({@code
 * attention.cu}), F32 by exact FMA ({@code attention_f32.cu}); few queries, as in decoding, by
 * pieces of their keys ({@code attention_decode.cu}). Gradients come from {@code
 * attention_backward.cu}, that of a bias from {@code attention_bias.cu}.
 */
final class CudaAttention implements AttentionKernels {
  /** With so many queries or fewer a tile would be nearly empty. */
  private static final int FEW_QUERIES = 8;

  /** Rows that share a read of the keys in {@code attentionDecodeGroup}. */
  private static final int GROUP_ROWS = 4;

  /** {@code WARPS * WARP} in {@code attention.cuh}. */
  private static final int DECODE_THREADS = 128;

  /** {@code UNROLL} times the warps of a block: the keys a lane group looks at in one step. */
  private static final int DECODE_STEP = 16;

  /** Elements of a head per lane in {@code attention_decode.cu}. */
  private static final int LANE_ELEMENTS = 8;

  private static final int WARP = 32;

  /** The fewest keys worth a block, and blocks that fill any GPU, from where pieces get longer. */
  private static final int LEAST_PIECE = 64;

  private static final int MOST_BLOCKS = 2048;

  /** {@code BIAS_TILE} in {@code attention_bias.cu}. */
  private static final int BIAS_TILE = 32;

  /** More than any length: a window that hides nothing. */
  private static final int NO_WINDOW = 1 << 30;

  private final CudaContext cuda;

  CudaAttention(CudaContext cuda) {
    this.cuda = cuda;
  }

  @Override
  public void attention(
      AttentionShape shape,
      Span q,
      Span k,
      Span v,
      Span keyMask,
      Span bias,
      Span out,
      Span logSumExp) {
    AttentionOperands.requireInputs(shape, q, k, v, keyMask, out);
    AttentionOperands.requireBias("bias", bias, shape.biasRows(), shape);
    Operands.require("logSumExp", logSumExp, DType.F32, AttentionOperands.rows(shape));
    forward(shape, q, k, v, keyMask, null, bias, out, logSumExp);
  }

  @Override
  public void attentionWithCache(
      AttentionShape shape,
      Span q,
      Span k,
      Span v,
      Span lengths,
      Span keyCache,
      Span valueCache,
      Span bias,
      Span out) {
    shape.requireCache();
    AttentionOperands.requireInputs(shape, q, keyCache, valueCache, null, out);
    AttentionOperands.requireBias("bias", bias, shape.cacheBiasRows(), shape);
    DType dtype = q.dtype();
    Operands.require("k", k, dtype, AttentionOperands.newKeyExtent(shape));
    Operands.require("v", v, dtype, AttentionOperands.newKeyExtent(shape));
    Operands.require("lengths", lengths, DType.I32, shape.batch());
    Launch append =
        cuda.launch("appendToCache", dtype)
            .pointer(k)
            .pointer(v)
            .pointer(lengths)
            .pointer(keyCache)
            .pointer(valueCache)
            .i32(shape.batch())
            .i32(shape.queryLength())
            .i32(shape.keyLength())
            .i32(shape.keyHeads() * shape.headSize())
            .i64(shape.queryBatchStride())
            .i64(shape.queryRowStride())
            .i64(shape.keyBatchStride())
            .i64(shape.keyRowStride());
    cuda.indexErrors()
        .lengths(append)
        .run(Math.multiplyExact(shape.batch(), shape.queryLength()), 2, 1, DECODE_THREADS, 1, 0);
    forward(shape, q, keyCache, valueCache, null, lengths, bias, out, null);
  }

  /**
   * Attention to {@code keyLength} keys, or where there are {@code lengths} to so many of them and
   * the queries' own. {@code keyMask}, {@code lengths}, {@code bias} and {@code logSumExp} may be
   * null.
   */
  private void forward(
      AttentionShape shape,
      Span q,
      Span k,
      Span v,
      Span keyMask,
      Span lengths,
      Span bias,
      Span out,
      Span logSumExp) {
    if (shape.queryLength() <= FEW_QUERIES) {
      decode(shape, q, k, v, keyMask, lengths, bias, out, logSumExp);
      return;
    }
    DType dtype = q.dtype();
    AttentionTiles tiles = AttentionTiles.forward(dtype, shape.headSize());
    Launch launch =
        cuda.launch("attention_d" + tiles.size(), dtype)
            .pointer(q)
            .pointer(k)
            .pointer(v)
            .pointer(keyMask)
            .pointer(lengths)
            .pointer(out)
            .pointer(logSumExp);
    run(geometry(launch, shape, bias), shape, shape.queryLength(), shape.heads(), tiles);
  }

  private void decode(
      AttentionShape s,
      Span q,
      Span k,
      Span v,
      Span keyMask,
      Span lengths,
      Span bias,
      Span out,
      Span logSumExp) {
    DType dtype = q.dtype();
    int lanes = lanes(s.headSize());
    int rows = Math.multiplyExact(s.group(), s.queryLength());
    boolean group = rows > 1;
    long heads = (long) s.batch() * s.keyHeads() * (group ? Math.ceilDiv(rows, GROUP_ROWS) : rows);
    int piece = Math.max(LEAST_PIECE, DECODE_STEP * WARP / lanes);
    while (heads * Math.ceilDiv(s.keyLength(), piece) > MOST_BLOCKS && piece < s.keyLength()) {
      piece *= 2;
    }
    int pieces = Math.ceilDiv(s.keyLength(), piece);
    long outRows = (long) s.batch() * s.heads() * s.queryLength();
    DeviceBuffer parts = cuda.allocate(outRows * pieces * (s.headSize() + 2) * Float.BYTES);
    try {
      Launch launch =
          cuda.launch(group ? "attentionDecodeGroup" : "attentionDecode", dtype)
              .pointer(q)
              .pointer(k)
              .pointer(v)
              .pointer(keyMask)
              .pointer(lengths)
              .pointer(parts)
              .i32(piece)
              .i32(pieces)
              .i32(lanes);
      geometry(launch, s, bias).run(Math.toIntExact(heads * pieces), DECODE_THREADS);
      cuda.launch("attentionDecodeMerge", dtype)
          .pointer(parts)
          .pointer(lengths)
          .pointer(out)
          .pointer(logSumExp)
          .i32(s.heads())
          .i32(s.queryLength())
          .i32(s.headSize())
          .i32(piece)
          .i32(pieces)
          .run(Math.toIntExact(outRows), DECODE_THREADS);
    } finally {
      parts.free("attention over a cache");
    }
  }

  /** Lanes that share a key: a power of two, so that they sum up by a butterfly. */
  private static int lanes(int headSize) {
    if (headSize > AttentionTiles.WIDEST) {
      throw new IllegalArgumentException(
          "head size %d: attention on a GPU knows up to %d"
              .formatted(headSize, AttentionTiles.WIDEST));
    }
    int lanes = 4;
    while (lanes * LANE_ELEMENTS < headSize) {
      lanes *= 2;
    }
    return lanes;
  }

  @Override
  public void attentionBackward(
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
      Span dBias) {
    AttentionOperands.requireInputs(shape, q, k, v, keyMask, out);
    DType dtype = q.dtype();
    AttentionOperands.requireBias("bias", bias, shape.biasRows(), shape);
    AttentionOperands.requireBias("dBias", dBias, shape.biasRows(), shape);
    Operands.require("logSumExp", logSumExp, DType.F32, AttentionOperands.rows(shape));
    Operands.require("dOut", dOut, dtype, AttentionOperands.outExtent(shape));
    Operands.require("dQ", dQ, dtype, AttentionOperands.queryExtent(shape));
    Operands.require("dK", dK, dtype, AttentionOperands.keyExtent(shape));
    Operands.require("dV", dV, dtype, AttentionOperands.keyExtent(shape));
    long rows = AttentionOperands.rows(shape);
    DeviceBuffer dots = cuda.allocate(rows * Float.BYTES);
    try {
      cuda.launch("attentionBackwardRows", dtype)
          .pointer(out)
          .pointer(dOut)
          .pointer(dots)
          .i32(shape.heads())
          .i32(shape.queryLength())
          .i32(shape.headSize())
          .i64(rows)
          .run(cuda.grid(rows * WARP), Launch.BLOCK);
      AttentionTiles tiles = AttentionTiles.queries(dtype, shape.headSize());
      Launch queries =
          backward("attentionBackwardQueries", tiles, q, k, v, keyMask, logSumExp, dots, dOut)
              .pointer(dQ);
      run(geometry(queries, shape, bias), shape, shape.queryLength(), shape.heads(), tiles);
      tiles = AttentionTiles.keys(dtype, shape.headSize());
      Launch keys =
          backward("attentionBackwardKeys", tiles, q, k, v, keyMask, logSumExp, dots, dOut)
              .pointer(dK)
              .pointer(dV);
      run(geometry(keys, shape, bias), shape, shape.keyLength(), shape.keyHeads(), tiles);
      if (dBias != null) {
        biasGradient(shape, q, k, v, keyMask, bias, logSumExp, dots, dOut, dBias);
      }
    } finally {
      dots.free("attention's gradients");
    }
  }

  private void biasGradient(
      AttentionShape s,
      Span q,
      Span k,
      Span v,
      Span keyMask,
      Span bias,
      Span logSumExp,
      DeviceBuffer dots,
      Span dOut,
      Span dBias) {
    long blocks = (long) s.batch() * s.heads() * Math.ceilDiv(s.queryLength(), BIAS_TILE);
    long width = s.keyLength() + BIAS_TILE - 1;
    DeviceBuffer shares = cuda.allocate(blocks * width * Float.BYTES);
    try {
      Launch launch =
          cuda.launch("attentionBackwardBias", q.dtype())
              .pointer(q)
              .pointer(k)
              .pointer(v)
              .pointer(keyMask)
              .pointer(logSumExp)
              .pointer(dots)
              .pointer(dOut)
              .pointer(shares);
      geometry(launch, s, bias).run(Math.toIntExact(blocks), Launch.BLOCK);
      cuda.launch("attentionBackwardBiasSum", DType.F32)
          .pointer(shares)
          .pointer(dBias)
          .i32(s.batch())
          .i32(s.heads())
          .i32(s.queryLength())
          .i32(s.keyLength())
          .run(cuda.grid((long) s.biasRows() * s.heads()), Launch.BLOCK);
    } finally {
      shares.free("the gradient of attention's bias");
    }
  }

  private Launch backward(
      String name,
      AttentionTiles tiles,
      Span q,
      Span k,
      Span v,
      Span keyMask,
      Span logSumExp,
      DeviceBuffer dots,
      Span dOut) {
    return cuda.launch(name + "_d" + tiles.size(), q.dtype())
        .pointer(q)
        .pointer(k)
        .pointer(v)
        .pointer(keyMask)
        .pointer(logSumExp)
        .pointer(dots)
        .pointer(dOut);
  }

  /** The parameters of {@code GEOMETRY_PARAMETERS} in {@code attention.cuh}. */
  private static Launch geometry(Launch launch, AttentionShape s, Span bias) {
    return launch
        .i32(s.heads())
        .i32(s.keyHeads())
        .i32(s.queryLength())
        .i32(s.keyLength())
        .i32(s.headSize())
        .i64(s.queryBatchStride())
        .i64(s.queryRowStride())
        .i64(s.keyBatchStride())
        .i64(s.keyRowStride())
        .f32(s.scale())
        .i32(s.causal() ? 1 : 0)
        .i32(s.window() == 0 ? NO_WINDOW : Math.min(s.window(), NO_WINDOW))
        .f32(s.dropout())
        .i64(s.seed())
        .i64(s.offset())
        .pointer(bias)
        .f32(1 / s.scale());
  }

  private static void run(
      Launch launch, AttentionShape s, int length, int heads, AttentionTiles tiles) {
    long blocks = (long) s.batch() * heads * Math.ceilDiv(length, tiles.rows()) * tiles.blocks();
    launch.run(Math.toIntExact(blocks), 1, 1, tiles.threads(), 1, tiles.shared());
  }
}
