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
}
