package dev.galen.train;

import dev.galen.model.Model;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.Tensor;
import dev.galen.train.checkpoint.Checkpoints;
import dev.galen.train.checkpoint.RunLock;
import dev.galen.train.checkpoint.RunSettings;
import dev.galen.train.checkpoint.SavedCheckpoint;
import dev.galen.train.checkpoint.Setting;
import dev.galen.train.checkpoint.TrainingState;
import dev.galen.train.data.DataPosition;
import dev.galen.train.data.TokenSequence;
import dev.galen.train.optim.Optimizer;
import dev.galen.train.optim.WeightAverage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Consumer;

/** What a trainer keeps under its output: the lock, the checkpoints, and what these must have. */
final class RunFiles implements AutoCloseable {
  private static final String AVERAGE = "average.safetensors";

  private final Model model;
  private final TrainingConfig config;
  private final List<TokenSequence> data;
  private final Optimizer optimizer;
  private final long updates;
  private final Moments moments;
  private final Consumer<String> notice;
  private final SequencedMap<String, String> named = new LinkedHashMap<>();
  private Checkpoints.Extra extra = directory -> {};
  private RunLock lock;
  private boolean ownsLock;
  private RunSettings settings;
  private long savedStep;

  /**
   * Touches nothing yet.
   *
   * @param batches of the whole run
   * @param notice told in one line of what there is to know
   */
  RunFiles(
      Model model,
      TrainingConfig config,
      List<TokenSequence> data,
      Optimizer optimizer,
      UpdateBatches batches,
      Consumer<String> notice) {
    this.model = model;
    this.config = config;
    this.data = data;
    this.optimizer = optimizer;
    this.updates = batches.planned();
    this.moments = new Moments(config.checkpoints().every(), batches, System::nanoTime);
    this.notice = notice;
  }

  void saveWith(Checkpoints.Extra extra) {
    this.extra = extra;
  }

  /**
   * What a checkpoint holds: beside adapters what learns alone, the rest is in the model's files.
   */
  private Map<String, Tensor> parameters() {
    Map<String, Tensor> kept = model.parameters();
    if (model.hasAdapters()) {
      kept.keySet().retainAll(optimizer.names());
    }
    return kept;
  }

  void mustKeep(String name, String value) {
    named.put(name, value);
    settings = null;
  }

  void under(RunLock held) {
    if (config.checkpoints().output() == null || !held.holds(config.checkpoints().output())) {
      throw new IllegalArgumentException(
          "the lock is not that of the config's output, " + config.checkpoints().output());
    }
    lock = held;
  }

  /** The run trains from now on: where it is saved at intervals, nobody else writes there. */
  void begin() throws IOException {
    if (config.checkpoints().areAny()) {
      takeLock();
    }
    moments.begin();
  }

  /** Whether a checkpoint is due after update {@code step}. */
  boolean isDue(long step) {
    return config.checkpoints().areAny() && moments.isDue(step);
  }

  /** The newest update of which there is a checkpoint, or 0. */
  long savedStep() {
    return savedStep;
  }

  /** Whether update {@code step} would be lost, and there is a place to save it. */
  boolean isBehind(long step) {
    return config.checkpoints().output() != null && step > savedStep;
  }

  /** Keeps other runs out of the output from now on. */
  void takeLock() throws IOException {
    if (lock == null) {
      lock = RunLock.acquire(config.checkpoints().output());
      ownsLock = true;
      lock.warning().ifPresent(notice);
    }
  }

  /** Writes a checkpoint; weights that are no numbers are refused. */
  Path save(TrainingState state, Course course) throws IOException {
    requireOutput("so there is nowhere to save");
    NanGuard.requireGood(model, state.step());
    PhaseEvent saving = Phase.begin();
    Path directory = write(state, course);
    Phase.CHECKPOINT.end(saving, state.step());
    savedStep = state.step();
    moments.begin();
    return directory;
  }

  private Path write(TrainingState state, Course course) throws IOException {
    takeLock();
    if (lock.renew()) {
      notice.accept(
          config.checkpoints().output()
              + ": was removed while this run wrote there; it is made again");
    }
    Optional<WeightAverage> average = course.average();
    return new Checkpoints(config.checkpoints().output())
        .sparing(config.evaluation().loadBest() ? course.best().step() : -1)
        .save(
            parameters(),
            optimizer,
            state,
            settings(),
            directory -> {
              extra.writeTo(directory);
              if (average.isPresent()) {
                Pretrained.saveWeights(average.get().averages(), directory.resolve(AVERAGE));
              }
            },
            config.checkpoints().keep());
  }

  /** Fills the weights and their average from the checkpoint of update {@code step}. */
  void loadWeights(long step, Optional<WeightAverage> average) throws IOException {
    SavedCheckpoint saved = new Checkpoints(config.checkpoints().output()).at(step);
    saved.fillWeights(parameters());
    if (average.isPresent()) {
      saved.fill(AVERAGE, average.get().averages());
    }
  }

  /**
   * Fills parameters and the optimizer's state from the newest whole checkpoint; empty where there
   * is none.
   */
  Optional<TrainingState> resume(Set<Setting> changed, Optional<WeightAverage> average)
      throws IOException {
    requireOutput("so there is nothing to resume");
    Optional<SavedCheckpoint> newest =
        new Checkpoints(config.checkpoints().output()).newestWhole(notice);
    if (newest.isEmpty()) {
      return Optional.empty();
    }
    SavedCheckpoint saved = newest.get();
    saved.requireFit(parameters(), settings(), changed).forEach(notice);
    requireState(saved, changed);
    saved.fill(parameters(), optimizer);
    if (average.isPresent()) {
      saved.fill(AVERAGE, average.get().averages());
    }
    TrainingState state = saved.state();
    savedStep = state.step();
    return Optional.of(
        changed.contains(Setting.DATA)
            ? state.at(new DataPosition(state.position().epoch(), 0))
            : state);
  }

  private void requireOutput(String consequence) {
    if (config.checkpoints().output() == null) {
      throw new IllegalStateException("the config has no output, " + consequence);
    }
    optimizer.requireCurrent();
  }

  /** A checkpoint from before settings were kept has these three all the same. */
  private void requireState(SavedCheckpoint saved, Set<Setting> changed) throws IOException {
    TrainingState state = saved.state();
    if (state.seed() != config.seed() && !changed.contains(Setting.SEED)) {
      throw new IOException(
          "%s: was made with seed %d, this run has %d; resume with the same seed"
              .formatted(saved.directory(), state.seed(), config.seed()));
    }
    if (state.precision() != config.precision().products()
        && !changed.contains(Setting.PRECISION)) {
      throw new IOException(
          "%s: was made in %s, this run computes in %s; resume with the same precision"
              .formatted(saved.directory(), state.precision(), config.precision().products()));
    }
    if (state.position().offset() >= data.size() && !changed.contains(Setting.DATA)) {
      throw new IOException(
          "%s: stands after %d sequences of a pass, this run's data have %d; resume with the same"
              .formatted(saved.directory(), state.position().offset(), data.size()));
    }
  }

  private RunSettings settings() {
    if (settings == null) {
      settings = RunFingerprint.of(model, config, data, optimizer, updates, named);
    }
    return settings;
  }

  /** Lets the output go, unless the lock is the caller's. */
  @Override
  public void close() {
    if (ownsLock) {
      lock.close();
      ownsLock = false;
    }
  }
}
