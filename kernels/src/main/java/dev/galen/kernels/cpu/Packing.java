package dev.galen.kernels.cpu;

import static dev.galen.kernels.cpu.Lanes.F;
import static dev.galen.kernels.cpu.Lanes.L;
import static dev.galen.kernels.cpu.Microkernels.LDA;
import static dev.galen.kernels.cpu.Tile.COLS;
import static dev.galen.kernels.cpu.Tile.ROWS;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;

/**
 * Copies pieces of row-major matrices into the panels that {@link Microkernels} read. What lies
 * beyond a matrix's edge is left as it is: it only meets parts of a tile that nobody stores.
 *
 * <p>A left panel is {@code ROWS} rows of A, by rows or by columns as A itself is stored. A right
 * panel is {@code [depth][COLS]}. Only a transposed B has to be turned over, by squares of L x L in
 * log2(L) rounds: a round interleaves vector i with vector i + L/2 into vectors 2i and 2i + 1, and
 * after log2(L) perfect shuffles of a square it is transposed.
 */
final class Packing {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  private static final VectorShuffle<Float> ZIP_LOW = VectorShuffle.makeZip(F, 0);
  private static final VectorShuffle<Float> ZIP_HIGH = VectorShuffle.makeZip(F, 1);

  private Packing() {}

  /** Rows {@code i .. i+rows-1}, columns {@code p .. p+depth-1} of A [., lda], panels by rows. */
  static void leftByRows(
      MemorySegment a, long offset, long lda, int i, int rows, int p, int depth, float[] panel) {
    for (int r = 0; r < rows; r++) {
      MemorySegment.copy(a, FLOAT, offset + (i + r) * lda + p << 2, panel, r * LDA, depth);
    }
  }

  /**
   * The same piece of A stored [k, lda], panels of {@code ROWS} columns, one after another. Whole
   * vectors overrun the end of a row of a panel, which the next row mends; the last row has none.
   */
  static void leftByColumns(
      MemorySegment a, long offset, long lda, int i, int rows, int p, int depth, float[] panel) {
    for (int d = 0; d < depth; d++) {
      long row = offset + (p + d) * lda + i;
      for (int r = 0; r < rows; r += ROWS) {
        int to = r * depth + d * ROWS;
        if (rows - r >= ROWS && d < depth - 1) {
          for (int v = 0; v < ROWS; v += L) {
            Lanes.load(a, row + r + v).intoArray(panel, to + v);
          }
        } else {
          MemorySegment.copy(a, FLOAT, row + r << 2, panel, to, Math.min(ROWS, rows - r));
        }
      }
    }
  }

  /**
   * Rows {@code p .. p+depth-1}, columns {@code j .. j+cols-1} of B [., ldb]; row by row through
   * all panels, because rows lie pages apart.
   */
  static void right(
      MemorySegment b, long offset, long ldb, int j, int cols, int p, int depth, float[] panels) {
    for (int d = 0; d < depth; d++) {
      var row = Elementwise.slice(b, offset + (p + d) * ldb + j, cols);
      int c = 0;
      for (; c <= cols - COLS; c += COLS) {
        int to = c * depth + d * COLS;
        for (int v = 0; v < COLS; v += L) {
          Lanes.load(row, c + v).intoArray(panels, to + v);
        }
      }
      if (c < cols) {
        MemorySegment.copy(row, FLOAT, 4L * c, panels, c * depth + d * COLS, cols - c);
      }
    }
  }

  /** The same piece of B stored [n, ldb]. */
  static void rightTransposed(
      MemorySegment b,
      long offset,
      long ldb,
      int j,
      int cols,
      int p,
      int depth,
      float[] panels,
      float[] square) {
    for (int c = 0; c < cols; c += L) {
      int panel = c / COLS * COLS * depth + c % COLS;
      int height = Math.min(L, cols - c);
      for (int d = 0; d < depth; d += L) {
        int width = Math.min(L, depth - d);
        load(b, offset + (j + c) * ldb + p + d, ldb, height, width, square);
        int from = 0;
        for (int round = 1; round < L; round <<= 1) {
          interleave(square, from, from ^ (L * L));
          from ^= L * L;
        }
        for (int i = 0; i < width; i++) {
          FloatVector.fromArray(F, square, from + i * L).intoArray(panels, panel + (d + i) * COLS);
        }
      }
    }
  }

  private static void load(
      MemorySegment b, long start, long ldb, int height, int width, float[] square) {
    if (width == L) {
      for (int i = 0; i < height; i++) {
        Lanes.load(b, start + i * ldb).intoArray(square, i * L);
      }
    } else {
      for (int i = 0; i < height; i++) {
        MemorySegment.copy(b, FLOAT, start + i * ldb << 2, square, i * L, width);
      }
    }
  }

  private static void interleave(float[] square, int from, int to) {
    for (int i = 0; i < L / 2; i++) {
      var low = FloatVector.fromArray(F, square, from + i * L);
      var high = FloatVector.fromArray(F, square, from + (i + L / 2) * L);
      low.rearrange(ZIP_LOW, high).intoArray(square, to + 2 * i * L);
      low.rearrange(ZIP_HIGH, high).intoArray(square, to + (2 * i + 1) * L);
    }
  }
}
