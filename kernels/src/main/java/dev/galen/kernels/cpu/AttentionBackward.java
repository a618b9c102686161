package dev.galen.kernels.cpu;

import static dev.galen.kernels.cpu.AttentionTiles.KEYS;
import static dev.galen.kernels.cpu.AttentionTiles.PANEL;
import static dev.galen.kernels.cpu.AttentionTiles.QUERIES;
import static dev.galen.kernels.cpu.Lanes.F;
import static dev.galen.kernels.cpu.Lanes.L;
import static dev.galen.kernels.cpu.Microkernels.LDA;
import static dev.galen.kernels.cpu.Tile.COLS;

import dev.galen.tensor.backend.AttentionShape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * The gradients of attention, a task per head of keys, after Dao et al. 2022 (arXiv 2205.14135).
 * For each tile of keys and block of queries, with Z the dropout's factors and D = rowsum(dOut
 * out):
 *
 * <pre>
 * P  = e^(scale Q K^T + bias - logSumExp)   dV += (P Z)^T dOut
 * dS = P (Z dOut V^T - D)               dQ += scale dS K      dK += scale dS^T Q
 * </pre>
 *
 * Five products by the microkernels. dK and dV of a tile and dQ of the query heads that share it
 * stay in arrays of the thread until they are complete, so that memory is linear in the length and
 * nothing is added to memory twice. What a bias by distance gets of each head and batch goes into
 * {@code biasSums}, whose batches the caller adds up in order.
 */
