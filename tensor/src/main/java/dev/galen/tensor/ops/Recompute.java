package dev.galen.tensor.ops;

import dev.galen.tensor.Autocast;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Gradients;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.random.Philox;
import java.util.Arrays;
import java.util.function.BinaryOperator;
import java.util.function.Function;
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
    return run(inputs -> block.apply(inputs[0]), random, input);
  }

  /** The same of a block with two inputs, such as a decoder's, which reads an encoder's states. */
  public static Tensor of(
      BinaryOperator<Tensor> block, Tensor first, Tensor second, Philox random) {
    return run(inputs -> block.apply(inputs[0], inputs[1]), random, first, second);
  }

  private static Tensor run(Function<Tensor[], Tensor> block, Philox random, Tensor... inputs) {
    if (!Autograd.isEnabled()) {
      return block.apply(inputs);
    }
    long offset = random == null ? 0 : random.offset();
    Autocast cast = Autocast.current();
    Tensor output;
    try (var scope = MemoryScope.open("recompute (forward)");
        var off = Autograd.noGrad()) {
      var detached = new Tensor[inputs.length];
      Arrays.setAll(detached, i -> inputs[i].detach());
      Tensor result = block.apply(detached).contiguous();
      // What the block only hands through keeps its owner, and its own place in the graph.
      boolean handsThrough = false;
      for (Tensor input : inputs) {
        handsThrough |= result.span().buffer() == input.span().buffer();
      }
      output = handsThrough ? CopyOp.apply(result).keep() : result.keep().detach();
    }
    Autograd.attach(
        "recompute",
        output,
        (dOutput, gradients) -> backward(block, inputs, random, offset, cast, dOutput, gradients),
        inputs);
    return output;
  }

  private static void backward(
      Function<Tensor[], Tensor> block,
      Tensor[] inputs,
      Philox random,
      long offset,
      Autocast cast,
      Tensor dOutput,
      Gradients gradients) {
    var leaves = new Tensor[inputs.length];
    Arrays.setAll(leaves, i -> Autograd.leaf(inputs[i]));
    long resume = random == null ? 0 : random.offset();
    try (var scope = MemoryScope.open("recompute (backward)");
        var on = Autograd.enableGrad();
        var again = Autocast.enter(cast)) {
      if (random != null) {
        random.seek(offset);
      }
      // A view has a node even where the block returns it as it is.
      var starts = new Tensor[leaves.length];
      Arrays.setAll(starts, i -> leaves[i].reshape(leaves[i].shape().toArray()));
      Autograd.backward(block.apply(starts), dOutput);
    } finally {
      if (random != null) {
        random.seek(resume);
      }
    }
    for (int i = 0; i < inputs.length; i++) {
      if (leaves[i].grad() != null) {
        gradients.add(inputs[i], leaves[i].grad());
      }
    }
  }
}
