package dev.galen.model.nn;

import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.ops.LayerNormOp;

/** Layer normalisation over the last dimension. */
public final class LayerNorm extends Layer {
  private final Tensor weight;
  private final Tensor bias;
  private final double epsilon;

  /** Over {@code size} channels. */
  public LayerNorm(int size, double epsilon, Weights weights) {
    this.weight = parameter("weight", weights.get("weight", Shape.of(size), Initializer.ONES));
    this.bias = parameter("bias", weights.get("bias", Shape.of(size), Initializer.ZEROS));
    this.epsilon = epsilon;
  }

  /** {@code [..., size]}, shape kept. */
  public Tensor forward(Tensor x) {
    return output(LayerNormOp.apply(x, weight, bias, epsilon));
  }

  /** The sum of two tensors {@code [..., size]}, and the sum normalised. */
  public LayerNormOp.Residual forward(Tensor x, Tensor residual) {
    var both = LayerNormOp.residual(x, residual, weight, bias, epsilon);
    output(both.output());
    return both;
  }
}
