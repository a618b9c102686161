package dev.galen.tensor.testing;

import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.ops.ConcatOp;
import dev.galen.tensor.ops.CopyOp;

/** Views, copies and concatenation. */
final class ViewCases extends OpCases {
  ViewCases(int rows, int cols) {
    super(rows, cols);
  }

  @Override
  void addAll() {
    add("Copy", "of a transpose", 1, in -> CopyOp.apply(in.get(0).transpose(0, 1)), matrix(-1, 1));
    add("Reshape", "flat", 1, in -> in.get(0).reshape(-1), matrix(-1, 1));
    add("Permute", "swap", 1, in -> in.get(0).transpose(0, 1).mul(2), matrix(-1, 1));
    add("Expand", "a row", rows, in -> in.get(0).expand(Shape.of(rows, cols)).mul(2), row(-1, 1));
    add(
        "Slice",
        "overlapping halves",
        2,
        in -> {
          Tensor x = in.get(0);
          int half = (cols + 1) / 2;
          return x.slice(1, 0, half).mul(x.slice(1, cols - half, cols));
        },
        matrix(-1, 1));
    add(
        "Concat",
        "along rows and columns",
        1,
        in ->
            ConcatOp.apply(
                1,
                ConcatOp.apply(0, in.get(0), in.get(1)),
                ConcatOp.apply(0, in.get(1), in.get(0))),
        matrix(-1, 1),
        matrix(-1, 1));
  }
}