record AttentionBackward(
    AttentionShape shape,
    MemorySegment q,
    MemorySegment k,
    MemorySegment v,
    MemorySegment keyMask,
    DistanceBias bias,
    MemorySegment out,
    MemorySegment logSumExp,
    MemorySegment dOut,
    MemorySegment dQ,
    MemorySegment dK,
    MemorySegment dV,
    float[] biasSums) {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  /** The sums of a head's distances, with room for a whole vector behind the last. */
  static int biasWidth(AttentionShape shape) {
    return shape.biasRows() + L;
  }

  void run(WorkerPool pool) {
    pool.run(
        Math.multiplyExact(shape.batch(), shape.keyHeads()),
        (index, scratch) ->
            new Group(index / shape.keyHeads(), index % shape.keyHeads(), scratch).run());
  }

  /** One head of keys of one batch, the query heads that share it, and their arrays. */
  private final class Group {
    final int b;
    final int firstHead;
    final int endHead;
    final int size = shape.headSize();
    final int width = AttentionTiles.padded(size);
    final long keyStride = shape.keyRowStride();
    final long queryStride = shape.queryRowStride();
    final long outStride = (long) shape.heads() * size;
    final float[] left;
    final float[] right;
    final float[] square;
    final float[] tile;
    final float[] weights;
    final float[] slopes;
    final float[] keysTurned;
    final float[] valuesTurned;
    final float[] keysAhead;
    final float[] dQueries;
    final float[] dKeys;
    final float[] dValues;
    final float[] factors;
    final float[] dots;
    final float[] diagonals;
    final int[] words;

    Group(int b, int keyHead, Scratch scratch) {
      this.b = b;
      firstHead = keyHead * shape.group();
      endHead = firstHead + shape.group();
      int rows = Math.multiplyExact(shape.group(), shape.queryLength());
      left = scratch.floats(0, PANEL);
      right = scratch.floats(1, QUERIES * width);
      square = scratch.floats(2, 2 * L * L);
      tile = scratch.floats(3, Tile.ROWS * Tile.COLS);
      weights = scratch.floats(4, PANEL);
      slopes = scratch.floats(5, PANEL);
      keysTurned = scratch.floats(6, size * KEYS);
      valuesTurned = scratch.floats(7, size * KEYS);
      keysAhead = scratch.floats(8, KEYS * width);
      dQueries = scratch.floats(9, Math.multiplyExact(rows, width));
      dKeys = scratch.floats(10, KEYS * width);
      dValues = scratch.floats(11, KEYS * width);
      factors = scratch.floats(12, LDA);
      dots = scratch.floats(13, rows);
      diagonals = bias == null ? null : scratch.floats(14, KEYS + QUERIES + L);
      words = scratch.words();
    }

    void run() {
      int length = shape.queryLength();
      Arrays.fill(dQueries, 0, (endHead - firstHead) * length * width, 0f);
      for (int h = firstHead; h < endHead; h++) {
        for (int t = 0; t < length; t++) {
          dots[row(h, t)] = Rows.dot(dOut, out, AttentionTiles.outStart(shape, b, h, t), size);
        }
      }
      for (int j = 0; j < shape.keyLength(); j += KEYS) {
        tile(j, Math.min(KEYS, shape.keyLength() - j));
      }
      for (int h = firstHead; h < endHead; h++) {
        AttentionTiles.write(
            dQueries,
            row(h, 0) * width,
            width,
            length,
            size,
            (float) shape.scale(),
            dQ,
            AttentionTiles.queryStart(shape, b, h, 0),
            queryStride);
      }
    }

    /** Where head h of this batch begins in the sums of the bias's gradient. */
    private int biasStart(int h) {
      return (b * shape.heads() + h) * biasWidth(shape);
    }

    /** The place of row t of head h in the arrays of the group. */
    private int row(int h, int t) {
      return (h - firstHead) * shape.queryLength() + t;
    }

    private void tile(int j, int keys) {
      Arrays.fill(dKeys, 0, keys * width, 0f);
      Arrays.fill(dValues, 0, keys * width, 0f);
      long start = AttentionTiles.keyStart(shape, b, firstHead, j);
      Packing.rightTransposed(
          k, start, keyStride, 0, keys, 0, size, keysTurned, COLS * size, square);
      Packing.rightTransposed(
          v, start, keyStride, 0, keys, 0, size, valuesTurned, COLS * size, square);
      Packing.right(k, start, keyStride, 0, size, 0, keys, keysAhead, COLS * keys);
      for (int h = firstHead; h < endHead; h++) {
        for (int i = 0; i < shape.queryLength(); i += QUERIES) {
          int rows = Math.min(QUERIES, shape.queryLength() - i);
          if (shape.endKey(i + rows - 1) > j && shape.firstKey(i) < j + keys) {
            block(h, i, rows, j, keys);
          }
        }
      }
      float scale = (float) shape.scale();
      AttentionTiles.write(dKeys, 0, width, keys, size, scale, dK, start, keyStride);
      AttentionTiles.write(dValues, 0, width, keys, size, 1, dV, start, keyStride);
    }

    private void block(int h, int i, int rows, int j, int keys) {
      long queryStart = AttentionTiles.queryStart(shape, b, h, i);
      long outStart = AttentionTiles.outStart(shape, b, h, i);
      float scale = (float) shape.scale();
      AttentionTiles.left(q, queryStart, queryStride, rows, size, scale, left);
      AttentionTiles.multiply(
          false, left, rows, keysTurned, keys, size, tile, weights, 0, LDA, false);
      AttentionTiles.left(dOut, outStart, outStride, rows, size, 1, left);
      AttentionTiles.multiply(
          false, left, rows, valuesTurned, keys, size, tile, slopes, 0, LDA, false);
      MemorySegment mask =
          keyMask == null ? null : keyMask.asSlice((long) b * shape.keyLength() + j);
      if (bias != null) {
        bias.pack(h, i, rows, j, keys, diagonals);
      }
      for (int r = 0; r < rows; r++) {
        if (bias != null) {
          DistanceBias.add(diagonals, r, rows, weights, r * LDA, keys);
        }
        row(h, i + r, r * LDA, j, keys, mask);
        if (biasSums != null) {
          int distance = j - (i + r) + shape.queryLength() - 1;
          DistanceBias.addTo(biasSums, biasStart(h) + distance, slopes, r * LDA, keys);
        }
      }
      Packing.right(dOut, outStart, outStride, 0, size, 0, rows, right, COLS * rows);
      AttentionTiles.multiply(
          true, weights, keys, right, size, rows, tile, dValues, 0, width, true);
      Packing.right(q, queryStart, queryStride, 0, size, 0, rows, right, COLS * rows);
      AttentionTiles.multiply(true, slopes, keys, right, size, rows, tile, dKeys, 0, width, true);
      AttentionTiles.multiply(
          false,
          slopes,
          rows,
          keysAhead,
          size,
          keys,
          tile,
          dQueries,
          row(h, i) * width,
          width,
          true);
    }

    /** Turns a row of scores into P Z, and of dOut V^T into dS. */
    private void row(int h, int t, int at, int j, int keys, MemorySegment mask) {
      int seen = Math.clamp(shape.endKey(t) - j, 0, keys);
      int hidden = Math.clamp(shape.firstKey(t) - j, 0, seen);
      AttentionTiles.hide(weights, at, hidden, seen, keys, mask);
      long number = AttentionTiles.rowNumber(shape, b, h, t);
      float sum = logSumExp.getAtIndex(FLOAT, number);
      float shift = sum == Float.NEGATIVE_INFINITY ? 0 : sum;
      if (shape.dropout() > 0) {
        AttentionTiles.dropout(shape, number * shape.keyLength() + j, keys, words, factors);
      } else {
        Arrays.fill(factors, 0, LDA, 1f);
      }
      float dot = dots[row(h, t)];
      for (int c = 0; c < keys; c += L) {
        var p = VectorMath.exp(FloatVector.fromArray(F, weights, at + c).sub(shift));
        var z = FloatVector.fromArray(F, factors, c);
        var slope = FloatVector.fromArray(F, slopes, at + c);
        p.mul(z).intoArray(weights, at + c);
        // What lies beyond the last key is the rest of an old panel: it must not meet a weight.
        var dS = p.mul(slope.mul(z).sub(dot));
        dS.blend(0f, p.eq(0f)).intoArray(slopes, at + c);
      }
    }
  }
}
