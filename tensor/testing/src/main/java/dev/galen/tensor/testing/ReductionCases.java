package dev.galen.tensor.testing;

import dev.galen.tensor.Shape;
import dev.galen.tensor.backend.Reduction;
import dev.galen.tensor.ops.ReduceOp;

/** Sums, means, maxima and softmax. */
final class ReductionCases extends OpCases {
  ReductionCases(int rows, int cols) {
    super(rows, cols);
  }

  @Override
  void addAll() {
    long all = (long) rows * cols;
    add("Reduce", "sum of all", all, in -> in.get(0).sum(), matrix(-1, 1));
    add("Reduce", "mean of all", all, in -> in.get(0).mean(), matrix(-1, 1));
    add("Reduce", "sum of columns", rows, in -> in.get(0).sum(0), matrix(-1, 1));
    add("Reduce", "mean of rows", cols, in -> in.get(0).mean(-1), matrix(-1, 1));
    add(
        "Reduce",
        "max of rows",
        1,
        in -> ReduceOp.apply(Reduction.MAX, in.get(0), 1),
        matrix(-1, 1));
    add(
        "Reduce",
        "sum in the middle",
        3,
        in -> in.get(0).sum(1),
        new OpCase.Input(Shape.of(rows, 3, cols), -1, 1));
    add("Softmax", "rows", cols, in -> in.get(0).softmax(), matrix(-3, 3));
    add("LogSoftmax", "rows", cols, in -> in.get(0).logSoftmax(), matrix(-3, 3));
  }
}
