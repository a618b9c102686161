package dev.galen.kernels.cpu;

import static dev.galen.kernels.cpu.Lanes.F;
import static dev.galen.kernels.cpu.Lanes.L;
import static dev.galen.kernels.cpu.Microkernels.DEPTH;
import static dev.galen.kernels.cpu.Microkernels.LDA;
import static dev.galen.kernels.cpu.Tile.COLS;
import static dev.galen.kernels.cpu.Tile.ROWS;

import dev.galen.tensor.backend.MatmulShape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;

/**
 * The blocked product {@code C = op(A) op(B) + bias}.
 *
 * <p>C is cut into tasks of at most 256 rows by {@code TASK_COLS} columns. A task walks the summed
 * dimension in blocks of {@code DEPTH}: it packs its piece of B (384 KiB, which stay in L2), then
 * for {@code ROWS} rows of A at a time (12 KiB, which stay in L1) sweeps the microkernel over the
 * panels of B. Each piece of A is packed just before its one use, so that packing costs about one
 * part in a hundred. Each element of C is a chain of fused multiply-adds over each block, blocks
 * added in order: the bits depend on k alone.
 *
 * <p>Measure again with {@code MatmulSpeed} in this module's tests. On one core of an EPYC with
 * AVX-512 whose multiply-add peak is 116 GFLOP/s the microkernel reaches 116.
 */
final class Gemm {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final int TASK_COLS = 384;
  private static final int GROUP = 8 * ROWS;

  private final MatmulShape shape;
  private final MemorySegment a;
  private final MemorySegment b;
  private final MemorySegment bias;
  private final MemorySegment c;
  private final boolean accumulate;
  private final long lda;
  private final long ldb;
  private final int taskRows;
  private final int taskCols;
  private final int rowTasks;
  private final int colTasks;

  private Gemm(
      MatmulShape shape,
      MemorySegment a,
      MemorySegment b,
      MemorySegment bias,
      MemorySegment c,
      boolean accumulate) {
    this.shape = shape;
    this.a = a;
    this.b = b;
    this.bias = bias;
    this.c = c;
    this.accumulate = accumulate;
    this.lda = shape.transposeA() ? shape.m() : shape.k();
    this.ldb = shape.transposeB() ? shape.k() : shape.n();
    int panels = ceil(shape.n(), COLS);
    this.taskCols = ceil(panels, ceil(shape.n(), TASK_COLS)) * COLS;
    this.colTasks = ceil(shape.n(), taskCols);
    int most = (long) shape.batch() * colTasks * ceil(shape.m(), 256) >= 8 ? 256 : 128;
    int strips = ceil(shape.m(), ROWS);
    this.taskRows = ceil(strips, ceil(shape.m(), most)) * ROWS;
    this.rowTasks = ceil(shape.m(), taskRows);
  }

  static void multiply(
      WorkerPool pool,
      MatmulShape shape,
      MemorySegment a,
      MemorySegment b,
      MemorySegment bias,
      MemorySegment c,
      boolean accumulate) {
    var gemm = new Gemm(shape, a, b, bias, c, accumulate);
    pool.run(Math.multiplyExact(shape.batch(), gemm.rowTasks * gemm.colTasks), gemm::task);
  }

  private void task(int index, Scratch scratch) {
    int batch = index / (rowTasks * colTasks);
    int i = index / colTasks % rowTasks * taskRows;
    int j = index % colTasks * taskCols;
    int rows = Math.min(taskRows, shape.m() - i);
    int cols = Math.min(taskCols, shape.n() - j);
    long offsetA = batch * shape.strideA();
    long offsetB = batch * shape.strideB();
    float[] left = scratch.floats(0, 8 * ROWS * LDA);
    float[] right = scratch.floats(1, DEPTH * TASK_COLS);
    float[] square = scratch.floats(2, 2 * L * L);
    float[] tile = scratch.floats(3, ROWS * COLS);
    int p = 0;
    do {
      int depth = Math.min(DEPTH, shape.k() - p);
      if (shape.transposeB()) {
        Packing.rightTransposed(b, offsetB, ldb, j, cols, p, depth, right, square);
      } else {
        Packing.right(b, offsetB, ldb, j, cols, p, depth, right);
      }
      for (int g = 0; g < rows; g += GROUP) {
        int group = Math.min(GROUP, rows - g);
        if (shape.transposeA()) {
          Packing.leftByColumns(a, offsetA, lda, i + g, group, p, depth, left);
        }
        for (int r = 0; r < group; r += ROWS) {
          int strip = Math.min(ROWS, group - r);
          if (!shape.transposeA()) {
            Packing.leftByRows(a, offsetA, lda, i + g + r, strip, p, depth, left);
          }
          long at = batch * shape.strideC() + (long) (i + g + r) * shape.n() + j;
          for (int q = 0; q < cols; q += COLS) {
            if (shape.transposeA()) {
              Tile.byColumns(strip, left, r * depth, right, q * depth, depth, tile);
            } else {
              Tile.byRows(strip, left, 0, right, q * depth, depth, tile);
            }
            if (p == 0 && bias != null) {
              addBias(tile, j + q);
            }
            merge(tile, at + q, j + q, strip, p == 0);
          }
        }
      }
      p += depth;
    } while (p < shape.k());
  }

  /** Adds a tile to C from element {@code at}, or puts it there; {@code j} is its first column. */
  private void merge(float[] tile, long at, int j, int strip, boolean first) {
    boolean add = accumulate || !first;
    int cols = Math.min(COLS, shape.n() - j);
    for (int r = 0; r < strip; r++) {
      long to = at + (long) r * shape.n();
      if (!add) {
        MemorySegment.copy(tile, r * COLS, c, FLOAT, to << 2, cols);
      } else if (cols == COLS) {
        add(tile, r * COLS, to);
        add(tile, r * COLS + L, to + L);
      } else {
        addNarrow(tile, r * COLS, to, cols);
      }
    }
  }

  private void add(float[] tile, int from, long to) {
    Lanes.store(Lanes.load(c, to).add(FloatVector.fromArray(F, tile, from)), c, to);
  }

  private void addNarrow(float[] tile, int from, long to, int cols) {
    for (int v = 0; v < cols; v += L) {
      var mask = Lanes.tail(v, cols);
      var sum = Lanes.load(c, to + v, mask).add(FloatVector.fromArray(F, tile, from + v));
      Lanes.store(sum, c, to + v, mask);
    }
  }

  /** Adds the bias to a tile. */
  private void addBias(float[] tile, int j) {
    for (int v = 0; v < COLS && j + v < shape.n(); v += L) {
      var addend = Lanes.load(bias, j + v, Lanes.tail(j + v, shape.n()));
      for (int r = 0; r < ROWS; r++) {
        int at = r * COLS + v;
        FloatVector.fromArray(F, tile, at).add(addend).intoArray(tile, at);
      }
    }
  }

  private static int ceil(int count, int size) {
    return (count + size - 1) / size;
  }
}
