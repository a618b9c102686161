package dev.galen.train;

import dev.galen.model.LanguageModel;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.random.Philox;
import dev.galen.train.checkpoint.Checkpoints;
import dev.galen.train.checkpoint.TrainingState;
import dev.galen.train.data.Batch;
import dev.galen.train.data.BatchSampler;
import dev.galen.train.data.DataPosition;
import dev.galen.train.data.TokenSequence;
import dev.galen.train.metrics.Perplexity;
import dev.galen.train.optim.AdamW;
import dev.galen.train.optim.GradScaler;
import dev.galen.train.schedule.Schedule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Trains a language model: the loop, and nothing else. What it does in between it tells its
 * listeners; what it needs to go on after an interruption it gives to {@link Checkpoints}.
 *
 * <p>Micro-batches are weighted by their labels: an update over {@code accumulate} batches has the
 * gradient of one batch that holds them all.
 *
 * <p>Frozen parameters ({@link dev.galen.tensor.Tensor#freeze}) are not trained: they keep their
 * bits, stay where they lie (in a file that is mapped, say), and cost neither gradient nor moments.
 * Freeze before the trainer is made; {@link AdamW} says what becomes of later changes.
 *
 * <p>A model has one trainer at a time. A second one may be made while the first is open, and takes
 * the parameters over: the first then refuses to train, to save and to resume.
 */
public final class Trainer implements AutoCloseable {
  private final LanguageModel model;
  private final TrainingConfig config;
  private final List<TokenSequence> data;
  private final List<TokenSequence> validation;
  private final int paddingId;
  private final AdamW optimizer;
  private final GradScaler scaler;
  private final GradientPass pass;
  private final BatchSampler sampler;
  private final Schedule schedule;
  private final long totalSteps;
  private final List<TrainingListener> listeners = new ArrayList<>();
  private long step;

  /**
   * A trainer at step 0; dropout and the data's order restart from the config's seed.
   *
   * @param data sequences to learn
   * @param validation sequences to measure, may be empty
   * @param paddingId fills shorter sequences of a batch
   * @throws IllegalArgumentException if there are no data, or every parameter is frozen
   */
  public Trainer(
      LanguageModel model,
      TrainingConfig config,
      List<TokenSequence> data,
      List<TokenSequence> validation,
      int paddingId) {
    if (data.isEmpty()) {
      throw new IllegalArgumentException("there is no training data");
    }
    model.requireUnpacked("trained");
    this.model = model;
    this.config = config;
    this.data = List.copyOf(data);
    this.validation = List.copyOf(validation);
    this.paddingId = paddingId;
    this.optimizer = new AdamW(model.parameters(), config.optimizer());
    this.scaler = new GradScaler(config.precision().needsScaling());
    this.pass = new GradientPass(model, config.precision(), config.accumulate());
    this.sampler =
        new BatchSampler(data.size(), config.batchSize(), config.shuffle(), config.seed());
    this.totalSteps = config.steps() > 0 ? config.steps() : config.epochs() * stepsPerEpoch();
    this.schedule =
        new Schedule(config.schedule(), config.learningRate(), config.warmup(), totalSteps);
    model.setRecompute(config.recompute());
    model.random().restart(config.seed());
  }

  /** Tells {@code listener} of everything from now on. */
  public Trainer listen(TrainingListener listener) {
    listeners.add(listener);
    return this;
  }

  /** Updates per pass over the data; the last one of a pass may hold fewer substeps. */
  public long stepsPerEpoch() {
    return Math.ceilDiv(sampler.batchesPerEpoch(), config.accumulate());
  }

  /** All updates of the run. */
  public long totalSteps() {
    return totalSteps;
  }

  /** Updates made. */
  public long step() {
    return step;
  }

  /** Trains until the last step, with evaluations and checkpoints in between. */
  public void fit() throws IOException {
    while (step < totalSteps) {
      StepReport report = trainStep();
      for (TrainingListener listener : listeners) {
        listener.onStep(report);
      }
      if (isDue(config.evaluateEvery()) && !validation.isEmpty() && step < totalSteps) {
        evaluate();
      }
      if (isDue(config.saveEvery()) && config.output() != null) {
        save();
      }
    }
  }

  private boolean isDue(long every) {
    return every > 0 && step % every == 0;
  }

  /**
   * One update. In F16 it is skipped where the gradients overflow: weights, moments and AdamW's own
   * count stay, while the data, the step's number and with it the schedule go on.
   *
   * @throws IllegalStateException if this trainer is closed, or another one took the model over
   */
  public StepReport trainStep() {
    long start = System.nanoTime();
    optimizer.zeroGrad();
    List<Batch> batches = nextBatches();
    int labels = batches.stream().mapToInt(Batch::tokens).sum();
    if (labels == 0) {
      throw new IllegalArgumentException(
          "step %d: no label of its %d batches counts; every one is -100"
              .formatted(step + 1, batches.size()));
    }
    model.train();
    double scale = scaler.scale();
    pass.begin(step + 1, scale / labels);
    double[] losses;
    double norm;
    try (var weights = MemoryScope.open("rounded weights of step " + (step + 1));
        var cast = config.precision().open()) {
      batches.forEach(pass::add);
      norm = optimizer.gradientNorm() / scale; // the first to wait for a card
      losses = pass.losses();
      if (!scaler.canBackOff()) {
        FiniteCheck.requireLosses(model, batches, losses, step + 1);
        FiniteCheck.requireGradients(model, norm, step + 1);
      }
    }
    boolean finite = Double.isFinite(norm);
    double learningRate = schedule.at(step);
    if (finite) {
      optimizer.step(learningRate, clipScale(norm) / scale);
    }
    scaler.update(finite);
    step++;
    double seconds = (System.nanoTime() - start) * 1e-9;
    return new StepReport(
        step,
        totalSteps,
        epoch(),
        Arrays.stream(losses).sum() / labels,
        learningRate,
        norm,
        scale,
        !finite,
        positions(batches),
        seconds);
  }

  /** The batches of one update, which never reach over the end of an epoch. */
  private List<Batch> nextBatches() {
    var batches = new ArrayList<Batch>();
    long epoch = sampler.position().epoch();
    while (batches.size() < config.accumulate() && sampler.position().epoch() == epoch) {
      var sequences = new ArrayList<TokenSequence>();
      for (int index : sampler.next()) {
        sequences.add(data.get(index));
      }
      batches.add(Batch.of(sequences, paddingId));
    }
    return batches;
  }

  /** PyTorch's {@code clip_grad_norm_}: the factor that brings the norm down to the limit. */
  private double clipScale(double norm) {
    return config.clip() > 0 ? Math.min(1, config.clip() / (norm + 1e-6)) : 1;
  }

  private double epoch() {
    DataPosition position = sampler.position();
    return position.epoch() + (double) position.offset() / data.size();
  }

  private static long positions(List<Batch> batches) {
    long positions = 0;
    for (Batch batch : batches) {
      for (byte real : batch.attentionMask()) {
        positions += real;
      }
    }
    return positions;
  }

  /** Measures the validation data in the config's precision and tells the listeners. */
  public Perplexity evaluate() throws IOException {
    Perplexity perplexity;
    pass.release();
    try (var weights = MemoryScope.open("rounded weights of an evaluation");
        var cast = config.precision().open()) {
      perplexity = Evaluator.evaluate(model, validation, config.batchSize(), paddingId);
    }
    for (TrainingListener listener : listeners) {
      listener.onEvaluation(step, perplexity);
    }
    return perplexity;
  }

  /** Writes a checkpoint under the config's output and lets old ones go. */
  public void save() throws IOException {
    if (config.output() == null) {
      throw new IllegalStateException("the config has no output, so there is nowhere to save");
    }
    optimizer.requireCurrent();
    var state =
        new TrainingState(
            step,
            sampler.position(),
            randomState(),
            config.seed(),
            config.precision(),
            scaler.state());
    var checkpoints = new Checkpoints(config.output());
    var directory = checkpoints.save(model.parameters(), optimizer, state, config.keep());
    for (TrainingListener listener : listeners) {
      listener.onCheckpoint(step, directory);
    }
  }

  /** Goes on from the newest checkpoint under the config's output; false where there is none. */
  public boolean resume() throws IOException {
    if (config.output() == null) {
      throw new IllegalStateException("the config has no output, so there is nothing to resume");
    }
    optimizer.requireCurrent();
    var newest = new Checkpoints(config.output()).newest();
    if (newest.isEmpty()) {
      return false;
    }
    TrainingState state = Checkpoints.load(newest.get(), model.parameters(), optimizer);
    if (state.seed() != config.seed()) {
      throw new IOException(
          "%s: was made with seed %d, this run has %d; resume with the same seed"
              .formatted(newest.get(), state.seed(), config.seed()));
    }
    if (state.precision() != config.precision()) {
      throw new IOException(
          "%s: was made in %s, this run computes in %s; resume with the same precision"
              .formatted(newest.get(), state.precision(), config.precision()));
    }
    step = state.step();
    scaler.resumeAt(state.scaler());
    sampler.seek(state.position());
    model.random().seek(state.random());
    return true;
  }

  private long randomState() {
    Philox random = model.random();
    return random.offset();
  }

  /** Frees gradients and moments; the model stays usable. */
  @Override
  public void close() {
    pass.close();
    optimizer.free();
  }
}
