package dev.galen.train.optim;

import dev.galen.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * Turns gradients into updates of the parameters that are trained; frozen ones ({@link
 * Tensor#freeze}) keep their bits and cost neither gradient nor state. {@link
 * dev.galen.train.Trainer}, checkpoints and the memory plan know this alone, so an optimizer of
 * another jar trains, is saved and resumes as {@link AdamW} does: give its {@link OptimizerSpec} to
 * the config. Most extend {@link BlockOptimizer} and say only what becomes of an element.
 */
public interface Optimizer {
  /** The names of the parameters that it trains, in its own order. */
  List<String> names();

  /** Forgets all gradients. */
  void zeroGrad();

  /** The Euclidean norm of all gradients together; frozen parameters have none. Waits for a GPU. */
  double gradientNorm();

  /**
   * Updates every parameter that is not frozen, and counts.
   *
   * @param learningRate of this update
   * @param gradientScale factor on all gradients: below 1 clips them, or undoes a loss scale
   */
  void step(double learningRate, double gradientScale);

  /**
   * Refuses to go on where it would change nothing, or the wrong thing, without a word.
   *
   * @throws IllegalStateException if this optimizer is no longer that of its parameters
   */
  void requireCurrent();

  /** The number of updates so far, those before a {@link #resumeAt} included. */
  long steps();

  /**
   * What it keeps from update to update, by name: the blocks that a checkpoint saves, and fills in
   * where they lie. Each holds F32, and each is known from the start; may be empty.
   */
  Map<String, Tensor> state();

  /** Continues after update number {@code steps}, once {@link #state} is filled in. */
  void resumeAt(long steps);

  /** Gives the memory of gradients and state back; parameters stay. */
  void free();
}
