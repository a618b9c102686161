package dev.galen.tensor.backend;

/** Reductions and softmax. */
public interface ReduceKernels {
  /** Reduces the middle of {@code x [outer, length, inner]} into {@code y [outer, inner]}. */
  void reduce(Reduction f, Span x, Span y, int outer, int length, int inner);

  /**
   * Sums the rows of {@code x [rows, cols]} into {@code y [cols]}; accumulates if asked. Both have
   * one type, or y is F32 where x is F16 or BF16: how a bias's gradient reaches its F32 parameter.
   */
  void columnSum(Span x, Span y, int rows, int cols, boolean accumulate);

  /** The index of each row's largest element, the first of equals: {@code index [rows]}, I32. */
  void argmax(Span x, Span index, int rows, int cols);

  /** {@code y = e^(x - max) / sum e^(x - max)} along each row of {@code x [rows, cols]}. */
  void softmax(Span x, Span y, int rows, int cols);

  /** {@code dX = y (dY - sum(dY y))} along each row. */
  void softmaxBackward(Span y, Span dY, Span dX, int rows, int cols);

  /** {@code y = x - max - ln sum e^(x - max)} along each row. */
  void logSoftmax(Span x, Span y, int rows, int cols);

  /** {@code dX = dY - e^y sum(dY)} along each row. */
  void logSoftmaxBackward(Span y, Span dY, Span dX, int rows, int cols);

  /**
   * The {@code count} largest elements of each row of {@code x [rows, cols]}, the largest first and
   * the first of equals before the others, and their softmax among themselves: {@code y = e^x_index
   * / sum e^x_index}.
   *
   * @param index {@code [rows, count]}, I32
   * @param y {@code [rows, count]} of {@link dev.galen.tensor.DType#statistics}
   */
  void topSoftmax(Span x, Span index, Span y, int rows, int cols, int count);

  /**
   * Overwrites {@code dX [rows, cols]}: {@code dX_index = y (dY - sum(dY y))} along each row, 0
   * elsewhere.
   */
  void topSoftmaxBackward(Span index, Span y, Span dY, Span dX, int rows, int cols, int count);

  /** The sum of squares, accumulated in double precision; waits for the kernels before it. */
  double sumOfSquares(Span x);

  /** Whether no element is NaN or infinite; waits for the kernels before it. */
  boolean allFinite(Span x);
}
