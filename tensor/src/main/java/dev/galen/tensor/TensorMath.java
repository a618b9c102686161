package dev.galen.tensor;

import dev.galen.tensor.backend.Binary;
import dev.galen.tensor.backend.Reduction;
import dev.galen.tensor.backend.Unary;
import dev.galen.tensor.ops.AffineOp;
import dev.galen.tensor.ops.BinaryOp;
import dev.galen.tensor.ops.ExpandOp;
import dev.galen.tensor.ops.LogSoftmaxOp;
import dev.galen.tensor.ops.MatmulOp;
import dev.galen.tensor.ops.PermuteOp;
import dev.galen.tensor.ops.ReduceOp;
import dev.galen.tensor.ops.ReshapeOp;
import dev.galen.tensor.ops.SliceOp;
import dev.galen.tensor.ops.SoftmaxOp;
import dev.galen.tensor.ops.UnaryOp;

/**
 * The operations that users chain, as methods of {@link Tensor}: each calls its class in {@code
 * dev.galen.tensor.ops}.
 */
abstract sealed class TensorMath permits Tensor {
  TensorMath() {}

  private Tensor self() {
    return (Tensor) this;
  }

  // ---- element by element

  /** {@code this + other}, broadcast. */
  public Tensor add(Tensor other) {
    return BinaryOp.apply(Binary.ADD, self(), other);
  }

  /** {@code this + value}. */
  public Tensor add(double value) {
    return AffineOp.apply(self(), 1, value);
  }

  /** {@code this - other}, broadcast. */
  public Tensor sub(Tensor other) {
    return BinaryOp.apply(Binary.SUB, self(), other);
  }

  /** {@code this * other}, element by element, broadcast. */
  public Tensor mul(Tensor other) {
    return BinaryOp.apply(Binary.MUL, self(), other);
  }

  /** {@code this * value}. */
  public Tensor mul(double value) {
    return AffineOp.apply(self(), value, 0);
  }

  /** {@code this / other}, broadcast. */
  public Tensor div(Tensor other) {
    return BinaryOp.apply(Binary.DIV, self(), other);
  }

  /** The larger of each pair, broadcast. */
  public Tensor maximum(Tensor other) {
    return BinaryOp.apply(Binary.MAX, self(), other);
  }

  /** The smaller of each pair, broadcast. */
  public Tensor minimum(Tensor other) {
    return BinaryOp.apply(Binary.MIN, self(), other);
  }

  /** 1 where equal, else 0, in this type; no gradient. */
  public Tensor equalTo(Tensor other) {
    return BinaryOp.apply(Binary.EQUAL, self(), other);
  }

  /** 1 where this is smaller, else 0, in this type; no gradient. */
  public Tensor lessThan(Tensor other) {
    return BinaryOp.apply(Binary.LESS, self(), other);
  }

  /** {@code f} of each element. */
  public Tensor map(Unary f) {
    return UnaryOp.apply(f, self());
  }

  /** {@code -this}. */
  public Tensor neg() {
    return map(Unary.NEG);
  }

  /** {@code e^this}. */
  public Tensor exp() {
    return map(Unary.EXP);
  }

  /** The natural logarithm. */
  public Tensor log() {
    return map(Unary.LOG);
  }

  /** The square root. */
  public Tensor sqrt() {
    return map(Unary.SQRT);
  }

  /** The hyperbolic tangent. */
  public Tensor tanh() {
    return map(Unary.TANH);
  }

  /** {@code max(self(), 0)}. */
  public Tensor relu() {
    return map(Unary.RELU);
  }

  /** GELU in its exact form. */
  public Tensor gelu() {
    return map(Unary.GELU_ERF);
  }

  // ---- reductions

  /** The sum of all elements: a scalar. */
  public Tensor sum() {
    return ReduceOp.apply(Reduction.SUM, self());
  }

  /** The sum along one dimension, which disappears. */
  public Tensor sum(int axis) {
    return ReduceOp.apply(Reduction.SUM, self(), axis);
  }

  /** The mean of all elements: a scalar. */
  public Tensor mean() {
    return ReduceOp.apply(Reduction.MEAN, self());
  }

  /** The mean along one dimension, which disappears. */
  public Tensor mean(int axis) {
    return ReduceOp.apply(Reduction.MEAN, self(), axis);
  }

  /** The largest along one dimension, which disappears; equals share the gradient. */
  public Tensor max(int axis) {
    return ReduceOp.apply(Reduction.MAX, self(), axis);
  }

  /** Softmax along the last dimension. */
  public Tensor softmax() {
    return SoftmaxOp.apply(self());
  }

  /** The logarithm of softmax along the last dimension. */
  public Tensor logSoftmax() {
    return LogSoftmaxOp.apply(self());
  }

  /** The index of the largest along the last dimension, the first of equals; I32, no gradient. */
  public Tensor argmax() {
    return ReduceOp.argmax(self());
  }

  // ---- matrix products

  /** {@code [..., m, k] x [..., k, n] = [..., m, n]}; leading dimensions broadcast. */
  public Tensor matmul(Tensor other) {
    return MatmulOp.apply(self(), other, false, false);
  }

  /** The same with the last two dimensions of either operand swapped first. */
  public Tensor matmul(Tensor other, boolean transposeThis, boolean transposeOther) {
    return MatmulOp.apply(self(), other, transposeThis, transposeOther);
  }

  // ---- views

  /** The same elements in row-major order under other extents; one may be -1 and is inferred. */
  public Tensor reshape(int... dims) {
    return ReshapeOp.apply(self(), dims);
  }

  /** A view with dimensions in another order. */
  public Tensor permute(int... order) {
    return PermuteOp.apply(self(), order);
  }

  /** A view with two dimensions swapped. */
  public Tensor transpose(int a, int b) {
    return PermuteOp.swap(self(), a, b);
  }

  /** A view of {@code from..to-1} of one dimension. */
  public Tensor slice(int axis, int from, int to) {
    return SliceOp.apply(self(), axis, from, to);
  }

  /** A view repeated to a larger shape by NumPy's rule. */
  public Tensor expand(Shape target) {
    return ExpandOp.apply(self(), target);
  }
}
