package dev.galen.kernels.cpu;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.AttentionKernels;
import dev.galen.tensor.backend.AttentionShape;
import dev.galen.tensor.backend.Span;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Chooses how attention is computed: by tiles, or row by row where there are few queries. Heads
 * wider than a panel is deep are the reference's.
 */
final class VectorAttention implements AttentionKernels {
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

  private final WorkerPool pool;
  private final AttentionKernels reference;
  private float[] biasSums = {};

  VectorAttention(WorkerPool pool, AttentionKernels reference) {
    this.pool = pool;
    this.reference = reference;
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
    if (!F32.all(q, k, v, bias, out, logSumExp) || shape.headSize() > Microkernels.DEPTH) {
      reference.attention(shape, q, k, v, keyMask, bias, out, logSumExp);
      return;
    }
    VectorRandom.requireProbability(shape.dropout());
    var queries = F32.memory("q", q, queryExtent(shape));
    var keys = F32.memory("k", k, keyExtent(shape));
    var values = F32.memory("v", v, keyExtent(shape));
    var mask = mask(shape, keyMask);
    var outs = F32.memory("out", out, outExtent(shape));
    var sums = F32.memory("logSumExp", logSumExp, rows(shape));
    var distances = bias(shape, bias, shape.biasRows(), shape.queryLength() - 1);
    if (LeftPadding.isIn(shape, mask)) {
      new LeftPadding(shape, queries, keys, values, mask, distances, outs, sums).run(pool);
    } else {
      forward(pool, shape, Tile.ROWS, queries, keys, values, mask, distances, outs, sums);
    }
    F32.keep(q, k, v, keyMask, bias, out, logSumExp);
  }

  /** By tiles unless there are fewer queries than {@code many}. */
  static void forward(
      WorkerPool pool,
      AttentionShape shape,
      int many,
      MemorySegment q,
      MemorySegment k,
      MemorySegment v,
      MemorySegment keyMask,
      DistanceBias bias,
      MemorySegment out,
      MemorySegment logSumExp) {
    if (shape.queryLength() < many) {
      new AttentionDecode(shape, q, k, v, keyMask, bias, out, logSumExp).run(pool);
    } else {
      new AttentionForward(shape, q, k, v, keyMask, bias, out, logSumExp).run(pool);
    }
  }

  private static DistanceBias bias(AttentionShape shape, Span bias, int rows, int origin) {
    return bias == null
        ? null
        : new DistanceBias(
            F32.memory("bias", bias, F32.area(rows, shape.heads())), shape.heads(), origin);
  }

