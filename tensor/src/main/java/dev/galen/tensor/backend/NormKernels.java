package dev.galen.tensor.backend;

/** Normalisations over the last dimension. */
public interface NormKernels {
  /**
   * {@code y = (x - mean) rstd weight + bias}, {@code rstd = 1/sqrt(var + epsilon)} with the biased
   * variance (Ba et al. 2016, arXiv 1607.06450).
   *
   * @param x {@code [rows, cols]}, as y
   * @param weight {@code [cols]}, as bias
   * @param mean {@code [rows]}, as rstd: kept for the backward pass
   */
  void layerNorm(
      Span x,
      Span weight,
      Span bias,
      Span y,
      Span mean,
      Span rstd,
      int rows,
      int cols,
      double epsilon);

  /**
   * {@code sum = x + residual}, rounded to its type, and {@link #layerNorm} of it: the bits of an
   * addition and a normalisation, for one pass less over memory. The gradients are {@link
   * #layerNormBackward} at {@code sum}, and what comes out is that of x and of the residual.
   *
   * @param x {@code [rows, cols]}, as residual, sum and y
   * @param weight {@code [cols]}, as bias
   * @param mean {@code [rows]}, as rstd: kept for the backward pass
   */
  void residualLayerNorm(
      Span x,
      Span residual,
      Span sum,
      Span weight,
      Span bias,
      Span y,
      Span mean,
      Span rstd,
      int rows,
      int cols,
      double epsilon);

  /**
   * With {@code h = (x - mean) rstd} and {@code g = dY weight}: overwrites {@code dX = rstd (g -
   * mean(g) - h mean(g h))}, accumulates {@code dWeight += sum_rows dY h} and {@code dBias +=
   * sum_rows dY}.
   */
  void layerNormBackward(
      Span dY,
      Span x,
      Span weight,
      Span mean,
      Span rstd,
      Span dX,
      Span dWeight,
      Span dBias,
      int rows,
      int cols);

  /**
   * {@code y = x rstd weight}, {@code rstd = 1/sqrt(mean(x^2) + epsilon)} (Zhang and Sennrich 2019,
   * arXiv 1910.07467).
   *
   * @param x {@code [rows, cols]}, as y
   * @param weight {@code [cols]}
   * @param rstd {@code [rows]}: kept for the backward pass
   */
  void rmsNorm(Span x, Span weight, Span y, Span rstd, int rows, int cols, double epsilon);

  /**
   * With {@code h = x rstd} and {@code g = dY weight}: overwrites {@code dX = rstd (g - h mean(g
   * h))}, accumulates {@code dWeight += sum_rows dY h}.
   */
  void rmsNormBackward(
      Span dY, Span x, Span weight, Span rstd, Span dX, Span dWeight, int rows, int cols);
}
