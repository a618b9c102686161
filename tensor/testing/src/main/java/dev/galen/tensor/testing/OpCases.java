package dev.galen.tensor.testing;

import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The cases of a family of operations at one size: most operands are {@code [rows, cols]}. */
abstract class OpCases {
  final int rows;
  final int cols;
  private final List<OpCase> cases = new ArrayList<>();

  OpCases(int rows, int cols) {
    this.rows = rows;
    this.cols = cols;
  }

  /** One {@link #add} for each way to call an operation of the family. */
  abstract void addAll();

  final List<OpCase> all() {
    addAll();
    return cases;
  }

  final OpCase.Input matrix(double low, double high) {
    return new OpCase.Input(Shape.of(rows, cols), low, high);
  }

  final OpCase.Input row(double low, double high) {
    return new OpCase.Input(Shape.of(cols), low, high);
  }

  final OpCase.Input column(double low, double high) {
    return new OpCase.Input(Shape.of(rows, 1), low, high);
  }

  static OpCase.Input unit(Shape shape) {
    return new OpCase.Input(shape, -1, 1);
  }

  final void add(
      String op,
      String variant,
      long reduction,
      Function<List<Tensor>, Tensor> run,
      OpCase.Input... inputs) {
    cases.add(new OpCase(op, variant, List.of(inputs), reduction, run));
  }
}
