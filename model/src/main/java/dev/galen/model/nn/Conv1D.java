package dev.galen.model.nn;

import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;

/** {@code y = x W + b} with the weight layout of GPT-2's files, {@code [in, out]}. */
public final class Conv1D extends MatrixLayer implements Projection {
  /** From {@code in} to {@code out} channels. */
  public Conv1D(int in, int out, Initializer initializer, Weights weights) {
    super(Shape.of(in, out), false, true, initializer, weights);
  }

  @Override
  public Weight weight() {
    return current();
  }

  @Override
  public Tensor bias() {
    return currentBias();
  }

  @Override
  public Tensor forward(Tensor x) {
    return output(current().linear(x, currentBias()));
  }
}
