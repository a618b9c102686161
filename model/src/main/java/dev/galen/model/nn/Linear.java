package dev.galen.model.nn;

import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;

/** {@code y = x W^T + b} with PyTorch's weight layout {@code [out, in]}. */
public final class Linear extends Layer implements Projection {
  private final Weight weight;
  private final Tensor bias;

  /** From {@code in} to {@code out} channels; without bias if {@code hasBias} is false. */
  public Linear(int in, int out, boolean hasBias, Initializer initializer, Weights weights) {
    weight = weight("weight", Shape.of(out, in), true, initializer, weights);
    bias =
        hasBias ? parameter("bias", weights.get("bias", Shape.of(out), Initializer.ZEROS)) : null;
  }

  @Override
  public Weight weight() {
    return weight;
  }

  @Override
  public Tensor bias() {
    return bias;
  }

  @Override
  public Tensor forward(Tensor x) {
    return output(weight.linear(x, bias));
  }
}
