package dev.galen.train.optim;

import dev.galen.tensor.Autocast;
import dev.galen.tensor.DType;
import dev.galen.tensor.ParameterBlock;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Binary;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.UpdateRule;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.ops.InPlace;
import dev.galen.tensor.ops.ReduceOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/**
 * An optimizer that treats each element of the parameters alike. Parameters, gradients and each
 * kind of state lie in one block per kind, F32 unless its {@link StateStorage} says otherwise,
 * matrices first (tensors of two or more dimensions: what decays), so that an update is two sweeps
 * over memory. {@link #update} says what becomes of a piece.
 *
 * <p>Frozen parameters ({@link Tensor#freeze}) are left out when the optimizer is made: they stay
 * where they are and cost neither gradient nor state. One that is frozen later is passed over from
 * then on, without decay, as PyTorch passes over what has no gradient, until it is unfrozen; its
 * state and its own count of updates wait. One that was left out and wants a gradient later is
 * refused: make a new optimizer for it.
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
  private final List<String> blocks;
  private final RoundedStates rounded;
  private final ParameterGroup[] groups;
  private final long[] passedOver;
  private long step;
  private boolean freed;

  /**
   * A piece of the block: parameters that lie side by side and are updated alike.
   *
   * @param values F32 {@code [n]}, to be updated
   * @param gradients F32 {@code [n]}, not scaled yet; zero where none has reached a parameter
   * @param states F32 {@code [n]} for each name of state, to be updated
   * @param matrices whether these are tensors of two or more dimensions, which decay
   * @param step the number of this update of theirs, from 1
   * @param group what is different about them
   * @param first the place of the first of them among {@link #parameters}
   * @param end the place after the last one
   */
  public record Piece(
      Span values,
      Span gradients,
      List<Span> states,
      boolean matrices,
      long step,
      ParameterGroup group,
      int first,
      int end) {
    /** The decay of these: their group's, else {@code usual} of matrices, and 0 of the rest. */
    public double decay(double usual) {
      return group.weightDecay() != null ? group.weightDecay() : matrices ? usual : 0;
    }
  }

  /**
   * Moves those of {@code parameters} that are not frozen into one block, and makes their state, 0
   * everywhere.
   *
   * @param parameters by name; what is refused is refused by name
   * @param states names of the blocks of state
   * @throws IllegalArgumentException if every one is frozen, or there is none
   */
  protected BlockOptimizer(Map<String, Tensor> parameters, List<String> states) {
    this(parameters, states, Set.of(), StateStorage.F32);
  }

  /**
   * The same with states that may lie in fewer bits than F32 between updates. Then a piece is never
   * more than a part of a parameter, so that {@link #each} must not be used.
   *
   * @param neverNegative names of those of {@code states} that are never below 0, which the map of
   *     8 bits uses
   * @param storage how they are kept
   */
  protected BlockOptimizer(
      Map<String, Tensor> parameters,
      List<String> states,
      Set<String> neverNegative,
      StateStorage storage) {
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
    if (storage.format() == StateFormat.F32) {
      rounded = null;
      blocks = List.copyOf(states);
      states.forEach(name -> keep(name, block.values().shape()));
    } else {
      rounded = new RoundedStates(block, storage, states, neverNegative);
      blocks = List.of();
      state.putAll(rounded.tensors());
    }
    groups = new ParameterGroup[names.size()];
    Arrays.fill(groups, ParameterGroup.REST);
    passedOver = new long[names.size()];
  }

  /**
   * Adds to the state what is not as long as the parameters: F32, 0 everywhere.
   *
   * @param name by which a checkpoint has it
   */
  protected final Tensor keep(String name, Shape shape) {
    Backend backend = block.values().backend();
    Tensor kept = MemoryScope.outside(() -> Tensors.full(backend, DType.F32, shape, 0));
    state.put(name, kept);
    return kept;
  }

  @Override
  public final void group(ParameterGroups chosen) {
    for (int i = 0; i < groups.length; i++) {
      groups[i] = chosen.of(names.get(i));
    }
  }

  private static void putIf(boolean put, Map<String, Tensor> to, String name, Tensor parameter) {
    if (put) {
      to.put(name, parameter);
    }
  }

  private static boolean isMatrix(Tensor parameter) {
    return parameter.shape().rank() >= 2;
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
   * Updates values and states of one piece, by {@link UpdateRule#update} or other kernels.
   *
   * @param learningRate of this update, the piece's own
   * @param gradientScale factor on all gradients
   */
  protected abstract void update(
      Backend backend, Piece piece, double learningRate, double gradientScale);

  /** Vectors of a part of a piece that {@link #update} makes and frees, for the plan of memory. */
  protected int vectorsOfUpdate() {
    return 0;
  }

  /** Bytes that {@link #update} makes for a whole parameter and frees behind it. */
  protected long bytesOfUpdate(Tensor parameter) {
    return 0;
  }

  @Override
  public final long updateBytes() {
    long largest = 0;
    long most = 0;
    for (Tensor parameter : parameters()) {
      largest = Math.max(largest, parameter.shape().size());
      most = Math.max(most, bytesOfUpdate(parameter));
    }
    long part = Math.min(Elements.MOST, rounded == null ? block.values().shape().size() : largest);
    int states = rounded == null ? 0 : rounded.count();
    return most + Float.BYTES * (vectorsOfUpdate() + states) * part;
  }

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
    for (int i = 0; i < passedOver.length; i++) {
      passedOver[i] += block.parameters().get(i).requiresGrad() ? 0 : 1;
    }
    Autocast.weightsChanged();
  }

  /** Updates the parameters {@code from} to {@code to}, as long pieces of the block as can be. */
  private void sweep(int from, int to, Span gradients, double learningRate, double gradientScale) {
    int begin = from;
    for (int i = from + 1; i <= to; i++) {
      if (i == to || !isAlike(begin, i)) {
        if (block.parameters().get(begin).requiresGrad()) {
          long start = block.start(begin);
          Piece piece = piece(begin, i, start, block.start(i) - start, gradients);
          double rate = learningRate * piece.group().rate();
          Backend backend = block.values().backend();
          if (rounded == null) {
            update(backend, piece, rate, gradientScale);
          } else {
            rounded.each(piece, step, part -> update(backend, part, rate, gradientScale));
          }
        }
        begin = i;
      }
    }
  }

  private boolean isAlike(int one, int other) {
    List<Tensor> parameters = block.parameters();
    return parameters.get(one).requiresGrad() == parameters.get(other).requiresGrad()
        && groups[one].isLike(groups[other])
        && passedOver[one] == passedOver[other];
  }

  private Piece piece(int first, int end, long start, long length, Span gradients) {
    var states = new ArrayList<Span>(blocks.size());
    for (String each : blocks) {
      states.add(state.get(each).span().slice(start, length));
    }
    return new Piece(
        block.values().span().slice(start, length),
        gradients.slice(start, length),
        states,
        first < matrices,
        step - passedOver[first],
        groups[first],
        first,
        end);
  }

  /** The parameters of a piece one by one, each without the gap behind it. */
  protected final List<Piece> each(Piece piece) {
    var each = new ArrayList<Piece>(piece.end() - piece.first());
    Span gradients = block.gradients().span();
    for (int i = piece.first(); i < piece.end(); i++) {
      long size = block.parameters().get(i).shape().size();
      each.add(piece(i, i + 1, block.start(i), size, gradients));
    }
    return each;
  }

  @Override
  public final void clampGradients(double limit) {
    requireCurrent();
    Tensor gradients = block.gradients();
    try (var scope = MemoryScope.open("clip by value")) {
      var with = new InPlace(gradients.backend());
      with.combine(Binary.MIN, limit, gradients.span());
      with.combine(Binary.MAX, -limit, gradients.span());
    }
  }

  @Override
  public final List<Double> passedOver() {
    boolean any = Arrays.stream(passedOver).anyMatch(count -> count > 0);
    return any ? Arrays.stream(passedOver).asDoubleStream().boxed().toList() : List.of();
  }

  @Override
  public final void passOver(List<Double> counts) {
    if (!counts.isEmpty() && counts.size() != passedOver.length) {
      throw new IllegalArgumentException(
          "%d counts of updates for %d parameters".formatted(counts.size(), passedOver.length));
    }
    for (int i = 0; i < passedOver.length; i++) {
      passedOver[i] = counts.isEmpty() ? 0 : counts.get(i).longValue();
    }
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

  /**
   * Those of the constructor in block order with their gaps, {@code [n]}, F32 or as their storage
   * says; in 8 bits their scales, too; and what was kept.
   */
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
    if (rounded == null) {
      state.values().forEach(Tensor::free);
    } else {
      rounded.free();
    }
  }
}
