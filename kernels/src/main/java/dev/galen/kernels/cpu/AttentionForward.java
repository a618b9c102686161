package dev.galen.kernels.cpu;

import static dev.galen.kernels.cpu.AttentionTiles.KEYS;
import static dev.galen.kernels.cpu.AttentionTiles.QUERIES;
import static dev.galen.kernels.cpu.Microkernels.LDA;
import static dev.galen.kernels.cpu.Tile.COLS;

import dev.galen.tensor.backend.AttentionShape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * {@code out = dropout(softmax(scale q k^T + bias + mask)) v}, a task per block of queries of one
 * head, after Dao et al. 2022 (arXiv 2205.14135). For each tile of keys: scores by the microkernel,
 * their maximum and sum folded into the running ones of the row, weights times values added to the
 * running output. Tiles that no row sees are skipped. Memory is one tile per thread.
 */
record AttentionForward(
    AttentionShape shape,
    MemorySegment q,
    MemorySegment k,
    MemorySegment v,
    MemorySegment keyMask,
    DistanceBias bias,
    MemorySegment out,
    MemorySegment logSumExp) {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  /** The most rows of a block of queries. */
  private static final int MOST = 2 * QUERIES;

  /** The length of an array of {@code MOST} rows; a last strip may read a few rows more. */
  private static final int PANEL = (MOST + Tile.ROWS) * LDA;

  void run(WorkerPool pool) {
    int heads = Math.multiplyExact(shape.batch(), shape.heads());
    // Keys and values are packed for each block: large ones, where every thread still has work.
    // Where a window cuts off keys, the block says where its tiles begin, and so the bits.
    boolean many =
        shape.window() == 0
            && (long) heads * Math.ceilDiv(shape.queryLength(), MOST) >= 2L * pool.threads();
    int height = many ? MOST : QUERIES;
    int blocks = Math.ceilDiv(shape.queryLength(), height);
    pool.run(
        Math.multiplyExact(heads, blocks),
        (index, scratch) -> {
          int head = index / blocks % shape.heads();
          int batch = index / blocks / shape.heads();
          block(batch, head, index % blocks * height, height, scratch);
        });
  }

  private void block(int b, int h, int i, int height, Scratch scratch) {
    int rows = Math.min(height, shape.queryLength() - i);
    int size = shape.headSize();
    int width = AttentionTiles.padded(size);
    float[] queries = scratch.floats(0, PANEL);
    float[] panels = scratch.floats(1, Math.max(KEYS * width, size * KEYS));
    float[] square = scratch.floats(2, 2 * Lanes.L * Lanes.L);
    float[] tile = scratch.floats(3, Tile.ROWS * Tile.COLS);
    float[] scores = scratch.floats(4, PANEL);
    float[] sums = scratch.floats(5, MOST * width);
    float[] max = scratch.floats(6, MOST);
    float[] lanes = scratch.floats(7, MOST * Lanes.L);
    float[] factors = scratch.floats(8, LDA);
    float[] diagonals = bias == null ? null : scratch.floats(9, KEYS + MOST + Lanes.L);
    Arrays.fill(max, 0, rows, Float.NEGATIVE_INFINITY);
    Arrays.fill(lanes, 0, rows * Lanes.L, 0f);
    Arrays.fill(sums, 0, rows * width, 0f);
    AttentionTiles.left(
        q,
        AttentionTiles.queryStart(shape, b, h, i),
        shape.queryRowStride(),
        rows,
        size,
        (float) shape.scale(),
        queries);
    int end = shape.endKey(i + rows - 1);
    int first = shape.firstKey(i);
    for (int j = first; j < end; j += KEYS) {
      int keys = Math.min(KEYS, end - j);
      long start = AttentionTiles.keyStart(shape, b, h, j);
      long stride = shape.keyRowStride();
      Packing.rightTransposed(k, start, stride, 0, keys, 0, size, panels, COLS * size, square);
      AttentionTiles.multiply(
          false, queries, rows, panels, keys, size, tile, scores, 0, LDA, false);
      if (bias != null) {
        bias.pack(h, i, rows, j, keys, diagonals);
      }
      MemorySegment mask =
          keyMask == null ? null : keyMask.asSlice((long) b * shape.keyLength() + j);
      for (int r = 0; r < rows; r++) {
        int seen = Math.clamp(shape.endKey(i + r) - j, 0, keys);
        int hidden = Math.clamp(shape.firstKey(i + r) - j, 0, seen);
        if (bias != null) {
          DistanceBias.add(diagonals, r, rows, scores, r * LDA, keys);
        }
        AttentionTiles.hide(scores, r * LDA, hidden, seen, keys, mask);
        float larger = Math.max(max[r], AttentionTiles.max(scores, r * LDA, keys));
        float shift = larger == Float.NEGATIVE_INFINITY ? 0 : larger;
        float rescale = j == first ? 0 : (float) Math.exp(max[r] - shift);
        AttentionTiles.exp(scores, r * LDA, keys, shift, rescale, lanes, r * Lanes.L);
        max[r] = larger;
        if (j > first && rescale != 1) {
          AttentionTiles.scale(sums, r * width, width, rescale);
        }
        if (shape.dropout() > 0) {
          long number = AttentionTiles.rowNumber(shape, b, h, i + r) * shape.keyLength() + j;
          AttentionTiles.dropout(shape, number, keys, scratch.words(), factors);
          AttentionTiles.multiply(scores, r * LDA, factors, keys);
        }
      }
      Packing.right(v, start, stride, 0, size, 0, keys, panels, COLS * keys);
      AttentionTiles.multiply(false, scores, rows, panels, size, keys, tile, sums, 0, width, true);
    }
    for (int r = 0; r < rows; r++) {
      float norm = Lanes.sum(lanes, r * Lanes.L);
      boolean blind = norm == 0;
      AttentionTiles.scale(sums, r * width, width, blind ? 0 : 1 / norm);
      if (logSumExp != null) {
        logSumExp.setAtIndex(
            FLOAT,
            AttentionTiles.rowNumber(shape, b, h, i + r),
            blind ? Float.NEGATIVE_INFINITY : (float) (max[r] + Math.log(norm)));
      }
    }
    AttentionTiles.write(
        sums,
        0,
        width,
        rows,
        size,
        1,
        out,
        AttentionTiles.outStart(shape, b, h, i),
        (long) shape.heads() * size);
  }
}
