package dev.galen.model.nn;

import dev.galen.tensor.Tensor;
import dev.galen.tensor.ops.DropoutOp;
import dev.galen.tensor.random.Philox;

/** Drops elements while training, scales the rest; the identity otherwise. */
public final class Dropout extends Layer {
  private final double probability;
  private final Philox random;

  /** Drops with {@code probability}; draws from {@code random}, shared by the whole model. */
  public Dropout(double probability, Philox random) {
    this.probability = probability;
    this.random = random;
  }

  /** Any shape, kept. */
  public Tensor forward(Tensor x) {
    return isTraining() ? DropoutOp.apply(x, probability, random) : x;
  }
}
