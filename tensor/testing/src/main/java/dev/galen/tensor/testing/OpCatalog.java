package dev.galen.tensor.testing;

import java.util.List;
import java.util.stream.Stream;

/**
 * Every differentiable operation with calls that exercise it. Gradient checks, backend parity and
 * benchmarks all walk this list, so that an operation entered here is tested everywhere, and one
 * left out fails the catalogue's own test.
 */
public final class OpCatalog {
  private OpCatalog() {}

  /** All cases at a size: most operands are {@code [rows, cols]}. Both at least 0. */
  public static List<OpCase> cases(int rows, int cols) {
    return Stream.of(
            new PointwiseCases(rows, cols),
            new ReductionCases(rows, cols),
            new ViewCases(rows, cols),
            new ProductCases(rows, cols),
            new LayerCases(rows, cols),
            new AttentionCases(rows, cols))
        .flatMap(family -> family.all().stream())
        .toList();
  }
}
