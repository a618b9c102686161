package dev.galen.train.run;

import dev.galen.model.Model;
import dev.galen.tensor.Device;
import dev.galen.tensor.io.AtomicFile;
import dev.galen.train.RunMemory;
import dev.galen.train.Trainer;
import dev.galen.train.TrainingConfig;
import dev.galen.train.checkpoint.RunLock;
import dev.galen.train.checkpoint.Setting;
import dev.galen.train.task.Task;
import dev.galen.train.task.Tasks;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One run from a {@link FineTuningSpec}: data in, a model trained, measured and saved, with a log,
 * a picture of the losses and a report beside it.
 *
 * <pre>{@code
 * var spec = FineTuningSpec.of(ModelSource.of("gpt2"), DataSource.of(questions), training);
 * FineTuningResult result = new FineTuning(spec).run();
 * }</pre>
 */
public final class FineTuning {
  private final FineTuningSpec spec;
  private final long start = System.nanoTime();
  private RunListener listener = new RunListener() {};
  private SettingNames names = new SettingNames("");
  private String command;
  private boolean resume;
  private Setting[] changed = {};
  private RunFolder folder;
  private final RunState state;

  /** Nothing is read or written yet. */
  public FineTuning(FineTuningSpec spec) {
    this.spec = spec;
    this.folder = new RunFolder(spec.output(), names);
    this.state = new RunState(folder);
    this.command = spec.toJson();
  }

  /** Tells {@code listener} what happens. */
  public FineTuning listen(RunListener listener) {
    this.listener = new NoticedOnce(listener);
    return this;
  }

  /**
   * Goes on from the newest whole checkpoint of the output.
   *
   * @param changed settings that may differ from the checkpoint's
   */
  public FineTuning resume(Setting... changed) {
    this.resume = true;
    this.changed = changed;
    return this;
  }

  /**
   * Calls settings in messages by a command's options.
   *
   * @param prefix of an option: {@code --}
   * @param command repeats the run, for the report
   */
  public FineTuning asCommand(String prefix, String command) {
    this.names = new SettingNames(prefix);
    this.folder = new RunFolder(spec.output(), names);
    this.command = command;
    return this;
  }

  /**
   * Runs it.
   *
   * @throws IllegalArgumentException in one line for a setting or data that no run can use
   * @throws IOException in one line that names the file
   */
  public FineTuningResult run() throws IOException {
    return run(Tasks.named(spec.task()));
  }

  /** What the run takes of memory: data and model are read, nothing is trained or written. */
  public RunMemory plan() throws IOException {
    return plan(Tasks.named(spec.task()));
  }

  private <M extends Model> RunMemory plan(Task<M> task) throws IOException {
    RunChecks.requireClasses(spec, task, names);
    RunChecks.requirePreference(spec, task, names);
    int length = RunChecks.length(spec, names);
    Device device = spec.device() == null ? Device.best() : Device.of(spec.device());
    Prepared<M> prepared = prepare(task, length, device);
    Model learner = task.learner(prepared.model().model(), spec.training());
    RunSequences sequences = prepared.sequences();
    return RunMemory.of(
        learner,
        spec.training(),
        sequences.train(),
        sequences.validation(),
        sequences.encoder().collator());
  }

  /** The same for a task that has no name. */
  public <M extends Model> FineTuningResult run(Task<M> task) throws IOException {
    RunChecks.requireElsewhere(spec, names);
    RunChecks.requireClasses(spec, task, names);
    RunChecks.requireLabels(spec, task, names);
    RunChecks.requirePreference(spec, task, names);
    RunChecks.requirePacking(spec, task, names);
    RunChecks.requireRowsForTokens(spec, names);
    int length = RunChecks.length(spec, names);
    Device device = spec.device() == null ? Device.best() : Device.of(spec.device());
    try (RunLock held = folder.lock()) {
      state.locked(folder, held);
      folder.requireFresh(resume);
      folder.requireNoStop();
      held.warning().ifPresent(listener::onNotice);
      return run(task, length, device, held);
    }
  }

  /**
   * What is trained. Of its data there are the sequences alone: whoever holds the examples as well
   * holds everything twice.
   */
  private record Prepared<M extends Model>(
      String source, RunModel<M> model, RunSequences sequences) {}

