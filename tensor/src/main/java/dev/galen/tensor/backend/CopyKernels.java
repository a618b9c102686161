package dev.galen.tensor.backend;

import dev.galen.tensor.Layout;

/** Strided copies, casts and fills. */
public interface CopyKernels {
  /**
   * Copies element by element between layouts of one shape, converting between types: floating to
   * integer truncates towards zero, to BOOL tests for non-zero, to F16 and BF16 rounds to nearest
   * even. Strides of {@code source} may be 0.
   */
  void copy(Span source, Layout sourceLayout, Span target, Layout targetLayout);

  /** Sets every element. */
  void fill(Span target, double value);
}
