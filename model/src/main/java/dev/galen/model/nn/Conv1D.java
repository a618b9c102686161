package dev.galen.model.nn;

import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;

/** {@code y = x W + b} with the weight layout of GPT-2's files, {@code [in, out]}. */
public final class Conv1D extends Layer implements Projection {
  private final Weight weight;
  private final Tensor bias;

  /** From {@code in} to {@code out} channels. */
  public Conv1D(int in, int out, Initializer initializer, Weights weights) {
    weight = weight("weight", Shape.of(in, out), false, initializer, weights);
    bias = parameter("bias", weights.get("bias", Shape.of(out), Initializer.ZEROS));
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
