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
   * Brings every element of every gradient into {@code [-limit, limit]}.
   *
   * @throws UnsupportedOperationException if it cannot
   */
  default void clampGradients(double limit) {
    throw new UnsupportedOperationException(getClass().getSimpleName() + " cannot clip by value");
  }

  /**
   * Updates some parameters in another way than the rest from now on.
   *
   * @throws UnsupportedOperationException if it cannot
   */
  default void group(ParameterGroups groups) {
    throw new UnsupportedOperationException(
        getClass().getSimpleName() + " has no groups of parameters");
  }

  /**
   * Updates that passed over each of {@link #names}, because it was frozen then; empty where there
   * were none. A checkpoint keeps them.
   */
  default List<Double> passedOver() {
    return List.of();
  }

  /** Goes on from what {@link #passedOver} gave. */
  default void passOver(List<Double> counts) {}

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
   * where they lie, each in its own type. Each is known from the start; may be empty.
   */
  Map<String, Tensor> state();

  /** Bytes that an update takes at its fullest moment and gives back; for the plan of memory. */
  default long updateBytes() {
    return 0;
  }

  /** Continues after update number {@code steps}, once {@link #state} is filled in. */
  void resumeAt(long steps);

  /** Gives the memory of gradients and state back; parameters stay. */
  void free();
}
