package dev.galen.model.nn;

import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.ops.RmsNormOp;

/** Normalisation by the root of the mean square over the last dimension: {@link RmsNormOp}. */
public final class RmsNorm extends Layer {
  private final Tensor weight;
  private final double epsilon;

  /**
   * Over {@code size} channels.
   *
   * @param epsilon added to the mean square: {@code rms_norm_eps} of HuggingFace's configs
   */
  public RmsNorm(int size, double epsilon, Weights weights) {
    this.weight = parameter("weight", weights.get("weight", Shape.of(size), Initializer.ONES));
    this.epsilon = epsilon;
  }

  /** {@code [..., size]}, shape kept. */
  public Tensor forward(Tensor x) {
    return output(RmsNormOp.apply(x, weight, epsilon));
  }
}
