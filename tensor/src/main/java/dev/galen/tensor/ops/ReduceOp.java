package dev.galen.tensor.ops;

import dev.galen.tensor.Autocast;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.DType;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Reduction;
import java.util.Arrays;
import java.util.Locale;

/**
 * {@code y = f over one dimension of x}. SUM repeats dY, MEAN repeats dY / n, MAX gives dY to the
 * largest, in equal parts where several are.
 */
public final class ReduceOp {
  private ReduceOp() {}

  /** Over all elements: a scalar of rank 0. */
  public static Tensor apply(Reduction f, Tensor x) {
    return apply(f, x.reshape(Math.toIntExact(x.shape().size())), 0);
  }

  /** Over dimension {@code index}, which disappears. */
  public static Tensor apply(Reduction f, Tensor input, int index) {
    Tensor x = (f == Reduction.SUM ? Autocast.widen(input) : input).contiguous();
    Shape shape = x.shape();
    int axis = shape.axis(index);
    int length = shape.dim(axis);
    Checks.require(length > 0 || f == Reduction.SUM, "%s over no elements of shape %s", f, shape);
    int outer = 1;
    int inner = 1;
    int[] reduced = new int[shape.rank() - 1];
    for (int i = 0; i < shape.rank(); i++) {
      if (i < axis) {
        outer *= shape.dim(i);
        reduced[i] = shape.dim(i);
      } else if (i > axis) {
        inner *= shape.dim(i);
        reduced[i - 1] = shape.dim(i);
      }
    }
    Tensor y = Tensors.empty(x.backend(), x.dtype(), Shape.of(reduced));
    x.backend().reduce().reduce(f, x.contiguousSpan(), y.span(), outer, length, inner);
    int[] kept = shape.withDim(axis, 1).toArray();
    return Autograd.record(
        f.name().toLowerCase(Locale.ROOT),
        y,
        (dY, gradients) -> {
          Tensor repeated = dY.reshape(kept).expand(shape);
          switch (f) {
            case SUM -> gradients.add(x, repeated);
            case MEAN -> gradients.add(x, repeated.mul(1.0 / length));
            case MAX -> {
              Tensor isMax = x.detach().equalTo(y.detach().reshape(kept));
              Tensor share = dY.div(isMax.sum(axis)).reshape(kept);
              gradients.add(x, isMax.mul(share));
            }
          }
        },
        x);
  }

  /** The index of the largest along the last dimension: I32, the first of equals, no gradient. */
  public static Tensor argmax(Tensor input) {
    Checks.requireRows("argmax", input, "[..., n]");
    Tensor x = input.detach().contiguous();
    int cols = x.dim(-1);
    Checks.require(cols > 0, "argmax over no elements of shape %s", x.shape());
    int[] dims = Arrays.copyOf(x.shape().toArray(), x.shape().rank() - 1);
    Tensor index = Tensors.empty(x.backend(), DType.I32, Shape.of(dims));
    x.backend().reduce().argmax(x.contiguousSpan(), index.span(), x.shape().rows(), cols);
    return index;
  }

  /** The sum of squares of all elements, in double precision; waits for the kernels before it. */
  public static double sumOfSquares(Tensor x) {
    return x.backend().reduce().sumOfSquares(x.contiguousSpan());
  }

  /** Whether no element is NaN or infinite; waits for the kernels before it. */
  public static boolean allFinite(Tensor x) {
    return x.backend().reduce().allFinite(x.contiguousSpan());
  }

  /** Sums what broadcasting repeated, so that the result has {@code target}'s shape. */
  static Tensor sumTo(Tensor x, Shape target) {
    Tensor sum = x;
    while (sum.shape().rank() > target.rank()) {
      sum = sum.sum(0);
    }
    for (int i = 0; i < target.rank(); i++) {
      if (target.dim(i) == 1 && sum.dim(i) != 1) {
        sum = sum.sum(i).reshape(sum.shape().withDim(i, 1).toArray());
      }
    }
    return sum;
  }
}
