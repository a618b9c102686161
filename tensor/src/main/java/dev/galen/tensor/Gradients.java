package dev.galen.tensor;

import dev.galen.tensor.backend.Buffer;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * The gradients of one backward pass: leaves collect theirs in their own storage, everything else
 * here until its operation is reached. Memory of a gradient is given back as soon as no pending
 * tensor uses it.
 */
public final class Gradients {
  /**
   * Where a kernel may put a gradient directly.
   *
   * @param tensor contiguous, in the input's shape
   * @param accumulate whether it holds a gradient to add to; else contents are undefined
   */
  public record Target(Tensor tensor, boolean accumulate) {
    /** The tensor, zeroed if it was undefined: for kernels that only accumulate. */
    public Tensor accumulator() {
      if (!accumulate) {
        tensor.backend().copy().fill(tensor.contiguousSpan(), 0);
      }
      return tensor;
    }
  }

  private final Map<GradNode, Tensor> pending = new IdentityHashMap<>();
  private final Map<Buffer, Integer> uses = new IdentityHashMap<>();

  Gradients() {}

  /** Whether {@code input} wants a gradient; else computing one is wasted. */
  public boolean needs(Tensor input) {
    return input.requiresGrad();
  }

  /**
   * Adds to {@code input}'s gradient.
   *
   * @param gradient in the input's shape and type: either made for this call, or dOutput or a view
   *     of it; never a tensor that is still needed elsewhere
   */
  public void add(Tensor input, Tensor gradient) {
    if (!needs(input)) {
      return;
    }
    if (!gradient.shape().equals(input.shape()) || gradient.dtype() != input.dtype()) {
      throw new IllegalStateException(
          "gradient " + gradient.describe() + " for the input " + input.describe());
    }
    if (input.node() == null) {
      addToLeaf(input, gradient);
      return;
    }
    Tensor present = pending.get(input.node());
    if (present == null) {
      put(input, gradient);
    } else if (isPrivate(present)) {
      axpy(gradient, present);
      freeIfUnused(gradient);
    } else {
      put(input, present.add(gradient));
      release(present);
      freeIfUnused(gradient);
    }
  }

  /** Memory for {@code input}'s gradient that a kernel fills itself. */
  public Target target(Tensor input) {
    if (input.node() == null) {
      boolean accumulate = input.grad() != null;
      Tensor storage = input.gradStorage();
      input.markGradDefined();
      return new Target(storage, accumulate);
    }
    Tensor present = pending.get(input.node());
    if (present == null) {
      Tensor fresh = Tensors.emptyLike(input);
      put(input, fresh);
      return new Target(fresh, false);
    }
    if (!isPrivate(present)) {
      Tensor copy = Tensors.emptyLike(input);
      copy.backend().copy().copy(present.span(), present.layout(), copy.span(), copy.layout());
      put(input, copy);
      release(present);
      present = copy;
    }
    return new Target(present, true);
  }

  Tensor take(GradNode node) {
    return pending.remove(node);
  }

  /** One pending tensor less uses this memory. */
  void release(Tensor gradient) {
    Buffer buffer = gradient.span().buffer();
    int left = uses.merge(buffer, -1, Integer::sum);
    if (left == 0) {
      uses.remove(buffer);
      buffer.free("backward()");
    }
  }

  /** The start of the pass: this memory is the caller's and is never freed here. */
  void seed(Tensor output, Tensor gradient) {
    uses.merge(gradient.span().buffer(), 1, Integer::sum);
    put(output, gradient);
  }

  private void put(Tensor input, Tensor gradient) {
    uses.merge(gradient.span().buffer(), 1, Integer::sum);
    pending.put(input.node(), gradient);
  }

  private boolean isPrivate(Tensor gradient) {
    return uses.get(gradient.span().buffer()) == 1 && gradient.layout().isContiguous();
  }

  private void freeIfUnused(Tensor gradient) {
    Buffer buffer = gradient.span().buffer();
    if (!uses.containsKey(buffer)) {
      buffer.free("backward()");
    }
  }

  private void addToLeaf(Tensor leaf, Tensor gradient) {
    if (leaf.grad() != null) {
      axpy(gradient, leaf.grad());
    } else {
      Tensor storage = leaf.gradStorage();
      storage
          .backend()
          .copy()
          .copy(gradient.span(), gradient.layout(), storage.span(), storage.layout());
      leaf.markGradDefined();
    }
    freeIfUnused(gradient);
  }

  private static void axpy(Tensor x, Tensor y) {
    y.backend().pointwise().axpy(1, x.contiguous().contiguousSpan(), y.contiguousSpan());
  }
}
