package dev.galen.model.nn;

import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.ops.LinearOp;

/** {@code y = x W + b} with the weight layout of GPT-2's files, {@code [in, out]}. */
public final class Conv1D extends Layer {
  private final Tensor weight;
  private final Tensor bias;

  /** From {@code in} to {@code out} channels. */
  public Conv1D(int in, int out, Initializer initializer, Weights weights) {
    weight = parameter("weight", weights.get("weight", Shape.of(in, out), initializer));
    bias = parameter("bias", weights.get("bias", Shape.of(out), Initializer.ZEROS));
  }

  /** {@code [..., in]} to {@code [..., out]}. */
  public Tensor forward(Tensor x) {
    return output(LinearOp.apply(x, weight, bias, false));
  }
}
