package dev.galen.train;

import dev.galen.model.CausalLm;
import dev.galen.model.Model;
import dev.galen.train.checkpoint.Checkpoints;
import dev.galen.train.checkpoint.RunLock;
import dev.galen.train.checkpoint.Setting;
import dev.galen.train.checkpoint.TrainingState;
import dev.galen.train.data.CausalCollator;
import dev.galen.train.data.Collator;
import dev.galen.train.data.TokenSequence;
import dev.galen.train.data.TokenSequences;
import dev.galen.train.metrics.Perplexity;
import dev.galen.train.optim.Optimizer;
import java.io.IOException;
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
 * <p>Frozen parameters ({@link dev.galen.tensor.Tensor#freeze}) keep their bits and their place,
 * and cost neither gradient nor state. Freeze before the trainer is made; see {@link Optimizer}.
 *
 * <p>A model has one trainer at a time. A second one may be made while the first is open, and takes
 * the parameters over: the first then refuses to train, to save and to resume.
 */
public final class Trainer implements AutoCloseable {
  private final UpdateBatches batches;
  private final Optimizer optimizer;
  private final UpdateStep update;
  private final Course course;
  private final Listeners listeners = new Listeners();
  private final RunHooks hooks = new RunHooks();
  private final RunFiles files;
  private final NanGuard guard;
  private final MemoryCheck memory;
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
    var learned = TokenSequences.of(data);
    batches = new UpdateBatches(config, learned, collator);
    var measured =
        Validation.of(model, config, collator, batches, learned, TokenSequences.of(validation));
    course = new Course(config, measured, batches.planned());
    memory = new MemoryCheck(config, batches, learned, measured);
    MemoryPlan.requireState(model, config.optimizer());
    optimizer = config.optimizer().create(model, config.seed());
    update = new UpdateStep(model, config, optimizer, collator, learned);
    files = new RunFiles(model, config, learned, optimizer, batches, listeners::onNotice);
    guard = new NanGuard(model, config.checkpoints().output(), batches, hooks);
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

  /** Adds files of the run's own to each checkpoint, such as its tokenizer's. */
  public Trainer saveWith(Checkpoints.Extra extra) {
    files.saveWith(extra);
    return this;
  }

  /** Adds to what a resumed run must have the same, of what the trainer does not see. */
  public Trainer mustKeep(String name, String value) {
    files.mustKeep(name, value);
    return this;
  }

  /**
   * Writes under a lock of the config's output that the caller took, and will close. Without one
   * the trainer takes its own when it saves or trains with checkpoints, until it is closed.
   */
  public Trainer under(RunLock held) {
    files.under(held);
    return this;
  }

  /** What is measured beside the loss, asks to stop, and knows where sequences come from. */
  public RunHooks hooks() {
    return hooks;
  }

  /**
   * Asks {@link #fit} to end after the update under way, {@link #evaluate} after the batch; for any
   * thread. Where there is an output, fit leaves a checkpoint, from which {@link #resume} goes on
   * with the bits of a run that was not stopped.
   */
  public void stop() {
    hooks.stop();
  }

  /** Whether {@link #stop} was called, or a hook asked to stop. */
  public boolean isStopping() {
    return hooks.isStopping();
  }

  /**
   * Trains until the last step or a {@link #stop}, with evaluations and checkpoints in between.
   *
   * @throws NonFiniteException if a loss or a gradient is no number; the message says what is kept
   */
  public void fit() throws IOException {
    files.begin();
    memory.require(step);
    course.begin();
    try {
      measureIf(course.isMeasurementMissing(step));
      while (!isDone() && !hooks.mustStop()) {
        listeners.onStep(trainStep());
        measureIf(course.isMeasurementDue(step, batches.left(step) == 0));
        if (files.isDue(step) || course.keepsBest(step)) {
          save();
        }
      }
    } catch (NonFiniteException e) {
      throw guard.kept(e, step, files.savedStep(), this::save);
    }
    if (isStopping() && files.isBehind(step)) {
      save();
    }
  }

  private void measureIf(boolean due) throws IOException {
    try {
      if (due) {
        evaluate();
        course.measured(step);
      }
    } catch (CancellationException e) {
      // Stopped: the updates so far are worth more than this measurement.
    }
  }

  /**
   * One update. In F16 it is skipped where the gradients overflow: weights, the optimizer's state
   * and its count stay, while the data, the step's number and with it the schedule go on.
   *
   * @throws IllegalStateException if this trainer is closed, or another one took the model over
   * @throws NonFiniteException if the loss or a gradient is no number; nothing has changed then
   */
  public StepReport trainStep() {
    long start = System.nanoTime();
    course.unfreeze(step, update);
    optimizer.zeroGrad();
    double learningRate = course.rateAt(batches.planned() - batches.left(step));
    UpdateStep.Outcome made = guard.run(update, step + 1, learningRate);
    step++;
    course.updated(made);
    memory.passed();
    double seconds = (System.nanoTime() - start) * 1e-9;
    return made.report(step, totalSteps(), batches.epochs(), learningRate, seconds);
  }

  /**
   * Measures the validation data in the config's precision and tells the listeners.
   *
   * @throws IllegalArgumentException if there is none
   * @throws CancellationException if {@link #stop} was called before it was done
   */
  public Perplexity evaluate() throws IOException {
    memory.require(step);
    update.release();
    Course.Measured measured = course.measure(step, hooks);
    listeners.onMeasured(step, measured);
    return measured.loss();
  }

  /**
   * Measures the first {@code batches} of the validation data as {@link #evaluate} would, and tells
   * nobody: what would fail then fails now. Lightning calls it a sanity check.
   */
  public void rehearseEvaluation(int batches) throws IOException {
    memory.require(step);
    course.rehearse(batches, hooks);
  }

  /** Gives the model what the run leaves, the average or the best weights: training is over. */
  public void finish() throws IOException {
    course.finish(step, files);
  }

  /** The update with the best metric so far, if one was measured that the run looks at. */
  public Optional<BestMetric> best() {
    return course.best().found();
  }

  /** Whether a checkpoint has the state after the last update. */
  public boolean isSaved() {
    return step > 0 && step == files.savedStep();
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
    TrainingState state = course.state(step, batches.position(), update.scaler(), optimizer);
    listeners.onCheckpoint(step, files.save(state, course));
  }

  /**
   * Goes on from the newest whole checkpoint under the config's output; false where there is none.
   * A damaged one is passed over for the one before, and the listeners are told. Data, order and
   * settings must be those of the checkpoint, but for what is named. A run with a constant rate may
   * get another length; the same updates in other micro-batches are only told.
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
    course.resume(state, Set.of(changed), optimizer);
    update.resume(state);
    batches.seek(state.position());
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
