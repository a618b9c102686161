package dev.galen.tensor;

import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.ops.CastOp;
import dev.galen.tensor.ops.CopyOp;

/**
 * A multi-dimensional array that lives on one backend and remembers how it was computed. Values
 * never change through the methods here; views share memory. A tensor belongs to the innermost
 * {@link MemoryScope} that was open when it was made.
 *
 * <p>Not thread-safe: a tensor and its graph belong to one thread at a time.
 */
public final class Tensor extends TensorMath {
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
      throw new IllegalStateException("tensor " + describe() + " is not contiguous");
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
      throw new IllegalStateException("tensor " + describe() + " cannot move to " + target);
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
      throw new IllegalArgumentException(
          "gradient storage " + storage.describe() + " does not fit " + describe());
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

  // ---- copies

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

  /** Type, shape and whether it wants a gradient, for messages: {@code F32[2, 3]}. */
  public String describe() {
    return dtype() + shape().toString() + (requiresGrad ? " requiring grad" : "");
  }

  /** Who gave the memory back, or null while it is there. */
  String freedBy() {
    return span.buffer().freedBy();
  }

  /**
   * For people: type, shape and place, and below them the values as numpy prints them, of more than
   * 1000 the first and last three of each dimension. Waits for the values where a GPU computes;
   * messages take {@link #describe}.
   */
  @Override
  public String toString() {
    return TensorText.of(this);
  }
}
