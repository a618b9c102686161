package dev.galen.train.optim;

import dev.galen.tensor.ParameterBlock;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.autograd.Autocast;
import dev.galen.tensor.backend.AdamWStep;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.memory.MemoryScope;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * AdamW by PyTorch's rule (Loshchilov and Hutter 2017, arXiv 1711.05101), with decay on matrices
 * only: tensors of two or more dimensions. Parameters, gradients and both moments lie in one block
 * per kind, matrices first, so that an update is two sweeps over memory.
 */
public final class AdamW {
  private final Settings settings;
  private final ParameterBlock block;
  private final long decayed;
  private final Tensor moment1;
  private final Tensor moment2;
  private long step;

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

  /** An optimizer of {@code parameters}, which it moves into one block. */
  public AdamW(Collection<Tensor> parameters, Settings settings) {
    this.settings = settings;
    var ordered = new ArrayList<Tensor>();
    parameters.stream().filter(AdamW::decays).forEach(ordered::add);
    int matrices = ordered.size();
    parameters.stream().filter(p -> !decays(p)).forEach(ordered::add);
    block = ParameterBlock.of(ordered);
    decayed = block.start(matrices);
    moment1 = zeros(block.values());
    moment2 = zeros(block.values());
  }

  private static boolean decays(Tensor parameter) {
    return parameter.shape().rank() >= 2;
  }

  private static Tensor zeros(Tensor like) {
    return MemoryScope.outside(() -> Tensors.full(like.backend(), like.dtype(), like.shape(), 0));
  }

  /** The parameters in block order: matrices, then the rest. */
  public List<Tensor> parameters() {
    return block.parameters();
  }

  /** Forgets all gradients. */
  public void zeroGrad() {
    block.zeroGrad();
  }

  /** The Euclidean norm of all gradients together. */
  public double gradientNorm() {
    Tensor gradients = block.gradients();
    return Math.sqrt(gradients.backend().reduce().sumOfSquares(gradients.span()));
  }

  /**
   * Updates every parameter.
   *
   * @param learningRate of this update
   * @param gradientScale factor on all gradients: below 1 clips them, or undoes a loss scale
   */
  public void step(double learningRate, double gradientScale) {
    step++;
    long size = block.values().shape().size();
    sweep(0, decayed, rule(learningRate, settings.weightDecay(), gradientScale));
    sweep(decayed, size - decayed, rule(learningRate, 0, gradientScale));
    Autocast.weightsChanged();
  }

  private AdamWStep rule(double learningRate, double weightDecay, double gradientScale) {
    return new AdamWStep(
        learningRate,
        settings.beta1(),
        settings.beta2(),
        settings.epsilon(),
        weightDecay,
        step,
        gradientScale);
  }

  private void sweep(long from, long length, AdamWStep rule) {
    if (length == 0) {
      return;
    }
    Backend backend = moment1.backend();
    Span gradients = block.gradients().span().slice(from, length);
    backend
        .optimizer()
        .adamW(
            rule,
            block.values().span().slice(from, length),
            gradients,
            moment1.span().slice(from, length),
            moment2.span().slice(from, length));
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
    block.freeGradients();
    moment1.free();
    moment2.free();
  }
}
