package dev.galen.train;

import dev.galen.model.CausalLm;
import dev.galen.model.Model;
import dev.galen.train.checkpoint.Checkpoints;
import dev.galen.train.checkpoint.RunLock;
import dev.galen.train.checkpoint.Setting;
import dev.galen.train.checkpoint.TrainingState;
import dev.galen.train.data.Batch;
import dev.galen.train.data.CausalCollator;
import dev.galen.train.data.Collator;
import dev.galen.train.data.TokenSequence;
import dev.galen.train.data.TokenSequences;
import dev.galen.train.metrics.Perplexity;
import dev.galen.train.optim.Optimizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;

/**
 * Trains a model: the loop, and nothing else. What it does in between it tells its listeners; what
 * it needs to go on after an interruption it gives to {@link Checkpoints}.
 *
 * <p>Micro-batches are weighted by their labels: an update over {@code accumulate} batches has the
 * gradient of one batch that holds them all.
 *
 * <p>Frozen parameters ({@link dev.galen.tensor.Tensor#freeze}) are not trained: they keep their
 * bits, stay where they lie (in a file that is mapped, say), and cost neither gradient nor state of
 * the optimizer. Freeze before the trainer is made; {@link Optimizer} and its kin say what becomes
 * of later changes.
 *
 * <p>A model has one trainer at a time. A second one may be made while the first is open, and takes
 * the parameters over: the first then refuses to train, to save and to resume.
 */
public final class Trainer implements AutoCloseable {
  private final Model model;
  private final TrainingConfig config;
  private final TokenSequences data;
  private final Validation validation;
  private final UpdateBatches batches;
  private final Optimizer optimizer;
  private final UpdateStep update;
  private final Course course;
  private final Listeners listeners = new Listeners();
  private final RunFiles files;
  private long step;
  private long savedStep;
  private volatile boolean stopping;
  private boolean fits;

  /**
   * A trainer at step 0; dropout and the data's order restart from the config's seed.
   *
   * @param data sequences to learn
   * @param validation sequences to measure, may be empty
   * @param paddingId fills shorter sequences of a batch
   * @throws IllegalArgumentException if there are no data, or every parameter is frozen
   */
  public Trainer(
      CausalLm model,
      TrainingConfig config,
      List<TokenSequence> data,
      List<TokenSequence> validation,
      int paddingId) {
    this(model, config, data, validation, new CausalCollator(paddingId));
  }

  /**
   * The same for any model.
   *
   * @param collator makes the model's batches
   */
  public Trainer(
      Model model,
      TrainingConfig config,
      List<TokenSequence> data,
      List<TokenSequence> validation,
      Collator collator) {
    if (data.isEmpty()) {
      throw new IllegalArgumentException("there is no training data");
    }
    model.requireTrainable();
    this.model = model;
    this.config = config;
    this.data = TokenSequences.of(data);
    this.batches = new UpdateBatches(config, this.data, collator);
    this.validation =
        Validation.of(model, config, collator, batches, this.data, TokenSequences.of(validation));
    this.course = new Course(config, this.validation, batches.planned());
    MemoryPlan.requireState(model, config.optimizer());
    this.optimizer = config.optimizer().create(model);
    this.update = new UpdateStep(model, config, optimizer, collator, this.data);
    this.files =
        new RunFiles(model, config, this.data, optimizer, batches.planned(), listeners::onNotice);
    model.setLabelSmoothing(config.loss().labelSmoothing());
    model.setRecompute(config.precision().recompute());
    model.random().restart(config.seed());
  }

  /** Tells {@code listener} of everything from now on. */
  public Trainer listen(TrainingListener listener) {
    listeners.add(listener);
    return this;
  }

  /** Updates per pass over the data; the last one of a pass may hold fewer substeps. */
  public long stepsPerEpoch() {
    return batches.perEpoch();
  }

  /**
   * All updates of the run, those before an interruption included. With epochs, updates that are
   * left follow from the data that are left.
   */
  public long totalSteps() {
    return step + batches.left(step);
  }

  /** Updates made. */
  public long step() {
    return step;
  }

  /**
   * Adds files of the run's own to each checkpoint, such as its tokenizer's.
   *
   * @param extra writes them to a checkpoint's folder
   */
  public Trainer saveWith(Checkpoints.Extra extra) {
    files.saveWith(extra);
    return this;
  }

  /**
   * Adds to what a resumed run must have the same, such as the digest of its tokenizer. For what
   * the trainer does not see.
   */
  public Trainer mustKeep(String name, String value) {
    files.mustKeep(name, value);
    return this;
  }

  /**
   * Writes under a lock of the config's output that the caller took, and will close. Without one
   * the trainer takes its own when it saves, or begins to train with checkpoints, and keeps it
   * until it is closed.
   */
  public Trainer under(RunLock held) {
    files.under(held);
    return this;
  }

