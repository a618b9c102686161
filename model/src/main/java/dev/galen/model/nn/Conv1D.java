package dev.galen.model.nn;

import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;

/** {@code y = x W + b} with the weight layout of GPT-2's files, {@code [in, out]}. */
public final class Conv1D extends Layer {
  private final Matrix weight;
  private final Tensor bias;

  /** From {@code in} to {@code out} channels. */
  public Conv1D(int in, int out, Initializer initializer, Weights weights) {
    weight = matrix("weight", Shape.of(in, out), false, initializer, weights);
    bias = parameter("bias", weights.get("bias", Shape.of(out), Initializer.ZEROS));
  }

  Matrix weight() {
    return weight;
  }

  Tensor bias() {
    return bias;
  }

  /** {@code [..., in]} to {@code [..., out]}. */
  public Tensor forward(Tensor x) {
    return output(weight.linear(x, bias));
  }
}
