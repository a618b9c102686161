package dev.galen.tensor.ops;

import dev.galen.tensor.Autograd;
import dev.galen.tensor.Tensor;

/** A view with dimensions in another order; the gradient goes back through the inverse order. */
public final class PermuteOp {
  private PermuteOp() {}

  /** Dimension i of the result is dimension {@code order[i]} of {@code x}. */
  public static Tensor apply(Tensor x, int... order) {
    Tensor y = new Tensor(x.span(), x.layout().permute(order));
    int[] inverse = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      inverse[x.shape().axis(order[i])] = i;
    }
    return Autograd.record(
        "permute", y, (dY, gradients) -> gradients.add(x, dY.permute(inverse)), x);
  }

  /** Dimensions {@code a} and {@code b} swapped. */
  public static Tensor swap(Tensor x, int a, int b) {
    int[] order = new int[x.shape().rank()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    order[x.shape().axis(a)] = x.shape().axis(b);
    order[x.shape().axis(b)] = x.shape().axis(a);
    return apply(x, order);
  }
}
