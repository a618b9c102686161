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

  /**
   * {@code y = f(gate) up} (Shazeer 2020, arXiv 2002.05202), for {@code rows} rows of {@code cols}
   * elements.
   *
   * @param gate rows that begin {@code stride} elements apart: {@code cols} where they are a tensor
   *     of their own, {@code 2 cols} where gate and up lie side by side
   * @param up as gate
   * @param y {@code [rows, cols]}
   */
  void gated(Unary f, Span gate, Span up, Span y, int rows, int cols, int stride);

  /**
   * {@code dGate = dY up f'(gate)} and {@code dUp = dY f(gate)}.
   *
   * @param dY {@code [rows, cols]}
   * @param dGate as gate
   * @param dUp as up
   * @param y {@code [rows, cols]}, computed again; or null
   */
  void gatedBackward(
      Unary f,
      Span gate,
      Span up,
      Span dY,
      Span dGate,
      Span dUp,
      Span y,
      int rows,
      int cols,
      int stride);

  /**
   * Turns the points of heads (Su et al. 2021, arXiv 2104.09864): in each of the first {@code
   * turned} of {@code heads} heads of {@code 2 half} elements, element i of the first half and of
   * the second are the coordinates of a point,
   *
   * <pre>{@code
   * y1 = x1 cos - x2 sin
   * y2 = x2 cos + x1 sin
   * }</pre>
   *
   * and the other heads are copied.
   *
   * @param x {@code [rows, heads 2 half]}
   * @param cos {@code [tableRows, half]} of {@link dev.galen.tensor.DType#statistics}; row r of x
   *     has row {@code r mod tableRows}
   * @param sin as cos
   * @param back by the negative angles, which is the gradient
   */
  void rotary(
      Span x,
      Span cos,
      Span sin,
      Span y,
      int rows,
      int tableRows,
      int heads,
      int turned,
      int half,
      boolean back);
}
