package dev.galen.model.nn;

import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;

/** {@code y = x W^T + b} with PyTorch's weight layout {@code [out, in]}. */
public final class Linear extends MatrixLayer implements Projection {
  /** From {@code in} to {@code out} channels; without bias if {@code hasBias} is false. */
  public Linear(int in, int out, boolean hasBias, Initializer initializer, Weights weights) {
    super(Shape.of(out, in), true, hasBias, initializer, weights);
  }

  /**
   * A head that multiplies with the table of an embedding, whose parameter this is not.
   *
   * @param bias somebody else's parameter {@code [out]}, or null
   */
  public Linear(Embedding table, Tensor bias) {
    super(table, bias);
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
