package dev.galen.tensor.ops;

import dev.galen.tensor.Autograd;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;

/** {@code y = scale x + shift}; {@code dX = scale dY}. */
public final class AffineOp {
  private AffineOp() {}

  /** {@code scale x + shift} of each element. */
  public static Tensor apply(Tensor input, double scale, double shift) {
    Tensor x = input.contiguous();
    Tensor y = Tensors.emptyLike(x);
    x.backend().pointwise().affine(x.contiguousSpan(), scale, shift, y.span());
    return Autograd.record(
        "affine", y, (dOutput, gradients) -> gradients.add(x, dOutput.mul(scale)), x);
  }
}
