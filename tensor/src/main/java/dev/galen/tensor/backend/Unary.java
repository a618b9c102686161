package dev.galen.tensor.backend;

/** Functions of one element, with their derivatives in terms of the input x and the output y. */
public enum Unary {
  /** y = -x; y' = -1. */
  NEG,
  /** y = e^x; y' = y. */
  EXP,
  /** y = ln x; y' = 1/x. */
  LOG,
  /** y = sqrt(x); y' = 1/(2y). */
  SQRT,
  /** y = x^2; y' = 2x. */
  SQUARE,
  /** y = 1/x; y' = -y^2. */
  RECIPROCAL,
  /** y = |x|; y' = sign(x), 0 at 0. */
  ABS,
  /** y = tanh x; y' = 1 - y^2. */
  TANH,
  /** y = 1/(1+e^-x); y' = y(1-y). */
  SIGMOID,
  /** y = max(x, 0); y' = 1 where x &gt; 0. */
  RELU,
  /** y = x/(1+e^-x), Elfwing et al. 2017, arXiv 1702.03118. */
  SILU,
  /**
   * y = x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))), Hendrycks and Gimpel 2016, arXiv 1606.08415;
   * HuggingFace's {@code gelu_new}.
   */
  GELU_TANH,
  /** y = x/2 (1 + erf(x/sqrt(2))), the exact form; HuggingFace's {@code gelu}. */
  GELU_ERF
}
