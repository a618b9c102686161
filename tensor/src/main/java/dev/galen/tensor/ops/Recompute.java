package dev.galen.tensor.ops;

import dev.galen.tensor.Autocast;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Gradients;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.random.Philox;
import java.util.function.UnaryOperator;

/**
 * Gradient checkpointing (Chen et al. 2016, arXiv 1604.06174): keeps a block's input instead of its
 * activations, and computes the block again in the backward pass. Losses and gradients keep their
 * bits, because the random numbers are drawn again from the same counters.
 */
public final class Recompute {
  private Recompute() {}

  /**
   * {@code block(input)}.
   *
   * @param block may use parameters, but of computed tensors only its input: others would be walked
   *     in the backward pass of each block that uses them
   * @param random what the block draws from, or null where it draws nothing
   */
  public static Tensor of(UnaryOperator<Tensor> block, Tensor input, Philox random) {
    if (!Autograd.isEnabled()) {
      return block.apply(input);
    }
    long offset = random == null ? 0 : random.offset();
    Autocast cast = Autocast.current();
    Tensor output;
    try (var scope = MemoryScope.open("recompute (forward)");
        var off = Autograd.noGrad()) {
      Tensor result = block.apply(input.detach()).contiguous();
      // What the block only hands through keeps its owner, and its own place in the graph.
      boolean handsThrough = result.span().buffer() == input.span().buffer();
      output = handsThrough ? CopyOp.apply(result).keep() : result.keep().detach();
    }
    Autograd.attach(
        "recompute",
        output,
        (dOutput, gradients) -> backward(block, input, random, offset, cast, dOutput, gradients),
        input);
    return output;
  }

  private static void backward(
      UnaryOperator<Tensor> block,
      Tensor input,
      Philox random,
      long offset,
      Autocast cast,
      Tensor dOutput,
      Gradients gradients) {
    Tensor leaf = Autograd.leaf(input);
    long resume = random == null ? 0 : random.offset();
    try (var scope = MemoryScope.open("recompute (backward)");
        var on = Autograd.enableGrad();
        var again = Autocast.enter(cast)) {
      if (random != null) {
        random.seek(offset);
      }
      // A view has a node even where the block returns it as it is.
      Tensor start = leaf.reshape(leaf.shape().toArray());
      Autograd.backward(block.apply(start), dOutput);
    } finally {
      if (random != null) {
        random.seek(resume);
      }
    }
    if (leaf.grad() != null) {
      gradients.add(input, leaf.grad());
    }
  }
}
