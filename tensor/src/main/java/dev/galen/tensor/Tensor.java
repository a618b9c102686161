package dev.galen.tensor;

import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Binary;
import dev.galen.tensor.backend.Reduction;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.Unary;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.ops.AffineOp;
import dev.galen.tensor.ops.BinaryOp;
import dev.galen.tensor.ops.CastOp;
import dev.galen.tensor.ops.CopyOp;
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
 * A multi-dimensional array that lives on one backend and remembers how it was computed. Values
 * never change through the methods here; views share memory. A tensor belongs to the innermost
 * {@link MemoryScope} that was open when it was made.
 *
 * <p>Not thread-safe: a tensor and its graph belong to one thread at a time.
 */
public final class Tensor {
  private final Layout layout;
  private Span span;
  private boolean requiresGrad;
  private GradNode node;
  private Tensor grad;
  private boolean gradDefined;

  /** A tensor over existing memory; {@code span} starts at the first element. */
  public Tensor(Span span, Layout layout) {
    if (layout.extent() > span.length()) {
      throw new IllegalArgumentException(
          "layout %s needs %d elements, the span has %d"
              .formatted(layout, layout.extent(), span.length()));
    }
    this.span = span;
    this.layout = layout;
  }

  // ---- what it is

  /** The extents. */
  public Shape shape() {
    return layout.shape();
  }

  /** The extent of dimension {@code index}; negative indices count from the last. */
  public int dim(int index) {
    return layout.shape().dim(index);
  }

  /** The element type. */
  public DType dtype() {
    return span.dtype();
  }

  /** The backend that computes with it. */
  public Backend backend() {
    return span.buffer().backend();
  }

  /** Extents and strides. */
  public Layout layout() {
    return layout;
  }

  /** The memory from the first element on; throws if it was freed. */
  public Span span() {
    span.buffer().requireLive();
    return span;
  }

  /** The memory of a contiguous tensor, exactly as long as the tensor. */
  public Span contiguousSpan() {
    if (!layout.isContiguous()) {
      throw new IllegalStateException("tensor " + this + " is not contiguous");
    }
    return span().slice(0, shape().size());
  }

  // ---- lifetime

  /** Moves this tensor's memory to the scope around the one that owns it; returns this. */
  public Tensor keep() {
    MemoryScope.keep(span.buffer());
    return this;
  }

  /** Gives the memory back now; views of it become unusable too. */
  public void free() {
    span.buffer().free("free()");
  }

  /**
   * Points this tensor at other memory of the same type and size: how parameters move into one
   * block. Only a contiguous tensor that no graph has produced can move.
   */
  void rehome(Span target) {
    if (node != null || !layout.isContiguous() || target.length() != shape().size()) {
      throw new IllegalStateException("tensor " + this + " cannot move to " + target);
    }
    span = target;
  }

  // ---- autograd

  /** Whether gradients flow to it. */
  public boolean requiresGrad() {
    return requiresGrad;
  }

  /** Makes this a leaf that collects a gradient; returns this. */
  public Tensor requireGrad() {
    if (!dtype().isFloating()) {
      throw new IllegalStateException(dtype() + " tensors have no gradient");
    }
    requiresGrad = true;
    return this;
  }

  /** Stops collecting a gradient in this leaf; returns this. */
  public Tensor freeze() {
    if (node != null) {
      throw new IllegalStateException("only leaves can be frozen; use detach()");
    }
    requiresGrad = false;
    return this;
  }

  /** The operation that made it, or null for a leaf. */
  public GradNode node() {
    return node;
  }

  /** Records the operation that made it. */
  void setNode(GradNode node) {
    this.node = node;
    this.requiresGrad = true;
  }

  /** The collected gradient of a leaf, or null where none has arrived. */
  public Tensor grad() {
    return gradDefined ? grad : null;
  }

  /** Forgets the gradient; its memory is kept and overwritten next time. */
  public void zeroGrad() {
    gradDefined = false;
  }

  /** Gives the leaf memory of its own shape to collect its gradient in; contents are undefined. */
  void setGradStorage(Tensor storage) {
    if (!storage.shape().equals(shape()) || storage.dtype() != dtype()) {
      throw new IllegalArgumentException("gradient storage " + storage + " does not fit " + this);
    }
    grad = storage;
    gradDefined = false;
  }

  /** Lets go of the gradient and of its memory. */
  void dropGradStorage() {
    grad = null;
    gradDefined = false;
  }

  /** The leaf's gradient memory, allocated outside of every scope if there is none yet. */
  Tensor gradStorage() {
    if (grad == null) {
      grad = MemoryScope.outside(() -> Tensors.empty(backend(), dtype(), shape()));
    }
    return grad;
  }

  /**
   * Declares the memory of the gradient to hold it, where a replay of captured kernels wrote it
   * there; it must be there from an earlier backward pass.
   */
  public void markGradDefined() {
    gradDefined = true;
  }

  /**
   * Adds d(this)/d(leaf) to the gradient of every leaf this scalar was computed from. The graph can
   * be walked once.
   */
  public void backward() {
    Autograd.backward(this);
  }

  /** The same values, cut off from the graph; shares memory. */
  public Tensor detach() {
    return new Tensor(span(), layout);
  }

  // ---- values on the host

  /** The only element. */
  public double item() {
    if (shape().size() != 1) {
      throw new IllegalStateException("item() needs one element, shape is " + shape());
    }
    return toDoubles()[0];
  }