  /**
   * Sequences of one length are attended to together, others one by one; by tiles where products
   * are, so that a sequence has the same bits beside a longer one.
   */
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
    if (!F32.all(q, k, v, keyCache, valueCache, bias, out)
        || lengths.dtype() != DType.I32
        || shape.headSize() > Microkernels.DEPTH) {
      reference.attentionWithCache(shape, q, k, v, lengths, keyCache, valueCache, bias, out);
      return;
    }
    shape.requireCache();
    var queries = F32.memory("q", q, queryExtent(shape));
    var keys = F32.memory("keyCache", keyCache, keyExtent(shape));
    var values = F32.memory("valueCache", valueCache, keyExtent(shape));
    var outs = F32.memory("out", out, outExtent(shape));
    var filled = F32.memory("lengths", lengths, shape.batch());
    boolean equal = true;
    for (int b = 0; b < shape.batch(); b++) {
      int length = filled.getAtIndex(INT, b);
      shape.requireRoom(b, length);
      equal &= length == filled.getAtIndex(INT, 0);
    }
    append(
        shape,
        F32.memory("k", k, newKeyExtent(shape)),
        F32.memory("v", v, newKeyExtent(shape)),
        filled,
        keys,
        values);
    int time = shape.queryLength();
    if (equal && shape.batch() > 0) {
      var all = shape.with(shape.batch(), filled.getAtIndex(INT, 0) + time);
      var distances = cacheBias(shape, bias, filled.getAtIndex(INT, 0));
      forward(pool, all, Matvec.FEW + 1, queries, keys, values, null, distances, outs, null);
    } else {
      for (int b = 0; b < shape.batch(); b++) {
        forward(
            pool,
            shape.with(1, filled.getAtIndex(INT, b) + time),
            Matvec.FEW + 1,
            from(queries, b * shape.queryBatchStride()),
            from(keys, b * shape.keyBatchStride()),
            from(values, b * shape.keyBatchStride()),
            null,
            cacheBias(shape, bias, filled.getAtIndex(INT, b)),
            from(outs, AttentionTiles.outStart(shape, b, 0, 0)),
            null);
      }
    }
    F32.keep(q, k, v, lengths, keyCache, valueCache, bias, out);
  }

  /** The bias of a sequence that had {@code length} positions. */
  private static DistanceBias cacheBias(AttentionShape shape, Span bias, int length) {
    return bias(shape, bias, shape.cacheBiasRows(), shape.keyLength() - 1 - length);
  }

  /** Row i of sequence b's new keys and values goes behind those that it has. */
  private void append(
      AttentionShape shape,
      MemorySegment k,
      MemorySegment v,
      MemorySegment lengths,
      MemorySegment keys,
      MemorySegment values) {
    int time = shape.queryLength();
    int width = shape.keyHeads() * shape.headSize();
    pool.rows(
        Math.multiplyExact(shape.batch(), time),
        VectorReduce.block(width),
        (first, end, _) -> {
          for (int row = first; row < end; row++) {
            int b = row / time;
            int i = row % time;
            long source = AttentionTiles.queryStart(shape, b, 0, i) << 2;
            int place = lengths.getAtIndex(INT, b) + i;
            long target = AttentionTiles.keyStart(shape, b, 0, place) << 2;
            MemorySegment.copy(k, source, keys, target, 4L * width);
            MemorySegment.copy(v, source, values, target, 4L * width);
          }
        });
  }

  private static MemorySegment from(MemorySegment x, long start) {
    return x.asSlice(Math.min(start << 2, x.byteSize()));
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
    if (!F32.all(q, k, v, bias, out, logSumExp, dOut, dQ, dK, dV, dBias)
        || shape.headSize() > Microkernels.DEPTH) {
      reference.attentionBackward(
          shape, q, k, v, keyMask, bias, out, logSumExp, dOut, dQ, dK, dV, dBias);
      return;
    }
    VectorRandom.requireProbability(shape.dropout());
    new AttentionBackward(
            shape,
            F32.memory("q", q, queryExtent(shape)),
            F32.memory("k", k, keyExtent(shape)),
            F32.memory("v", v, keyExtent(shape)),
            mask(shape, keyMask),
            bias(shape, bias, shape.biasRows(), shape.queryLength() - 1),
            F32.memory("out", out, outExtent(shape)),
            F32.memory("logSumExp", logSumExp, rows(shape)),
            F32.memory("dOut", dOut, outExtent(shape)),
            F32.memory("dQ", dQ, queryExtent(shape)),
            F32.memory("dK", dK, keyExtent(shape)),
            F32.memory("dV", dV, keyExtent(shape)),
            dBias == null ? null : biasSums(shape))
        .run(pool);
    if (dBias != null) {
      addBiasSums(shape, bias(shape, dBias, shape.biasRows(), 0));
    }
    F32.keep(q, k, v, keyMask, bias, out, logSumExp, dOut, dQ, dK, dV, dBias);
  }

  /** Zeros for the sums of each batch, head and distance. */
  private float[] biasSums(AttentionShape shape) {
    int rows = Math.multiplyExact(shape.batch(), shape.heads());
    int length = Math.multiplyExact(rows, AttentionBackward.biasWidth(shape));
    if (biasSums.length < length) {
      biasSums = new float[length];
    }
    Arrays.fill(biasSums, 0, length, 0f);
    return biasSums;
  }

  /** Adds the batches up, in their order. */
  private void addBiasSums(AttentionShape shape, DistanceBias dBias) {
    int width = AttentionBackward.biasWidth(shape);
    pool.rows(
        shape.heads(),
        1,
        (first, end, _) -> {
          for (int h = first; h < end; h++) {
            for (int r = 0; r < shape.biasRows(); r++) {
              float sum = 0;
              for (int b = 0; b < shape.batch(); b++) {
                sum += biasSums[(b * shape.heads() + h) * width + r];
              }
              dBias.add(h, r, sum);
            }
          }
        });
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

  /** Of keys that lie as the queries do. */
  private static long newKeyExtent(AttentionShape s) {
    requireExtents(s);
    return s.batch() == 0 || s.queryLength() == 0
        ? 0
        : AttentionTiles.queryStart(s, s.batch() - 1, s.keyHeads(), s.queryLength() - 1);
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
