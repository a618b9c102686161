package dev.galen.kernels.cpu;

import dev.galen.kernels.layout.MergedLayouts;
import dev.galen.tensor.Layout;

/**
 * Layouts of one shape as rows of a last dimension, with neighbouring dimensions merged where every
 * layout steps through both as through one. A contiguous operand is a single row.
 *
 * @param dims the merged extents, at least one
 * @param strides {@code [layout][dimension]}, in elements
 */
record StridedLoop(long[] dims, long[][] strides) {
  static StridedLoop of(Layout... layouts) {
    MergedLayouts merged = MergedLayouts.of(layouts);
    return new StridedLoop(merged.dims(), merged.strides());
  }

  /** The length of a row. */
  long inner() {
    return dims[dims.length - 1];
  }

  /** The stride within a row of layout {@code layout}. */
  long innerStride(int layout) {
    return strides[layout][dims.length - 1];
  }

  /** How many rows there are. */
  long rows() {
    long rows = 1;
    for (int d = 0; d < dims.length - 1; d++) {
      rows *= dims[d];
    }
    return rows;
  }

  /** The first element of row {@code row} in layout {@code layout}. */
  long start(int layout, long row) {
    long start = 0;
    for (int d = dims.length - 2; d >= 0; d--) {
      start += row % dims[d] * strides[layout][d];
      row /= dims[d];
    }
    return start;
  }

  /**
   * Calls {@code task} with pieces of rows of at most {@code size} elements, on all threads; a
   * thread's piece is worth about {@code size} elements.
   */
  void pieces(WorkerPool pool, int size, Piece task) {
    long rows = rows();
    long inner = inner();
    if (rows == 0 || inner == 0) {
      return;
    }
    long perRow = (inner + size - 1) / size;
    long group = Math.max(1, size / inner);
    int tasks = Math.toIntExact(perRow > 1 ? rows * perRow : (rows + group - 1) / group);
    pool.run(
        tasks,
        (index, scratch) -> {
          if (perRow > 1) {
            long from = index % perRow * size;
            task.run(index / perRow, from, (int) Math.min(size, inner - from), scratch);
          } else {
            for (long row = index * group; row < Math.min(rows, (index + 1) * group); row++) {
              task.run(row, 0, (int) inner, scratch);
            }
          }
        });
  }

  /** Work on a part of a row. */
  @FunctionalInterface
  interface Piece {
    /** Elements {@code from} to {@code from + count - 1} of row {@code row}. */
    void run(long row, long from, int count, Scratch scratch);
  }
}