  /**
   * Asks {@link #fit} to end after the update under way, and {@link #evaluate} after the batch
   * under way; for any thread, such as that of a signal. Where the config has an output, fit leaves
   * a checkpoint, from which {@link #resume} goes on with the bits of a run that was not stopped.
   */
  public void stop() {
    stopping = true;
  }

  /** Whether {@link #stop} was called. */
  public boolean isStopping() {
    return stopping;
  }

  /** Trains until the last step or a {@link #stop}, with evaluations and checkpoints in between. */
  public void fit() throws IOException {
    if (config.checkpoints().every() > 0 && config.checkpoints().output() != null) {
      files.takeLock();
    }
    requireMemory();
    measureIf(course.isMeasurementMissing(step));
    while (!isDone() && !stopping) {
      listeners.onStep(trainStep());
      measureIf(course.isMeasurementDue(step, batches.left(step) == 0));
      if (config.checkpoints().isDue(step) || course.keepsBest(step)) {
        save();
      }
    }
    if (stopping && config.checkpoints().output() != null && step > savedStep) {
      save();
    }
  }

  private void measureIf(boolean due) throws IOException {
    try {
      if (due) {
        course.measured(step, evaluate().loss());
      }
    } catch (CancellationException e) {
      // Stopped: the updates so far are worth more than this measurement.
    }
  }

  /** Once, before anything is computed; who observes the model would see what measures it. */
  private void requireMemory() {
    if (!fits && !model.isObserved()) {
      MemoryPlan.requireRun(config, batches, data, batches.left(step), validation);
      fits = true;
    }
  }

  /**
   * One update. In F16 it is skipped where the gradients overflow: weights, the optimizer's state
   * and its count stay, while the data, the step's number and with it the schedule go on.
   *
   * @throws IllegalStateException if this trainer is closed, or another one took the model over
   */
  public StepReport trainStep() {
    long start = System.nanoTime();
    course.unfreeze(step, update);
    optimizer.zeroGrad();
    double learningRate = course.rateAt(batches.planned() - batches.left(step));
    List<Batch> batch = batches.next();
    UpdateStep.Outcome made = update.run(batch, step + 1, learningRate);
    step++;
    course.updated(made);
    fits = true;
    double seconds = (System.nanoTime() - start) * 1e-9;
    return made.report(step, totalSteps(), batches.epochs(), learningRate, batch, seconds);
  }

  /**
   * Measures the validation data in the config's precision and tells the listeners.
   *
   * @throws IllegalArgumentException if there is none
   * @throws CancellationException if {@link #stop} was called before it was done
   */
  public Perplexity evaluate() throws IOException {
    validation.require();
    requireMemory();
    update.release();
    Perplexity perplexity = course.measure(this::isStopping);
    listeners.onEvaluation(step, perplexity);
    return perplexity;
  }

  /** Gives the model what the run leaves, the average or the best weights: training is over. */
  public void finish() throws IOException {
    course.finish(step, files);
  }

  /** Whether every update was made, or patience ended the run. */
  public boolean isDone() {
    return batches.left(step) <= 0 || course.best().endsRun();
  }

  /**
   * Writes a checkpoint under the config's output and lets old ones go. An output that was removed
   * meanwhile is made again, and the listeners are told.
   *
   * @throws IOException in one line, also where another run has taken the output
   */
  public void save() throws IOException {
    Path directory =
        files.save(course.state(step, batches.position(), update.scaler(), optimizer), course);
    savedStep = step;
    listeners.onCheckpoint(step, directory);
  }

  /**
   * Goes on from the newest whole checkpoint under the config's output; false where there is none.
   * A damaged one is passed over for the one before, and the listeners are told. Data, order and
   * settings must be those the checkpoint was made with; what may differ is named. A run with a
   * constant rate may get another length as it is; the same sequences per update in other
   * micro-batches are the same updates but for rounding, and only told.
   *
   * @param changed settings that may differ; {@link Setting} says what becomes of each
   * @throws IOException in one line that names what differs with both values, or what is damaged
   */
  public boolean resume(Setting... changed) throws IOException {
    Optional<TrainingState> found = files.resume(Set.of(changed), course.average());
    if (found.isEmpty()) {
      return false;
    }
    TrainingState state = found.get();
    step = state.step();
    savedStep = step;
    course.resume(state, Set.of(changed), optimizer);
    if (state.precision() == config.precision().products()) {
      update.scaler().resumeAt(state.scaler());
    }
    batches.seek(state.position());
    model.random().seek(state.random());
    return true;
  }

  /** Frees gradients, the optimizer's state and the lock of the output; the model stays usable. */
  @Override
  public void close() {
    update.close();
    course.close();
    files.close();
  }
}