  /** The elements in row-major order. */
  public float[] toFloats() {
    return HostCopy.floats(this);
  }

  /** Writes the elements in row-major order to {@code target}, which has just their number. */
  public void copyTo(float[] target) {
    HostCopy.floats(this, target);
  }

  /** The elements in row-major order. */
  public double[] toDoubles() {
    return HostCopy.doubles(this);
  }

  /** The elements in row-major order; floating ones are truncated. */
  public int[] toInts() {
    return HostCopy.ints(this);
  }

  // ---- element by element

  /** {@code this + other}, broadcast. */
  public Tensor add(Tensor other) {
    return BinaryOp.apply(Binary.ADD, this, other);
  }

  /** {@code this + value}. */
  public Tensor add(double value) {
    return AffineOp.apply(this, 1, value);
  }

  /** {@code this - other}, broadcast. */
  public Tensor sub(Tensor other) {
    return BinaryOp.apply(Binary.SUB, this, other);
  }

  /** {@code this * other}, element by element, broadcast. */
  public Tensor mul(Tensor other) {
    return BinaryOp.apply(Binary.MUL, this, other);
  }

  /** {@code this * value}. */
  public Tensor mul(double value) {
    return AffineOp.apply(this, value, 0);
  }

  /** {@code this / other}, broadcast. */
  public Tensor div(Tensor other) {
    return BinaryOp.apply(Binary.DIV, this, other);
  }

  /** The larger of each pair, broadcast. */
  public Tensor maximum(Tensor other) {
    return BinaryOp.apply(Binary.MAX, this, other);
  }

  /** The smaller of each pair, broadcast. */
  public Tensor minimum(Tensor other) {
    return BinaryOp.apply(Binary.MIN, this, other);
  }

  /** 1 where equal, else 0, in this type; no gradient. */
  public Tensor equalTo(Tensor other) {
    return BinaryOp.apply(Binary.EQUAL, this, other);
  }

  /** 1 where this is smaller, else 0, in this type; no gradient. */
  public Tensor lessThan(Tensor other) {
    return BinaryOp.apply(Binary.LESS, this, other);
  }

  /** {@code f} of each element. */
  public Tensor map(Unary f) {
    return UnaryOp.apply(f, this);
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

  /** {@code max(this, 0)}. */
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
    return ReduceOp.apply(Reduction.SUM, this);
  }

  /** The sum along one dimension, which disappears. */
  public Tensor sum(int axis) {
    return ReduceOp.apply(Reduction.SUM, this, axis);
  }

  /** The mean of all elements: a scalar. */
  public Tensor mean() {
    return ReduceOp.apply(Reduction.MEAN, this);
  }

  /** The mean along one dimension, which disappears. */
  public Tensor mean(int axis) {
    return ReduceOp.apply(Reduction.MEAN, this, axis);
  }

  /** The largest along one dimension, which disappears; equals share the gradient. */
  public Tensor max(int axis) {
    return ReduceOp.apply(Reduction.MAX, this, axis);
  }

  /** Softmax along the last dimension. */
  public Tensor softmax() {
    return SoftmaxOp.apply(this);
  }

  /** The logarithm of softmax along the last dimension. */
  public Tensor logSoftmax() {
    return LogSoftmaxOp.apply(this);
  }

  /** The index of the largest along the last dimension, the first of equals; I32, no gradient. */
  public Tensor argmax() {
    return ReduceOp.argmax(this);
  }

  // ---- matrix products

  /** {@code [..., m, k] x [..., k, n] = [..., m, n]}; leading dimensions broadcast. */
  public Tensor matmul(Tensor other) {
    return MatmulOp.apply(this, other, false, false);
  }

  /** The same with the last two dimensions of either operand swapped first. */
  public Tensor matmul(Tensor other, boolean transposeThis, boolean transposeOther) {
    return MatmulOp.apply(this, other, transposeThis, transposeOther);
  }

  // ---- views and copies

  /** The same elements in row-major order under other extents; one may be -1 and is inferred. */
  public Tensor reshape(int... dims) {
    return ReshapeOp.apply(this, dims);
  }

  /** A view with dimensions in another order. */
  public Tensor permute(int... order) {
    return PermuteOp.apply(this, order);
  }

  /** A view with two dimensions swapped. */
  public Tensor transpose(int a, int b) {
    return PermuteOp.swap(this, a, b);
  }

  /** A view of {@code from..to-1} of one dimension. */
  public Tensor slice(int axis, int from, int to) {
    return SliceOp.apply(this, axis, from, to);
  }

  /** A view repeated to a larger shape by NumPy's rule. */
  public Tensor expand(Shape target) {
    return ExpandOp.apply(this, target);
  }

  /** This tensor if it is contiguous, else a contiguous copy. */
  public Tensor contiguous() {
    return layout.isContiguous() ? this : CopyOp.apply(this);
  }

  /** This tensor if it has the type, else a copy converted to it. */
  public Tensor to(DType dtype) {
    return dtype() == dtype ? this : CastOp.apply(this, dtype);
  }

  /** This tensor if it lives there, else a detached copy that does. */
  public Tensor to(Device device) {
    return backend() == device.backend() ? this : HostCopy.move(this, device.backend());
  }

  @Override
  public String toString() {
    return dtype() + shape().toString() + (requiresGrad ? " requiring grad" : "");
  }
}
