package dev.galen.tensor.backend;

import dev.galen.tensor.Layout;

/** Element by element. Here, and only here, an output may be the same span as an input. */
public interface PointwiseKernels {
  /** {@code y = f(x)}, equal lengths. */
  void unary(Unary f, Span x, Span y);

  /** {@code dX = dY f'(x)}, where {@code y = f(x)}. */
  void unaryBackward(Unary f, Span x, Span y, Span dY, Span dX);

  /** {@code y = f(a, b)}: both layouts have y's shape (strides may be 0), y is contiguous. */
  void binary(Binary f, Span a, Layout aLayout, Span b, Layout bLayout, Span y);

  /** {@code y = scale x + shift}. */
  void affine(Span x, double scale, double shift, Span y);

  /** {@code y = y + alpha x}. */
  void axpy(double alpha, Span x, Span y);
}
