package dev.galen.tensor.backend;

import java.util.List;

/**
 * The rule and the numbers of one update of parameters, for {@link OptimizerKernels#update}. Each
 * backend has a kernel for each of these; a rule that has none here is made of {@link
 * PointwiseKernels}.
 */
public sealed interface UpdateRule {
  /** The names of what it keeps of earlier updates, one element per parameter each. */
  List<String> states();

  /**
   * Updates parameters and states in place, in one pass over memory.
   *
   * @param backend where they lie
   * @param parameters contiguous
   * @param gradients as long as the parameters
   * @param kept what {@link #states} names, in its order, each as long as the parameters
   */
  default void update(Backend backend, Span parameters, Span gradients, List<Span> kept) {
    backend.optimizer().update(this, parameters, gradients, kept);
  }

  /**
   * AdamW (Loshchilov and Hutter 2017, arXiv 1711.05101) by PyTorch's rule: {@code p -= lr wd p; m
   * = b1 m + (1-b1) g; v = b2 v + (1-b2) g^2; p -= lr / (1-b1^t) m / (sqrt(v / (1-b2^t)) + eps)},
   * where g is the scaled gradient.
   *
   * @param learningRate step size
   * @param beta1 decay of the first moment m
   * @param beta2 decay of the second moment v
   * @param epsilon added to the root of the second moment
   * @param weightDecay decoupled decay, multiplied by the learning rate
   * @param step the number t of this update, from 1
   * @param gradientScale factor on the gradient before anything else (clipping)
   */
  record AdamW(
      double learningRate,
      double beta1,
      double beta2,
      double epsilon,
      double weightDecay,
      long step,
      double gradientScale)
      implements UpdateRule {
    /** Both moments. */
    public static final List<String> STATES = List.of("moment1", "moment2");

    /** Checks the count, which 0 would make a division by 0 of. */
    public AdamW {
      if (step < 1) {
        throw new IllegalArgumentException("updates count from 1, not " + step);
      }
    }

    @Override
    public List<String> states() {
      return STATES;
    }

    /** What the first moment is divided by: 1 - b1^t. */
    public double correction1() {
      return 1 - Math.pow(beta1, (double) step);
    }

    /** What the second moment is divided by: 1 - b2^t. */
    public double correction2() {
      return 1 - Math.pow(beta2, (double) step);
    }
  }

  /**
   * Stochastic gradient descent with momentum (Polyak 1964, Sutskever et al. 2013) by PyTorch's
   * rule without dampening: {@code g += wd p; b = mu b + g; p -= lr b}, where g is the scaled
   * gradient.
   *
   * @param learningRate step size
   * @param momentum decay mu of the running sum b
   * @param weightDecay factor on the parameter that is added to the gradient
   * @param gradientScale factor on the gradient before anything else (clipping)
   */
  record Sgd(double learningRate, double momentum, double weightDecay, double gradientScale)
      implements UpdateRule {
    /** The running sum of gradients. */
    public static final List<String> STATES = List.of("momentum");

    @Override
    public List<String> states() {
      return STATES;
    }
  }
}
