package dev.galen.kernels.cpu;

import static dev.galen.kernels.cpu.Lanes.L;
import static dev.galen.kernels.cpu.Lanes.load;
import static dev.galen.kernels.cpu.Lanes.store;
import static dev.galen.kernels.cpu.Lanes.tail;

import java.lang.foreign.MemorySegment;

/** Turns heads by the angles of their row, and copies those that stay, row by row. */
record RotaryLoops(
    MemorySegment x,
    MemorySegment cos,
    MemorySegment sin,
    MemorySegment y,
    int tableRows,
    int heads,
    int turned,
    int half,
    boolean back) {

  void run(WorkerPool pool, int rows) {
    int width = 2 * heads * half;
    pool.rows(
        rows,
        VectorReduce.block(width),
        (first, end, _) -> {
          for (int row = first; row < end; row++) {
            long at = (long) row * width;
            long table = (long) (row % tableRows) * half;
            for (int h = 0; h < turned; h++) {
              head(at + 2L * h * half, table);
            }
            long kept = at + 2L * turned * half;
            MemorySegment.copy(x, kept << 2, y, kept << 2, 4L * (at + width - kept));
          }
        });
  }

  /** The head that begins at element {@code from}, by the angles at {@code table}. */
  private void head(long from, long table) {
    var xs = Elementwise.slice(x, from, 2 * half);
    var ys = Elementwise.slice(y, from, 2 * half);
    var cosines = Elementwise.slice(cos, table, half);
    var sines = Elementwise.slice(sin, table, half);
    float sign = back ? -1 : 1;
    int i = 0;
    for (; i <= half - L; i += L) {
      var c = load(cosines, i);
      var s = load(sines, i).mul(sign);
      var first = load(xs, i);
      var second = load(xs, half + i);
      store(first.mul(c).sub(second.mul(s)), ys, i);
      store(second.mul(c).add(first.mul(s)), ys, half + i);
    }
    if (i < half) {
      var mask = tail(i, half);
      var c = load(cosines, i, mask);
      var s = load(sines, i, mask).mul(sign);
      var first = load(xs, i, mask);
      var second = load(xs, half + i, mask);
      store(first.mul(c).sub(second.mul(s)), ys, i, mask);
      store(second.mul(c).add(first.mul(s)), ys, half + i, mask);
    }
  }
}
