package dev.galen.tensor.backend;

/** Parameter updates, in one pass over memory. */
public interface OptimizerKernels {
  /**
   * AdamW (Loshchilov and Hutter 2017, arXiv 1711.05101) by PyTorch's rule: {@code p -= lr wd p; m
   * = b1 m + (1-b1) g; v = b2 v + (1-b2) g^2; p -= lr / (1-b1^t) m / (sqrt(v / (1-b2^t)) + eps)}.
   * Updates parameter and both moments in place; all four have one length.
   */
  void adamW(AdamWStep step, Span parameter, Span gradient, Span moment1, Span moment2);
}
