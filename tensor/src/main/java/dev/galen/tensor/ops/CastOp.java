package dev.galen.tensor.ops;

import dev.galen.tensor.Autograd;
import dev.galen.tensor.DType;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;

/** Another element type; the gradient is converted back. */
public final class CastOp {
  private CastOp() {}

  /** {@code x} in {@code dtype}, contiguous. Integer results carry no gradient. */
  public static Tensor apply(Tensor x, DType dtype) {
    Tensor y = Tensors.empty(x.backend(), dtype, x.shape());
    x.backend().copy().copy(x.span(), x.layout(), y.span(), y.layout());
    if (!dtype.isFloating()) {
      return y;
    }
    return Autograd.record("cast", y, (dY, gradients) -> gradients.add(x, dY.to(x.dtype())), x);
  }
}
