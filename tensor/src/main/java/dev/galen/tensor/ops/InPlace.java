package dev.galen.tensor.ops;

import dev.galen.tensor.DType;
import dev.galen.tensor.Layout;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Binary;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.Unary;

/**
 * Arithmetic on vectors where they lie, without a gradient: what the update of an optimizer is made
 * of that has no kernel of its own. New vectors are F32 and live as long as the memory scope.
 *
 * @param backend where all of them lie
 */
public record InPlace(Backend backend) {
  /** y = factor y. */
  public void scale(double factor, Span y) {
    backend.pointwise().affine(y, factor, 0, y);
  }

  /** y = factor y + shift. */
  public void scale(double factor, double shift, Span y) {
    backend.pointwise().affine(y, factor, shift, y);
  }

  /** y = y + factor x. */
  public void add(double factor, Span x, Span y) {
    backend.pointwise().axpy(factor, x, y);
  }

  /** mean = keep mean + (1 - keep) x. */
  public void average(double keep, Span mean, Span x) {
    scale(keep, mean);
    add(1 - keep, x, mean);
  }

  /** y = f(a, b), which may be one of both. */
  public void combine(Binary f, Span a, Span b, Span y) {
    Layout layout = Layout.contiguous(shape(y));
    backend.pointwise().binary(f, a, layout, b, layout, y);
  }

  /** y = f(y, bound). */
  public void combine(Binary f, double bound, Span y) {
    Tensor one = Tensors.full(backend, DType.F32, Shape.of(), bound);
    Layout layout = Layout.contiguous(shape(y));
    Layout everywhere = one.layout().expand(layout.shape());
    backend.pointwise().binary(f, y, layout, one.span(), everywhere, y);
  }

  /** A new vector: factor x. */
  public Span scaled(double factor, Span x) {
    Span y = Tensors.empty(backend, DType.F32, shape(x)).span();
    backend.pointwise().affine(x, factor, 0, y);
    return y;
  }

  /** A new vector: f(x). */
  public Span map(Unary f, Span x) {
    Span y = Tensors.empty(backend, DType.F32, shape(x)).span();
    backend.pointwise().unary(f, x, y);
    return y;
  }

  /** A new vector: factor times the sign of x, 0 at 0. */
  public Span signs(double factor, Span x) {
    Span y = Tensors.full(backend, DType.F32, shape(x), factor).span();
    backend.pointwise().unaryBackward(Unary.ABS, x, x, y, y);
    return y;
  }

  private static Shape shape(Span x) {
    return Shape.of(Math.toIntExact(x.length()));
  }
}
