package dev.galen.tensor.ops;

import dev.galen.tensor.Autocast;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;

/** Tensors one after the other along a dimension; each gets its range of the gradient. */
public final class ConcatOp {
  private ConcatOp() {}

  /** {@code tensors}, equal in all dimensions but {@code index}. */
  public static Tensor apply(int index, Tensor... tensors) {
    Checks.require(tensors.length > 0, "nothing to concatenate");
    Tensor[] parts = Autocast.promote(tensors);
    Tensor first = parts[0];
    int axis = first.shape().axis(index);
    int extent = 0;
    for (Tensor part : parts) {
      Checks.sameKind("concat", first, part);
      Checks.require(
          part.shape().rank() == first.shape().rank()
              && part.shape().withDim(axis, 0).equals(first.shape().withDim(axis, 0)),
          "cannot concatenate %s and %s along dimension %d",
          first.shape(),
          part.shape(),
          axis);
      extent += part.dim(axis);
    }
    Tensor y = Tensors.empty(first.backend(), first.dtype(), first.shape().withDim(axis, extent));
    int at = 0;
    for (Tensor part : parts) {
      Tensor place = SliceOp.view(y, axis, at, at + part.dim(axis));
      y.backend().copy().copy(part.span(), part.layout(), place.span(), place.layout());
      at += part.dim(axis);
    }
    return Autograd.record(
        "concat",
        y,
        (dY, gradients) -> {
          int from = 0;
          for (Tensor part : parts) {
            gradients.add(part, SliceOp.view(dY, axis, from, from + part.dim(axis)));
            from += part.dim(axis);
          }
        },
        parts);
  }
}
