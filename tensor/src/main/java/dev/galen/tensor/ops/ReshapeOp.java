package dev.galen.tensor.ops;

import dev.galen.tensor.Autograd;
import dev.galen.tensor.Layout;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import java.util.Arrays;

/** The same elements in row-major order under other extents; a view where x is contiguous. */
public final class ReshapeOp {
  private ReshapeOp() {}

  /** {@code x} under {@code dims}, one of which may be -1 and is inferred. */
  public static Tensor apply(Tensor input, int... dims) {
    Tensor x = input.contiguous();
    Shape shape = infer(x.shape(), dims);
    Tensor y = new Tensor(x.contiguousSpan(), Layout.contiguous(shape));
    int[] before = x.shape().toArray();
    return Autograd.record(
        "reshape", y, (dY, gradients) -> gradients.add(x, dY.reshape(before)), x);
  }

  private static Shape infer(Shape from, int[] dims) {
    int[] full = dims.clone();
    int open = -1;
    long known = 1;
    for (int i = 0; i < full.length; i++) {
      if (full[i] == -1 && open < 0) {
        open = i;
      } else {
        known *= full[i];
      }
    }
    if (open >= 0 && known > 0 && from.size() % known == 0) {
      full[open] = Math.toIntExact(from.size() / known);
      known = from.size();
    }
    Checks.require(known == from.size(), "cannot reshape %s to %s", from, Arrays.toString(dims));
    return Shape.of(full);
  }
}
