package dev.galen.train.optim;

import dev.galen.tensor.Autocast;
import dev.galen.tensor.ParameterBlock;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.UpdateRule;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.ops.ReduceOp;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * An optimizer that treats each element of the parameters alike. Parameters, gradients and each
 * kind of state lie in one block of F32 per kind, matrices first (tensors of two or more
 * dimensions: what decays), so that an update is two sweeps over memory. {@link #update} says what
 * becomes of a piece.
 *
 * <p>Frozen parameters ({@link Tensor#freeze}) are left out when the optimizer is made: they stay
 * where they are and cost neither gradient nor state. One that is frozen later is passed over from
 * then on, without decay, as PyTorch passes over what has no gradient, until it is unfrozen; its
 * state waits, and the count of updates goes on. One that was left out and wants a gradient later
 * is refused: make a new optimizer for it.
 *
 * <p>A parameter belongs to one optimizer. A second one that is made over it takes it over, as a
 * second {@link dev.galen.train.Trainer} of the same model does, and from then on the first refuses
 * {@link #step}, {@link #zeroGrad} and {@link #gradientNorm}; to {@link #free} it stays possible.
 */
public abstract class BlockOptimizer implements Optimizer {
  private final ParameterBlock block;
  private final List<String> names;
  private final Map<String, Tensor> leftOut;
  private final int matrices;
  private final SequencedMap<String, Tensor> state = new LinkedHashMap<>();
  private long step;
  private boolean freed;

  /**
   * A piece of the block: parameters that lie side by side.
   *
   * @param values F32 {@code [n]}, to be updated
   * @param gradients F32 {@code [n]}, not scaled yet; zero where none has reached a parameter
   * @param states F32 {@code [n]} for each name of state, to be updated
   * @param matrices whether these are tensors of two or more dimensions, which decay
   */
  public record Piece(Span values, Span gradients, List<Span> states, boolean matrices) {}

  /**
   * Moves those of {@code parameters} that are not frozen into one block, and makes their state, 0
   * everywhere.
   *
   * @param parameters by name; what is refused is refused by name
   * @param states names of the blocks of state
   * @throws IllegalArgumentException if every one is frozen, or there is none
   */
  protected BlockOptimizer(Map<String, Tensor> parameters, List<String> states) {
    var ordered = new LinkedHashMap<String, Tensor>();
    parameters.forEach((name, p) -> putIf(p.requiresGrad() && isMatrix(p), ordered, name, p));
    matrices = ordered.size();
    parameters.forEach((name, p) -> putIf(p.requiresGrad() && !isMatrix(p), ordered, name, p));
    if (ordered.isEmpty() && !parameters.isEmpty()) {
      throw new IllegalArgumentException(
          "all %d parameters are frozen, so there is nothing to train; unfreeze some by requireGrad()"
              .formatted(parameters.size()));
    }
    leftOut = new LinkedHashMap<>();
    parameters.forEach((name, p) -> putIf(!p.requiresGrad(), leftOut, name, p));
    names = List.copyOf(ordered.keySet());
    block = ParameterBlock.of(List.copyOf(ordered.values()));
    states.forEach(name -> state.put(name, zeros(block.values())));
  }

  private static void putIf(boolean put, Map<String, Tensor> to, String name, Tensor parameter) {
    if (put) {
      to.put(name, parameter);
    }
  }

  private static boolean isMatrix(Tensor parameter) {
    return parameter.shape().rank() >= 2;
  }

  private static Tensor zeros(Tensor like) {
    return MemoryScope.outside(() -> Tensors.full(like.backend(), like.dtype(), like.shape(), 0));
  }

  /** Names for parameters that have none, for messages. */
  protected static Map<String, Tensor> numbered(Collection<Tensor> parameters) {
    var numbered = new LinkedHashMap<String, Tensor>();
    for (Tensor parameter : parameters) {
      numbered.put("parameter " + numbered.size() + ", " + parameter.shape(), parameter);
    }
    return numbered;
  }

  /**
   * Updates values and states of one piece, by {@link UpdateRule#update} or other kernels. {@link
   * #steps} is the number of this update, from 1.
   *
   * @param learningRate of this update
   * @param gradientScale factor on all gradients
   */
  protected abstract void update(
      Backend backend, Piece piece, double learningRate, double gradientScale);

  /** The trained parameters in block order: matrices, then the rest. */
  public final List<Tensor> parameters() {
    return block.parameters();
  }

  @Override
  public final List<String> names() {
    return names;
  }

  @Override
  public final void zeroGrad() {
    requireCurrent();
    block.zeroGrad();
  }

  @Override
  public final double gradientNorm() {
    requireCurrent();
    return Math.sqrt(ReduceOp.sumOfSquares(block.gradients()));
  }

  @Override
  public final void step(double learningRate, double gradientScale) {
    requireCurrent();
    step++;
    Span gradients = block.gradients().span();
    sweep(0, matrices, gradients, learningRate, gradientScale);
    sweep(matrices, names.size(), gradients, learningRate, gradientScale);
    Autocast.weightsChanged();
  }

  /** Updates the parameters {@code from} to {@code to}, as long pieces of the block as can be. */
  private void sweep(int from, int to, Span gradients, double learningRate, double gradientScale) {
    List<Tensor> parameters = block.parameters();
    int begin = from;
    for (int i = from; i <= to; i++) {
      if (i == to || !parameters.get(i).requiresGrad()) {
        long start = block.start(begin);
        long length = block.start(i) - start;
        if (length > 0) {
          Piece piece = piece(start, length, gradients, from < matrices);
          update(block.values().backend(), piece, learningRate, gradientScale);
        }
        begin = i + 1;
      }
    }
  }

  private Piece piece(long start, long length, Span gradients, boolean ofMatrices) {
    var states = new ArrayList<Span>(state.size());
    for (Tensor each : state.values()) {
      states.add(each.span().slice(start, length));
    }
    Span values = block.values().span().slice(start, length);
    return new Piece(values, gradients.slice(start, length), states, ofMatrices);
  }

  /**
   * Refuses what would go on in silence and change nothing, or the wrong thing.
   *
   * @throws IllegalStateException if this optimizer is no longer that of its parameters: it was
   *     freed, another one took a parameter over, or one that it left out is not frozen any more
   */
  @Override
  public final void requireCurrent() {
    if (freed) {
      throw new IllegalStateException("this optimizer was freed; make a new one");
    }
    for (int i = 0; i < names.size(); i++) {
      if (!block.owns(block.parameters().get(i))) {
        throw new IllegalStateException(
            names.get(i)
                + " belongs to an optimizer or trainer that was made later, so this one would"
                + " change nothing; use that one, or make this one anew");
      }
    }
    for (Map.Entry<String, Tensor> entry : leftOut.entrySet()) {
      if (entry.getValue().requiresGrad()) {
        throw new IllegalStateException(
            entry.getKey()
                + " was frozen when this optimizer was made and is not any more; make a new"
                + " optimizer to train it, or freeze it again");
      }
    }
  }

  @Override
  public final long steps() {
    return step;
  }

  /** Each in block order with its gaps, F32 {@code [n]}. */
  @Override
  public final Map<String, Tensor> state() {
    return state;
  }

  @Override
  public final void resumeAt(long steps) {
    step = steps;
  }

  @Override
  public final void free() {
    freed = true;
    block.freeGradients();
    state.values().forEach(Tensor::free);
  }
}
