package dev.galen.model.nn;

import dev.galen.tensor.Tensor;

/** A layer that is a product: {@link Linear} or {@link Conv1D}. */
public sealed interface Projection permits Linear, Conv1D {
  /** {@code [..., in]} to {@code [..., out]}. */
  Tensor forward(Tensor x);

  /** Its matrix. */
  Weight weight();

  /** Its bias {@code [out]}, or null. */
  Tensor bias();

  /** Whether its output has an observer. */
  boolean isObserved();
}
