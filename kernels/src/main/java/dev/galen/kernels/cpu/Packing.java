package dev.galen.kernels.cpu;

import static dev.galen.kernels.cpu.Lanes.F;
import static dev.galen.kernels.cpu.Lanes.L;
import static dev.galen.kernels.cpu.Microkernels.LDA;
import static dev.galen.kernels.cpu.Tile.COLS;
import static dev.galen.kernels.cpu.Tile.ROWS;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

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

  /**
   * The longest row of a transposed B of which as many as are packed are within reach of an int.
   */
  private static final int FAR = 1 << 22;

  private static final VectorSpecies<Integer> I = F.withLanes(int.class);

  /** The lanes of two vectors in turn: those of their lower halves, and of their upper halves. */
  private static final int[] LOW = inTurn(0);

  private static final int[] HIGH = inTurn(L / 2);

  private static final VectorShuffle<Float> ZIP_LOW = VectorShuffle.makeZip(F, 0);
  private static final VectorShuffle<Float> ZIP_HIGH = VectorShuffle.makeZip(F, 1);

  private Packing() {}

  private static int[] inTurn(int from) {
    return IntStream.range(0, L).map(i -> from + i / 2 + i % 2 * L).toArray();
  }

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
   *
   * @param apart elements from the start of one panel to that of the next; where panels are many,
   *     no multiple of the cache's period, which their rows would share
   */
  static void right(
      MemorySegment b,
      long offset,
      long ldb,
      int j,
      int cols,
      int p,
      int depth,
      float[] panels,
      int apart) {
    boolean near = ldb <= FAR;
    MemorySegment rows = near ? slice(b, offset + p * ldb + j, depth, ldb, cols) : null;
    for (int d = 0; d < depth; d++) {
      MemorySegment row = near ? rows : slice(b, offset + (p + d) * ldb + j, 1, ldb, cols);
      int from = near ? d * (int) ldb : 0;
      int to = d * COLS;
      int c = 0;
      for (; c <= cols - COLS; c += COLS) {
        for (int v = 0; v < COLS; v += L) {
          Lanes.load(row, from + c + v).intoArray(panels, to + v);
        }
        to += apart;
      }
      if (c < cols) {
        MemorySegment.copy(row, FLOAT, 4L * (from + c), panels, to, cols - c);
      }
    }
  }

  /** From element {@code start} on {@code count} rows of {@code width}, {@code ld} apart. */
  private static MemorySegment slice(MemorySegment x, long start, int count, long ld, int width) {
    return Elementwise.slice(x, start, (count - 1) * ld + width);
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
      int apart,
      float[] square) {
    int whole = L == 16 && ldb <= FAR ? depth / L * L : 0;
    MemorySegment rows = whole > 0 ? slice(b, offset + j * ldb + p, cols, ldb, depth) : null;
    for (int c = 0; c < cols; c += L) {
      int panel = c / COLS * apart + c % COLS;
      int height = Math.min(L, cols - c);
      long start = offset + (j + c) * ldb + p;
      int turned = height == L ? whole : 0;
      for (int d = 0; d < turned; d += L) {
        turn16(rows, c * (int) ldb + d, (int) ldb, square, panels, panel + d * COLS);
      }
      for (int d = turned; d < depth; d += L) {
        int width = Math.min(L, depth - d);
        load(b, start + d, ldb, height, width, square);
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

  /**
   * Turns over a whole square of 16 x 16, two rounds at a time: after both, vectors i, i + 4, i + 8
   * and i + 12 have become 4i to 4i + 3. Two vectors are interleaved by one instruction here.
   */
  private static void turn16(
      MemorySegment rows, int from, int ldb, float[] square, float[] panel, int to) {
    for (int i = 0; i < 4; i++) {
      int row = from + i * ldb;
      interleave(
          Lanes.load(rows, row),
          Lanes.load(rows, row + 4 * ldb),
          Lanes.load(rows, row + 8 * ldb),
          Lanes.load(rows, row + 12 * ldb),
          square,
          4 * i * L,
          L);
    }
    for (int i = 0; i < 4; i++) {
      interleave(
          FloatVector.fromArray(F, square, i * L),
          FloatVector.fromArray(F, square, (i + 4) * L),
          FloatVector.fromArray(F, square, (i + 8) * L),
          FloatVector.fromArray(F, square, (i + 12) * L),
          panel,
          to + 4 * i * COLS,
          COLS);
    }
  }

  /** Two rounds of four vectors, whose results go to {@code to}, {@code apart} elements apart. */
  private static void interleave(
      FloatVector a,
      FloatVector b,
      FloatVector c,
      FloatVector d,
      float[] target,
      int to,
      int apart) {
    IntVector low = IntVector.fromArray(I, LOW, 0);
    IntVector high = IntVector.fromArray(I, HIGH, 0);
    IntVector lowAc = low.selectFrom(a.reinterpretAsInts(), c.reinterpretAsInts());
    IntVector highAc = high.selectFrom(a.reinterpretAsInts(), c.reinterpretAsInts());
    IntVector lowBd = low.selectFrom(b.reinterpretAsInts(), d.reinterpretAsInts());
    IntVector highBd = high.selectFrom(b.reinterpretAsInts(), d.reinterpretAsInts());
    low.selectFrom(lowAc, lowBd).reinterpretAsFloats().intoArray(target, to);
    high.selectFrom(lowAc, lowBd).reinterpretAsFloats().intoArray(target, to + apart);
    low.selectFrom(highAc, highBd).reinterpretAsFloats().intoArray(target, to + 2 * apart);
    high.selectFrom(highAc, highBd).reinterpretAsFloats().intoArray(target, to + 3 * apart);
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
