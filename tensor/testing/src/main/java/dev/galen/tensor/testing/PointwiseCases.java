package dev.galen.tensor.testing;

import dev.galen.tensor.DType;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.backend.Binary;
import dev.galen.tensor.backend.Unary;
import dev.galen.tensor.ops.AffineOp;
import dev.galen.tensor.ops.BinaryOp;
import dev.galen.tensor.ops.CastOp;
import dev.galen.tensor.ops.DropoutOp;
import dev.galen.tensor.random.Philox;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Functions of each element, of pairs of elements, and casts. */
final class PointwiseCases extends OpCases {
  PointwiseCases(int rows, int cols) {
    super(rows, cols);
  }

  @Override
  void addAll() {
    for (Unary f : Unary.values()) {
      boolean positive = f == Unary.LOG || f == Unary.SQRT || f == Unary.RECIPROCAL;
      // |x| and max(x, 0) have a kink at 0, where differences and derivatives disagree.
      boolean kink = f == Unary.ABS || f == Unary.RELU;
      add("Unary", lower(f), 1, in -> in.get(0).map(f), matrix(positive || kink ? 0.5 : -2, 2));
    }
    add("Unary", "relu below zero", 1, in -> in.get(0).relu(), matrix(-2, -0.5));
    for (Binary f : Binary.values()) {
      if (f == Binary.EQUAL || f == Binary.LESS) {
        continue; // no gradient
      }
      Function<List<Tensor>, Tensor> run = in -> BinaryOp.apply(f, in.get(0), in.get(1));
      // Ranges that do not meet keep max and min off their kink.
      add("Binary", lower(f), 1, run, matrix(-1, 1), matrix(1.5, 2.5));
      add("Binary", lower(f) + " of a row", rows, run, matrix(-1, 1), row(1.5, 2.5));
      add("Binary", lower(f) + " of a column", cols, run, matrix(-1, 1), column(1.5, 2.5));
    }
    add("Affine", "3x - 0.5", 1, in -> AffineOp.apply(in.get(0), 3, -0.5), matrix(-1, 1));
    add("Dropout", "p 0.3", 1, in -> DropoutOp.apply(in.get(0), 0.3, new Philox(7)), matrix(-1, 1));
    add(
        "Cast",
        "to F64 and back",
        1,
        in -> CastOp.apply(CastOp.apply(in.get(0), DType.F64), in.get(0).dtype()),
        matrix(-1, 1));
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
