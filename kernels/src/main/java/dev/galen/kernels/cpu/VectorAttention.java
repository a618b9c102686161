package dev.galen.kernels.cpu;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.AttentionKernels;
import dev.galen.tensor.backend.AttentionShape;
import dev.galen.tensor.backend.Span;
import java.lang.foreign.MemorySegment;

/**
 * Chooses how attention is computed: by tiles, or row by row where there are few queries. Heads
 * wider than a panel is deep are the reference's.
 */
final class VectorAttention implements AttentionKernels {
  private final WorkerPool pool;
  private final AttentionKernels reference;

  VectorAttention(WorkerPool pool, AttentionKernels reference) {
    this.pool = pool;
    this.reference = reference;
  }

  @Override
  public void attention(
      AttentionShape shape, Span q, Span k, Span v, Span keyMask, Span out, Span logSumExp) {
    if (!F32.all(q, k, v, out, logSumExp) || shape.headSize() > Microkernels.DEPTH) {
      reference.attention(shape, q, k, v, keyMask, out, logSumExp);
      return;
    }
    VectorRandom.requireProbability(shape.dropout());
    var queries = F32.memory("q", q, queryExtent(shape));
    var keys = F32.memory("k", k, keyExtent(shape));
    var values = F32.memory("v", v, keyExtent(shape));
    var mask = mask(shape, keyMask);
    var outs = F32.memory("out", out, outExtent(shape));
    var sums = F32.memory("logSumExp", logSumExp, rows(shape));
    if (shape.queryLength() < Tile.ROWS) {
      new AttentionDecode(shape, queries, keys, values, mask, outs, sums).run(pool);
    } else {
      new AttentionForward(shape, queries, keys, values, mask, outs, sums).run(pool);
    }
    F32.keep(q, k, v, keyMask, out, logSumExp);
  }

  @Override
  public void attentionBackward(
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
    if (!F32.all(q, k, v, out, logSumExp, dOut, dQ, dK, dV)
        || shape.headSize() > Microkernels.DEPTH) {
      reference.attentionBackward(shape, q, k, v, keyMask, out, logSumExp, dOut, dQ, dK, dV);
      return;
    }
    VectorRandom.requireProbability(shape.dropout());
    new AttentionBackward(
            shape,
            F32.memory("q", q, queryExtent(shape)),
            F32.memory("k", k, keyExtent(shape)),
            F32.memory("v", v, keyExtent(shape)),
            mask(shape, keyMask),
            F32.memory("out", out, outExtent(shape)),
            F32.memory("logSumExp", logSumExp, rows(shape)),
            F32.memory("dOut", dOut, outExtent(shape)),
            F32.memory("dQ", dQ, queryExtent(shape)),
            F32.memory("dK", dK, keyExtent(shape)),
            F32.memory("dV", dV, keyExtent(shape)))
        .run(pool);
    F32.keep(q, k, v, keyMask, out, logSumExp, dOut, dQ, dK, dV);
  }

  private static MemorySegment mask(AttentionShape shape, Span keyMask) {
    if (keyMask == null) {
      return null;
    }
    if (keyMask.dtype() != DType.U8 && keyMask.dtype() != DType.BOOL) {
      throw new IllegalArgumentException("keyMask must be U8 or BOOL, not " + keyMask.dtype());
    }
    return F32.memory("keyMask", keyMask, (long) shape.batch() * shape.keyLength());
  }

  private static long queryExtent(AttentionShape s) {
    requireExtents(s);
    return s.batch() == 0 || s.queryLength() == 0
        ? 0
        : AttentionTiles.queryStart(s, s.batch() - 1, s.heads(), s.queryLength() - 1);
  }

  private static long keyExtent(AttentionShape s) {
    requireExtents(s);
    return s.batch() == 0 || s.keyLength() == 0
        ? 0
        : AttentionTiles.keyStart(s, s.batch() - 1, 0, s.keyLength() - 1)
            + (long) s.keyHeads() * s.headSize();
  }

  private static long outExtent(AttentionShape s) {
    return rows(s) * s.headSize();
  }

  private static long rows(AttentionShape s) {
    requireExtents(s);
    return (long) s.batch() * s.heads() * s.queryLength();
  }

  private static void requireExtents(AttentionShape s) {
    if (s.batch() < 0
        || s.heads() < 0
        || s.queryLength() < 0
        || s.keyLength() < 0
        || s.headSize() < 0
        || s.queryBatchStride() < 0
        || s.queryRowStride() < 0
        || s.keyBatchStride() < 0
        || s.keyRowStride() < 0) {
      throw new IllegalArgumentException("negative extent in " + s);
    }
  }
}
