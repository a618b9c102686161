package dev.galen.tensor.ops;

import dev.galen.tensor.Autograd;
import dev.galen.tensor.Layout;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.backend.Span;

/** A view of a range of one dimension; the gradient is zero outside of it. */
public final class SliceOp {
  private SliceOp() {}

  /** {@code from..to-1} of dimension {@code index}. */
  public static Tensor apply(Tensor x, int index, int from, int to) {
    int axis = x.shape().axis(index);
    Checks.require(
        0 <= from && from <= to && to <= x.dim(axis),
        "no range %d..%d in dimension %d of shape %s",
        from,
        to,
        axis,
        x.shape());
    Tensor y = view(x, axis, from, to);
    return Autograd.record(
        "slice",
        y,
        (dY, gradients) -> {
          // Added in place: a concatenation or a packed tensor is sliced many times over.
          var target = gradients.target(x);
          Tensor part = view(target.accumulator(), axis, from, to);
          Tensor sum = part.add(dY);
          x.backend().copy().copy(sum.span(), sum.layout(), part.span(), part.layout());
        },
        x);
  }

  static Tensor view(Tensor x, int axis, int from, int to) {
    Shape shape = x.shape().withDim(axis, to - from);
    Layout layout = Layout.strided(shape, x.layout().strides());
    long skip = from * x.layout().stride(axis);
    Span span = x.span();
    return new Tensor(
        span.slice(Math.min(skip, span.length()), Math.max(0, span.length() - skip)), layout);
  }
}
