package dev.galen.kernels.cpu;

import static dev.galen.kernels.cpu.Lanes.L;
import static dev.galen.kernels.cpu.Lanes.load;
import static dev.galen.kernels.cpu.Lanes.store;
import static dev.galen.kernels.cpu.Lanes.tail;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.EmbeddingKernels;
import dev.galen.tensor.backend.Span;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Rows by index. What adds to rows gives each task a strip of columns, down which it adds all rows
 * in their order: no two threads meet at one row of the table, and the order of the sums is fixed.
 */
final class VectorEmbedding implements EmbeddingKernels {
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final int STRIP = 128;

  private final WorkerPool pool;
  private final EmbeddingKernels reference;

  VectorEmbedding(WorkerPool pool, EmbeddingKernels reference) {
    this.pool = pool;
    this.reference = reference;
  }

  @Override
  public void gather(Span table, Span ids, Span y, int rows, int cols, int tableRows) {
    if (table.dtype() != y.dtype() || ids.dtype() != DType.I32) {
      reference.gather(table, ids, y, rows, cols, tableRows);
      return;
    }
    var from = F32.memory("table", table, (long) tableRows * cols);
    var to = F32.memory("y", y, (long) rows * cols);
    var indices = ids(ids, rows, tableRows);
    long bytes = (long) cols * y.dtype().byteSize();
    pool.rows(
        rows,
        VectorReduce.block(cols),
        (first, end, _) -> {
          for (int row = first; row < end; row++) {
            long id = indices.getAtIndex(INT, row);
            MemorySegment.copy(from, id * bytes, to, row * bytes, bytes);
          }
        });
    F32.keep(table, ids, y);
  }

  @Override
  public void gatherBackward(Span dY, Span ids, Span dTable, int rows, int cols, int tableRows) {
    if (!F32.all(dY, dTable) || ids.dtype() != DType.I32) {
      reference.gatherBackward(dY, ids, dTable, rows, cols, tableRows);
      return;
    }
    var from = F32.memory("dY", dY, (long) rows * cols);
    var to = F32.memory("dTable", dTable, (long) tableRows * cols);
    var indices = ids(ids, rows, tableRows);
    pool.rows(
        cols,
        STRIP,
        (first, end, _) -> {
          for (int row = 0; row < rows; row++) {
            long id = indices.getAtIndex(INT, row);
            add(from, (long) row * cols + first, to, id * cols + first, end - first);
          }
        });
    F32.keep(dY, ids, dTable);
  }

  private static void add(MemorySegment x, long xFrom, MemorySegment y, long yFrom, int n) {
    int j = 0;
    for (; j <= n - L; j += L) {
      store(load(y, yFrom + j).add(load(x, xFrom + j)), y, yFrom + j);
    }
    if (j < n) {
      var mask = tail(j, n);
      store(load(y, yFrom + j, mask).add(load(x, xFrom + j, mask)), y, yFrom + j, mask);
    }
  }

  @Override
  public void scatter(Span x, Span ids, Span weights, Span y, int rows, int cols, int yRows) {
    if (!F32.all(x, weights, y) || ids.dtype() != DType.I32) {
      reference.scatter(x, ids, weights, y, rows, cols, yRows);
      return;
    }
    var from = F32.memory("x", x, F32.area(rows, cols));
    var factors = F32.memory("weights", weights, rows);
    var to = F32.memory("y", y, F32.area(yRows, cols));
    var indices = ids(ids, rows, yRows);
    pool.rows(
        cols,
        STRIP,
        (first, end, _) -> {
          for (int row = 0; row < rows; row++) {
            long id = indices.getAtIndex(INT, row);
            float factor = factors.getAtIndex(FLOAT, row);
            addScaled(factor, from, (long) row * cols + first, to, id * cols + first, end - first);
          }
        });
    F32.keep(x, ids, weights, y);
  }

  @Override
  public void scatterBackward(
      Span x,
      Span ids,
      Span weights,
      Span dY,
      Span dX,
      Span dWeights,
      int rows,
      int cols,
      int yRows) {
    if (!F32.all(x, weights, dY, dX, dWeights) || ids.dtype() != DType.I32) {
      reference.scatterBackward(x, ids, weights, dY, dX, dWeights, rows, cols, yRows);
      return;
    }
    var xs = F32.memory("x", x, F32.area(rows, cols));
    var factors = F32.memory("weights", weights, rows);
    var from = F32.memory("dY", dY, F32.area(yRows, cols));
    var to = F32.memory("dX", dX, F32.area(rows, cols));
    var dots = dWeights == null ? null : F32.memory("dWeights", dWeights, rows);
    var indices = ids(ids, rows, yRows);
    pool.rows(
        rows,
        VectorReduce.block(cols),
        (first, end, _) -> {
          for (int row = first; row < end; row++) {
            long source = (long) indices.getAtIndex(INT, row) * cols;
            long at = (long) row * cols;
            if (dots != null) {
              dots.setAtIndex(FLOAT, row, Rows.dot(xs, at, from, source, cols));
            }
            scaled(factors.getAtIndex(FLOAT, row), from, source, to, at, cols);
          }
        });
    F32.keep(x, ids, weights, dY, dX, dWeights);
  }

  private static void addScaled(
      float factor, MemorySegment x, long xFrom, MemorySegment y, long yFrom, int n) {
    int j = 0;
    for (; j <= n - L; j += L) {
      store(load(x, xFrom + j).mul(factor).add(load(y, yFrom + j)), y, yFrom + j);
    }
    if (j < n) {
      var mask = tail(j, n);
      store(load(x, xFrom + j, mask).mul(factor).add(load(y, yFrom + j, mask)), y, yFrom + j, mask);
    }
  }

  private static void scaled(
      float factor, MemorySegment x, long xFrom, MemorySegment y, long yFrom, int n) {
    int j = 0;
    for (; j <= n - L; j += L) {
      store(load(x, xFrom + j).mul(factor), y, yFrom + j);
    }
    if (j < n) {
      var mask = tail(j, n);
      store(load(x, xFrom + j, mask).mul(factor), y, yFrom + j, mask);
    }
  }

  static MemorySegment ids(Span ids, int rows, int tableRows) {
    MemorySegment memory = F32.memory("ids", ids, rows);
    for (int i = 0; i < rows; i++) {
      int id = memory.getAtIndex(INT, i);
      if (id < 0 || id >= tableRows) {
        throw new IndexOutOfBoundsException(
            "id %d at position %d is outside the table of %d rows".formatted(id, i, tableRows));
      }
    }
    return memory;
  }
}
