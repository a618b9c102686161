package dev.galen.train.optim;

import dev.galen.tensor.Autocast;
import dev.galen.tensor.ParameterBlock;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.UpdateRule;
import dev.galen.tensor.memory.MemoryScope;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * AdamW by PyTorch's rule (Loshchilov and Hutter 2017, arXiv 1711.05101), with decay on matrices
 * only: tensors of two or more dimensions. Parameters, gradients and both moments lie in one block
 * per kind, matrices first, so that an update is two sweeps over memory.
 *
 * <p>Frozen parameters ({@link Tensor#freeze}) are left out when the optimizer is made: they stay
 * where they are and cost neither gradient nor moments. One that is frozen later is passed over
 * from then on, without decay, as PyTorch passes over what has no gradient, until it is unfrozen;
 * its moments wait, and the count of updates, which both moments are corrected by, goes on. One
 * that was left out and wants a gradient later is refused: make a new optimizer for it.
 *
 * <p>A parameter belongs to one optimizer. A second one that is made over it takes it over, as a
 * second {@link dev.galen.train.Trainer} of the same model does, and from then on the first refuses
 * {@link #step}, {@link #zeroGrad} and {@link #gradientNorm}; to {@link #free} it stays possible.
 */
public final class AdamW {
  private final Settings settings;
  private final ParameterBlock block;
  private final List<String> names;
  private final Map<String, Tensor> leftOut;
  private final int matrices;
  private final Tensor moment1;
  private final Tensor moment2;
  private long step;
  private boolean freed;

  /**
   * The constants of the rule.
   *
   * @param beta1 decay of the first moment
   * @param beta2 decay of the second moment
   * @param epsilon added to the root of the second moment
   * @param weightDecay per update and unit of learning rate
   */
  public record Settings(double beta1, double beta2, double epsilon, double weightDecay) {
    /** PyTorch's and HuggingFace's betas and epsilon. */
    public static Settings decay(double weightDecay) {
      return new Settings(0.9, 0.999, 1e-8, weightDecay);
    }
  }

  /**
   * An optimizer of those of {@code parameters} that are not frozen, which it moves into one block.
   *
   * @throws IllegalArgumentException if every one is frozen, or there is none
   */
  public AdamW(Collection<Tensor> parameters, Settings settings) {
    this(numbered(parameters), settings);
  }

  /** The same of named parameters, such as a model's; what is refused is refused by name. */
  public AdamW(Map<String, Tensor> parameters, Settings settings) {
    this.settings = settings;
    var ordered = new LinkedHashMap<String, Tensor>();
    parameters.forEach((name, p) -> putIf(p.requiresGrad() && decays(p), ordered, name, p));
    matrices = ordered.size();
    parameters.forEach((name, p) -> putIf(p.requiresGrad() && !decays(p), ordered, name, p));
    if (ordered.isEmpty() && !parameters.isEmpty()) {
      throw new IllegalArgumentException(
          "all %d parameters are frozen, so there is nothing to train; unfreeze some by requireGrad()"
              .formatted(parameters.size()));
    }
    leftOut = new LinkedHashMap<>();
    parameters.forEach((name, p) -> putIf(!p.requiresGrad(), leftOut, name, p));
    names = List.copyOf(ordered.keySet());
    block = ParameterBlock.of(List.copyOf(ordered.values()));
    moment1 = zeros(block.values());
    moment2 = zeros(block.values());
  }

  private static void putIf(boolean put, Map<String, Tensor> to, String name, Tensor parameter) {
    if (put) {
      to.put(name, parameter);
    }
  }

  private static Map<String, Tensor> numbered(Collection<Tensor> parameters) {
    var numbered = new LinkedHashMap<String, Tensor>();
    for (Tensor parameter : parameters) {
      numbered.put("parameter " + numbered.size() + ", " + parameter.shape(), parameter);
    }
    return numbered;
  }

  private static boolean decays(Tensor parameter) {
    return parameter.shape().rank() >= 2;
  }

  private static Tensor zeros(Tensor like) {
    return MemoryScope.outside(() -> Tensors.full(like.backend(), like.dtype(), like.shape(), 0));
  }

  /** The trained parameters in block order: matrices, then the rest. */
  public List<Tensor> parameters() {
    return block.parameters();
  }

  /** The names of {@link #parameters}. */
  public List<String> names() {
    return names;
  }

  /**
   * Forgets all gradients.
   *
   * @throws IllegalStateException if this optimizer is no longer that of its parameters
   */
  public void zeroGrad() {
    requireCurrent();
    block.zeroGrad();
  }

  /**
   * The Euclidean norm of all gradients together; frozen parameters have none.
   *
   * @throws IllegalStateException if this optimizer is no longer that of its parameters
   */
  public double gradientNorm() {
    requireCurrent();
    Tensor gradients = block.gradients();
    return Math.sqrt(gradients.backend().reduce().sumOfSquares(gradients.span()));
  }

  /**
   * Updates every parameter that is not frozen.
   *
   * @param learningRate of this update
   * @param gradientScale factor on all gradients: below 1 clips them, or undoes a loss scale
   * @throws IllegalStateException if this optimizer is no longer that of its parameters
   */
  public void step(double learningRate, double gradientScale) {
    requireCurrent();
    step++;
    Tensor gradients = block.gradients();
    sweep(0, matrices, gradients, rule(learningRate, settings.weightDecay(), gradientScale));
    sweep(matrices, names.size(), gradients, rule(learningRate, 0, gradientScale));
    Autocast.weightsChanged();
  }

  /**
   * Refuses what would go on in silence and change nothing, or the wrong thing.
   *
   * @throws IllegalStateException if this optimizer is no longer that of its parameters: it was
   *     freed, another one took a parameter over, or one that it left out is not frozen any more
   */
  public void requireCurrent() {
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

  private UpdateRule rule(double learningRate, double weightDecay, double gradientScale) {
    return new UpdateRule.AdamW(
        learningRate,
        settings.beta1(),
        settings.beta2(),
        settings.epsilon(),
        weightDecay,
        step,
        gradientScale);
  }

  /** Updates the parameters {@code from} to {@code to}, as long pieces of the block as can be. */
  private void sweep(int from, int to, Tensor gradients, UpdateRule rule) {
    List<Tensor> parameters = block.parameters();
    int begin = from;
    for (int i = from; i <= to; i++) {
      if (i == to || !parameters.get(i).requiresGrad()) {
        sweep(block.start(begin), block.start(i) - block.start(begin), gradients.span(), rule);
        begin = i + 1;
      }
    }
  }

  private void sweep(long from, long length, Span gradients, UpdateRule rule) {
    if (length == 0) {
      return;
    }
    Backend backend = moment1.backend();
    backend
        .optimizer()
        .update(
            rule,
            block.values().span().slice(from, length),
            gradients.slice(from, length),
            List.of(moment1.span().slice(from, length), moment2.span().slice(from, length)));
  }

  /** The number of updates so far. */
  public long steps() {
    return step;
  }

  /** The running mean of gradients, in block order with its gaps: for checkpoints. */
  public Tensor moment1() {
    return moment1;
  }

  /** The running mean of squared gradients, in block order with its gaps: for checkpoints. */
  public Tensor moment2() {
    return moment2;
  }

  /** Continues after update number {@code steps}, once the moments are filled in. */
  public void resumeAt(long steps) {
    step = steps;
  }

  /** Gives the memory of gradients and moments back; parameters stay. */
  public void free() {
    freed = true;
    block.freeGradients();
    moment1.free();
    moment2.free();
  }
}