  private <M extends Model> Prepared<M> prepare(Task<M> task, int length, Device device)
      throws IOException {
    long seed = spec.training().seed();
    Optional<SequenceCache> cache = SequenceCache.of(spec, task, listener);
    RunData data = RunData.read(spec.data(), task.schemas(), seed, cache);
    listener.onLine("data", data.source());
    Optional<Path> resumed = resume ? folder.tokenizer() : Optional.empty();
    RunModel<M> model = RunModel.of(spec, task, data, resumed, device, names);
    listener.onLine(
        "model",
        String.format(
            Locale.ROOT,
            "%s, %,d parameters, on %s",
            model.source(),
            model.model().parameterCount(),
            model.model().backend().name()));
    if (model.adapter() != null) {
      listener.onLine("adapter", model.adapter().line());
    }
    var sequences = RunSequences.of(data, model, task, spec, length, cache, names, listener);
    RunChecks.requireOnePass(spec.training().data(), sequences.train().size(), names);
    return new Prepared<>(data.source(), model, sequences);
  }

  private <M extends Model> FineTuningResult run(
      Task<M> task, int length, Device device, RunLock lock) throws IOException {
    Prepared<M> prepared = prepare(task, length, device);
    RunModel<M> model = prepared.model();
    Model learner = task.learner(model.model(), spec.training());
    RunSequences sequences = prepared.sequences().prepared(task, learner, spec.training());
    try (var made =
        new Trainer(
            learner,
            spec.training(),
            sequences.train(),
            sequences.validation(),
            sequences.encoder().collator())) {
      made.under(lock).saveWith(model::saveWithoutWeights);
      made.hooks().tellOrigins(prepared.sequences().origins(spec, task));
      if (model.adapter() != null) {
        model.adapter().register(made);
      }
      model.vocabulary().ifPresent(digest -> made.mustKeep("tokenizer", digest));
      var training = new RunTraining<>(context(), made, task, model, learner, sequences);
      Optional<RunTraining.Measured> measured = training.run(resume, changed);
      if (measured.isEmpty()) {
        return stopped(made, MemoryPeak.of(learner.backend()), task.unit());
      }
      RunReport report =
          report(
              task, model, prepared.source(), sequences, length, measured.get(), made.totalSteps());
      return ended(made, report, measured.get());
    }
  }

  /**
   * Asks the run to stop after the update under way and to leave a checkpoint; for any thread.
   *
   * @return whether it will; if not there is nothing to wait for, and {@link #kept} says what there
   *     is
   */
  public boolean stop() {
    return state.stop();
  }

  /** One line of what a run that ends now leaves behind. */
  public String kept() {
    return state.kept();
  }

  /** Gives the output's lock back before the process ends, for a signal's thread. */
  public void release() {
    state.release();
  }

  private RunContext context() {
    return new RunContext(spec, folder, names, listener, state);
  }

  private FineTuningResult stopped(Trainer trainer, MemoryPeak memory, String unit)
      throws IOException {
    folder.clearStop();
    Optional<Path> checkpoint = folder.checkpoint();
    if (checkpoint.isEmpty()) {
      listener.onLine("stopped", kept());
    }
    return new FineTuningResult(
        folder.path(),
        trainer.step(),
        trainer.totalSteps(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        checkpoint,
        trainer.best(),
        memory,
        unit,
        time());
  }

  private FineTuningResult ended(Trainer trainer, RunReport report, RunTraining.Measured measured)
      throws IOException {
    folder.clearStop();
    AtomicFile.writeString(folder.curve(), measured.log().curve().svg());
    for (Map.Entry<String, String> picture : measured.task().pictures().entrySet()) {
      AtomicFile.writeString(folder.path().resolve(picture.getKey()), picture.getValue());
    }
    AtomicFile.writeString(folder.report(), report.markdown());
    return new FineTuningResult(
        folder.path(),
        trainer.step(),
        trainer.totalSteps(),
        Optional.ofNullable(measured.before()),
        Optional.ofNullable(measured.after()),
        Optional.of(measured.task()),
        Optional.empty(),
        trainer.best(),
        report.memory(),
        report.unit(),
        report.time());
  }

  private RunReport report(
      Task<?> task,
      RunModel<?> model,
      String source,
      RunSequences sequences,
      int length,
      RunTraining.Measured measured,
      long updates) {
    TrainingConfig training = spec.training();
    return new RunReport(
        command,
        model.source(),
        model.model().parameterCount(),
        source,
        sequences.train().size(),
        sequences.shortened(),
        Math.max(length, sequences.train().longest()),
        model.config().dropout(),
        training,
        updates,
        measured.before(),
        measured.after(),
        measured.task(),
        task.unit(),
        measured.log().tokensPerSecond(),
        measured
            .utilisation()
            .map(
                of ->
                    of.of(
                        measured.log().tokensPerSecond(),
                        measured.log().meanLength(training.data().perUpdate()))),
        MemoryPeak.of(model.model().backend()),
        time(),
        model.model().backend());
  }

  private Duration time() {
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
