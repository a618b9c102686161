package dev.galen.tensor;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicLong;

/** Records operations as they run and walks them backwards. */
public final class Autograd {
  private static final AtomicLong SEQUENCE = new AtomicLong();
  private static final ThreadLocal<Boolean> DISABLED = ThreadLocal.withInitial(() -> false);

  private Autograd() {}

  /** A stretch of code in a changed mode; closing it restores the mode before. */
  public interface Mode extends AutoCloseable {
    @Override
    void close();
  }

  /** Nothing is recorded on this thread until the result is closed. */
  public static Mode noGrad() {
    return mode(true);
  }

  /** Operations are recorded again, inside of {@link #noGrad}. */
  public static Mode enableGrad() {
    return mode(false);
  }

  private static Mode mode(boolean disabled) {
    boolean before = DISABLED.get();
    DISABLED.set(disabled);
    return () -> DISABLED.set(before);
  }

  /** Whether operations are recorded on this thread. */
  public static boolean isEnabled() {
    return !DISABLED.get();
  }

  /** Whether an operation on these inputs will be recorded. */
  public static boolean tracks(Tensor... inputs) {
    if (DISABLED.get()) {
      return false;
    }
    for (Tensor input : inputs) {
      if (input != null && input.requiresGrad()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Records {@code output} as computed from {@code inputs}, if any of them wants a gradient. An
   * input that is null (an absent bias) is left out.
   */
  public static Tensor record(
      String name, Tensor output, GradNode.Backward backward, Tensor... inputs) {
    if (tracks(inputs)) {
      attach(name, output, backward, inputs);
    }
    return output;
  }

  /**
   * Records {@code output} even if no input wants a gradient: for operations whose backward half
   * reaches tensors that are not among its inputs, such as parameters of a block.
   */
  public static void attach(
      String name, Tensor output, GradNode.Backward backward, Tensor... inputs) {
    List<Tensor> present = Arrays.stream(inputs).filter(Objects::nonNull).toList();
    output.setNode(new GradNode(name, SEQUENCE.getAndIncrement(), backward, present));
  }

  /**
   * The values of {@code x} as a leaf of its own, whose gradient lies in the innermost open scope:
   * for operations whose backward half runs a backward pass itself.
   */
  public static Tensor leaf(Tensor x) {
    Tensor leaf = x.detach().requireGrad();
    leaf.setGradStorage(Tensors.emptyLike(x));
    return leaf;
  }

  /** {@link Tensor#backward()}. */
  public static void backward(Tensor scalar) {
    if (scalar.shape().size() != 1) {
      throw new IllegalStateException(
          "backward() needs a scalar, shape is " + scalar.shape() + "; use sum() or mean() first");
    }
    backward(scalar, Tensors.full(scalar.backend(), scalar.dtype(), scalar.shape(), 1));
  }

  /** The same from a given gradient of {@code output}, which stays the caller's. */
  public static void backward(Tensor output, Tensor dOutput) {
    if (output.node() == null) {
      throw new IllegalStateException(
          "nothing to differentiate: no input of this tensor required a gradient");
    }
    var gradients = new Gradients();
    // The types of the backward half follow from those of the forward half.
    try (var off = noGrad();
        var uncast = Autocast.off()) {
      gradients.seed(output, dOutput);
      var queue =
          new PriorityQueue<GradNode>(Comparator.comparingLong(GradNode::sequence).reversed());
      queue.add(output.node());
      while (!queue.isEmpty()) {
        GradNode node = queue.poll();
        Tensor gradient = gradients.take(node);
        if (gradient == null) {
          continue; // queued once for each of its uses
        }
        node.run(gradient, gradients);
        gradients.release(gradient);
        for (Tensor input : node.inputs()) {
          if (input.node() != null) {
            queue.add(input.node());
          }
        }
      }
    }
  }
}
