package dev.galen.train;

import dev.galen.model.Model;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.train.checkpoint.TrainingState;
import dev.galen.train.data.Batch;
import dev.galen.train.data.Collator;
import dev.galen.train.data.TokenSequences;
import dev.galen.train.optim.GradScaler;
import dev.galen.train.optim.MixedPrecision;
import dev.galen.train.optim.Optimizer;
import java.util.Arrays;
import java.util.List;

/** One update: the gradients of its batches, clipped, and the optimizer's step. */
final class UpdateStep implements AutoCloseable {
  private final Model model;
  private final OptimizerConfig config;
  private final MixedPrecision precision;
  private final Optimizer optimizer;
  private final GradScaler scaler;
  private final GradientPass pass;
  private final LabelWeights weights;

  UpdateStep(
      Model model,
      TrainingConfig config,
      Optimizer optimizer,
      Collator collator,
      TokenSequences data) {
    Evaluator.requireDocuments(model, data);
    this.model = model;
    this.config = config.optimizer();
    this.precision = config.precision().products();
    this.optimizer = optimizer;
    this.weights = LabelWeights.of(config.loss(), model, collator, data);
    this.scaler = new GradScaler(precision.needsScaling());
    this.pass = new GradientPass(model, precision, config.data().accumulate());
  }

  /**
   * What an update was.
   *
   * @param batches that it learned
   * @param loss mean of all labels, by the weights of their classes, in nats
   * @param norm of all gradients together, before it was clipped
   * @param scale of the loss while it was computed
   * @param skipped whether nothing was updated, because a gradient is not finite
   */
  record Outcome(List<Batch> batches, double loss, double norm, double scale, boolean skipped) {
    /** The same as update {@code step} of a run. */
    StepReport report(long step, long total, double epochs, double rate, double seconds) {
      long positions = batches.stream().mapToLong(Batch::positions).sum();
      return new StepReport(
          step, total, epochs, loss, rate, norm, scale, skipped, positions, seconds);
    }
  }

  /**
   * Makes one.
   *
   * @param step its number, for messages
   */
  Outcome run(List<Batch> batches, long step, double learningRate) {
    double labels = weights.sum(batches);
    if (labels == 0) {
      throw new IllegalArgumentException(
          "step %d: no label of its %d batches counts; every one is -100, or weighs 0"
              .formatted(step, batches.size()));
    }
    model.train();
    double scale = scaler.scale();
    pass.begin(step, scale / labels);
    double[] losses;
    double norm;
    PhaseEvent measuring;
    try (var weights = MemoryScope.open("rounded weights of step " + step);
        var cast = precision.open()) {
      batches.forEach(pass::add);
      measuring = Phase.begin();
      norm = optimizer.gradientNorm() / scale; // the first to wait for a GPU
      losses = pass.losses();
      if (!scaler.canBackOff()) {
        FiniteCheck.requireLosses(model, batches, losses, step);
        FiniteCheck.requireGradients(
            model, norm, step, () -> guilty(batches, step, scale / labels));
      }
    }
    boolean finite = Double.isFinite(norm);
    double factor = finite ? clip(norm, scale) / scale : 0;
    Phase.CLIP.end(measuring, step);
    if (finite) {
      PhaseEvent updating = Phase.begin();
      optimizer.step(learningRate, factor);
      Phase.OPTIMIZER.end(updating, step);
    }
    scaler.update(finite);
    return new Outcome(batches, Arrays.stream(losses).sum() / labels, norm, scale, !finite);
  }

  /** The first batch whose gradients alone are no numbers; dropout is another by now. */
  private int guilty(List<Batch> batches, long step, double factor) {
    for (int i = 0; i < batches.size(); i++) {
      optimizer.zeroGrad();
      pass.begin(step, factor);
      pass.add(batches.get(i));
      if (!Double.isFinite(optimizer.gradientNorm())) {
        return i;
      }
    }
    return NonFiniteException.ALL;
  }

  /** The factor on all gradients, after their elements were brought into the limit. */
  private double clip(double norm, double scale) {
    if (config.clipValue() > 0) {
      optimizer.clampGradients(config.clipValue() * scale);
      return config.clip() > 0 ? config.clipScale(optimizer.gradientNorm() / scale) : 1;
    }
    return config.clipScale(norm);
  }

  /** The loss scale, which a checkpoint keeps. */
  GradScaler scaler() {
    return scaler;
  }

  /** Goes on with the loss scale of a checkpoint, if that has the same precision. */
  void resume(TrainingState state) {
    if (state.precision() == precision) {
      scaler.resumeAt(state.scaler());
    }
  }

  /** Gives the memory of captures back, for something else that needs much. */
  void release() {
    pass.release();
  }

  @Override
  public void close() {
    pass.close();
    optimizer.free();
  }
}
