package dev.galen.tensor;

import java.util.List;

/** One recorded operation: how the gradient of its output becomes gradients of its inputs. */
public final class GradNode {
  /** The backward half of an operation. */
  @FunctionalInterface
  public interface Backward {
    /**
     * Adds the gradient of every input that needs one.
     *
     * @param dOutput the gradient of the output, in its shape; must not be changed
     * @param gradients where the inputs' gradients go
     */
    void run(Tensor dOutput, Gradients gradients);
  }

  private final String name;
  private final long sequence;
  private final List<Tensor> inputs;
  private Backward backward;

  GradNode(String name, long sequence, Backward backward, List<Tensor> inputs) {
    this.name = name;
    this.sequence = sequence;
    this.backward = backward;
    this.inputs = inputs;
  }

  /** The operation's name. */
  public String name() {
    return name;
  }

  /** What it was computed from. */
  public List<Tensor> inputs() {
    return inputs;
  }

  /** Operations are numbered as they run, so a larger number never feeds a smaller one. */
  long sequence() {
    return sequence;
  }

  void run(Tensor dOutput, Gradients gradients) {
    if (backward == null) {
      throw new IllegalStateException(
          "backward() ran through '" + name + "' before; compute the loss again");
    }
    backward.run(dOutput, gradients);
    backward = null; // lets go of what was saved for it
  }
}
