package dev.galen.kernels.cpu;

import static dev.galen.kernels.cpu.Lanes.F;
import static dev.galen.kernels.cpu.Lanes.L;
import static dev.galen.kernels.cpu.Microkernels.DEPTH;
import static dev.galen.kernels.cpu.Microkernels.LDA;
import static dev.galen.kernels.cpu.Tile.COLS;
import static dev.galen.kernels.cpu.Tile.ROWS;

import dev.galen.tensor.backend.MatmulShape;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * The blocked product {@code C = op(A) op(B) + bias}.
 *
 * <p>C is cut into tasks of at most 512 rows by {@code TASK_COLS} columns, fewer rows where there
 * would not be two tasks for each thread. A task walks the summed dimension in blocks of {@code
 * DEPTH}: it packs its piece of B (384 KiB, which stay in L2), then for {@code ROWS} rows of A at a
 * time (12 KiB, which stay in L1) sweeps the microkernel over the panels of B. Packing reads
 * memory, so a piece of B should serve many rows: with 512 of them and B transposed, packing takes
 * a tenth of the time. Each element of C is a chain of fused multiply-adds over each block, blocks
 * added in order: the bits depend on k alone.
 *
 * <p>Measure again with {@code MatmulSpeed} in this module's tests. On one core of an EPYC with
 * AVX-512 whose multiply-add peak is 116 GFLOP/s the microkernel reaches 116.
 */
final class Gemm {
  private static final int TASK_COLS = 384;
  private static final int GROUP = 8 * ROWS;

  /** Elements from one panel of B to the next; not a multiple of the cache's period. */
  private static final int APART = DEPTH * COLS + 3 * L;

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
      boolean accumulate,
      int threads) {
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
    long columns = (long) shape.batch() * colTasks;
    int most = 512;
    while (most > 128 && columns * ceil(shape.m(), most) < 2L * threads) {
      most /= 2;
    }
    while (most > ROWS && (long) most * shape.n() > Integer.MAX_VALUE) {
      most /= 2; // a task's part of C stays within reach of an int
    }
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
    var gemm = new Gemm(shape, a, b, bias, c, accumulate, pool.threads());
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
    float[] right = scratch.floats(1, TASK_COLS / COLS * APART);
    float[] square = scratch.floats(2, 2 * L * L);
    float[] tile = scratch.floats(3, ROWS * COLS);
    MemorySegment target =
        Elementwise.slice(
            c, batch * shape.strideC() + (long) i * shape.n() + j, (rows - 1L) * shape.n() + cols);
    int p = 0;
    do {
      int depth = Math.min(DEPTH, shape.k() - p);
      if (shape.transposeB()) {
        Packing.rightTransposed(b, offsetB, ldb, j, cols, p, depth, right, APART, square);
      } else {
        Packing.right(b, offsetB, ldb, j, cols, p, depth, right, APART);
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
          int at = (g + r) * shape.n();
          for (int q = 0; q < cols; q += COLS) {
            if (shape.transposeA()) {
              Tile.byColumns(strip, left, r * depth, right, q / COLS * APART, depth, tile);
            } else {
              Tile.byRows(strip, left, 0, right, q / COLS * APART, depth, tile);
            }
            if (p == 0 && bias != null) {
              addBias(tile, j + q);
            }
            merge(tile, target, at + q, Math.min(COLS, cols - q), strip, p == 0);
          }
        }
      }
      p += depth;
    } while (p < shape.k());
  }

  /** Adds a tile to the task's part of C from element {@code at}, or puts it there. */
  private void merge(
      float[] tile, MemorySegment target, int at, int cols, int strip, boolean first) {
    int n = shape.n();
    boolean add = accumulate || !first;
    if (cols < COLS) {
      mergeNarrow(tile, target, at, cols, strip, add);
    } else if (add) {
      for (int r = 0; r < strip; r++) {
        add(tile, r * COLS, target, at + r * n);
        add(tile, r * COLS + L, target, at + r * n + L);
      }
    } else {
      for (int r = 0; r < strip; r++) {
        Lanes.store(FloatVector.fromArray(F, tile, r * COLS), target, at + r * n);
        Lanes.store(FloatVector.fromArray(F, tile, r * COLS + L), target, at + r * n + L);
      }
    }
  }

  private static void add(float[] tile, int from, MemorySegment target, int to) {
    var sum = Lanes.load(target, to).add(FloatVector.fromArray(F, tile, from));
    Lanes.store(sum, target, to);
  }

  private void mergeNarrow(
      float[] tile, MemorySegment target, int at, int cols, int strip, boolean add) {
    for (int r = 0; r < strip; r++) {
      for (int v = 0; v < cols; v += L) {
        int to = at + r * shape.n() + v;
        var mask = Lanes.tail(v, cols);
        var sum = FloatVector.fromArray(F, tile, r * COLS + v);
        Lanes.store(add ? Lanes.load(target, to, mask).add(sum) : sum, target, to, mask);
      }
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
