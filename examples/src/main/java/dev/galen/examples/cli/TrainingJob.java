package dev.galen.examples.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.CausalLm;
import dev.galen.model.pretrained.Architectures;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.io.AtomicFile;
import dev.galen.train.NonFiniteException;
import dev.galen.train.Progress;
import dev.galen.train.Trainer;
import dev.galen.train.TrainingConfig;
import dev.galen.train.TrainingListener;
import dev.galen.train.checkpoint.RunLock;
import dev.galen.train.checkpoint.SettingsChangedException;
import dev.galen.train.metrics.Perplexity;
import dev.galen.train.schedule.Schedule;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;

/** The main job: data in, a model trained, measured, talking and saved. */
final class TrainingJob {
  private final String command;
  private final CommonOptions common;
  private final TrainingOptions options;
  private final OutputFolder folder;
  private final Set<String> told = new HashSet<>();
  private final long start = System.nanoTime();

  TrainingJob(String command, CommonOptions common, TrainingOptions options) {
    this.command = command;
    this.common = common;
    this.options = options;
    this.folder = new OutputFolder(options.out);
  }

  /** Runs it and returns what to exit with: 0, or what a signal stands for. */
  int run() throws IOException {
    options.check();
    TrainingConfig config = options.config(defaults());
    Object source = options.model != null ? options.model : options.newModel.config;
    int length = Lengths.require(options.length, ModelSetup.shape(options).contextLength(), source);
    try (RunLock lock = folder.lock();
        var interruption = new Interruption(this::keptBefore, lock::close)) {
      folder.requireFresh(options.resume);
      lock.warning().ifPresent(this::notice);
      return run(config, length, lock, interruption);
    }
  }

  private int run(TrainingConfig config, int length, RunLock lock, Interruption interruption)
      throws IOException {
    TrainingData data = TrainingData.read(options.data, options.valid, options.seed);
    common.say("data       %s", data.source());
    ModelSetup setup =
        ModelSetup.of(options, data, options.resume ? folder.tokenizer() : Optional.empty());
    CausalLm model = setup.model();
    common.say(
        "model      %s, %,d parameters, on %s",
        setup.source(), model.parameterCount(), model.backend().name());
    var sequences = TrainingSequences.of(data, setup, options.model != null, length, common);
    options.requireOnePass(config, sequences.train().size());
    try (var trainer =
        new Trainer(
            model,
            config,
            sequences.train(),
            sequences.validation(),
            sequences.encoder().paddingId())) {
      trainer.under(lock).saveWith(setup::saveWithoutWeights);
      setup.vocabulary().ifPresent(digest -> trainer.mustKeep("tokenizer", digest));
      Optional<Measured> measured = train(trainer, setup, sequences, interruption);
      if (measured.isEmpty()) {
        tellStopped(trainer);
        return interruption.code();
      }
      AtomicFile.writeString(folder.curve(), measured.get().log().curve().svg());
      RunReport report = report(setup, data.source(), sequences, length, config, measured.get());
      AtomicFile.writeString(folder.report(), report.markdown());
      tell(report);
      return 0;
    }
  }

  /**
   * What training showed.
   *
   * @param before validation before the first update, or null without any
   * @param after validation after the last update, or null without any
   * @param log every update
   * @param updates of the whole run
   */
  private record Measured(Perplexity before, Perplexity after, TrainingLog log, long updates) {}

  /** Trains, saves the model, and measures it; nothing where it was stopped before. */
  private Optional<Measured> train(
      Trainer trainer, ModelSetup setup, TrainingSequences sequences, Interruption interruption)
      throws IOException {
    trainer.listen(
        new TrainingListener() {
          @Override
          public void onNotice(String line) {
            notice(line);
          }
        });
    boolean resumed = options.resume && resume(trainer);
    common.say(
        "training   %d sequences, %d updates, into %s",
        sequences.train().size(), trainer.totalSteps(), folder.path());
    if (resumed && trainer.step() >= trainer.totalSteps()) {
      common.say(
          "nothing    is left to do: all %d updates were made; more with --epochs or --steps",
          trainer.step());
    }
    interruption.stopBy(trainer::stop);
    boolean measures = !sequences.validation().isEmpty();
    TrainingLog log = openLog(trainer);
    try (log;
        var progress = Progress.toStandardError(options.logEvery == null ? 0 : options.logEvery)) {
      trainer.listen(log).listen(progress);
      long begun = trainer.step();
      Perplexity before = measures ? measureBefore(trainer, log) : null;
      trainer.fit();
      if (trainer.isStopping()) {
        return Optional.empty();
      }
      boolean saved = options.saveEvery > 0 && trainer.step() % options.saveEvery == 0;
      if ((options.saveEvery > 0 || resumed) && !saved && trainer.step() > begun) {
        trainer.save();
      }
      Pretrained.save(
          setup.model(), setup.tokenizer().orElse(null), setup.directory(), folder.path());
      interruption.keeps(
          () -> "stopped    before the model was measured; " + options.out + " has it");
      Perplexity after = measures ? trainer.evaluate() : null;
      return Optional.of(new Measured(before, after, log, trainer.totalSteps()));
    } catch (NonFiniteException e) {
      if (options.model == null || trainer.step() > 0) {
        throw e;
      }
      throw new IllegalArgumentException(options.model + ": " + e.getMessage(), e);
    } catch (CancellationException e) {
      return Optional.empty(); // stopped while it was measured before the first update
    }
  }

  private boolean resume(Trainer trainer) throws IOException {
    boolean resumed;
    try {
      resumed = trainer.resume(options.changed());
    } catch (SettingsChangedException e) {
      throw new IOException(e.getMessage().replace("name what is to change: ", "add --change "), e);
    }
    if (resumed) {
      common.say("resumed    after step %d", trainer.step());
    }
    return resumed;
  }

  /** One line, once. */
  private void notice(String line) {
    if (told.add(line)) {
      common.say("notice     %s", line);
    }
  }

  /** What a signal tells while the run is not trained yet. */
  private String keptBefore() {
    return folder
        .checkpoint()
        .map(path -> "stopped    before training went on; %s is kept as it was".formatted(path))
        .orElse("stopped    before the first update; there was nothing to keep yet");
  }

  private void tellStopped(Trainer trainer) {
    Optional<Path> checkpoint = folder.checkpoint();
    if (checkpoint.isEmpty()) {
      common.say(keptBefore());
      return;
    }
    common.say(
        "stopped    after step %d of %d, kept in %s; go on with: %s --resume",
        trainer.step(), trainer.totalSteps(), checkpoint.get(), CommandWords.of(command, options));
    common.print(
        CommonOptions.object()
            .put("out", options.out.toString())
            .put("stoppedAfterStep", trainer.step())
            .put("checkpoint", checkpoint.get().toString()));
  }

  private TrainingLog openLog(Trainer trainer) throws IOException {
    long every = options.logEvery == null ? 1 : options.logEvery;
    return new TrainingLog(folder.log(), trainer.step(), common, every, this::notice);
  }

  /** A resumed run was measured before its first update, when it began. */
  private static Perplexity measureBefore(Trainer trainer, TrainingLog log) throws IOException {
    return log.before().isPresent() ? log.before().get() : trainer.evaluate();
  }

  private TrainingConfig.Builder defaults() {
    var defaults = TrainingConfig.builder();
    if (options.model == null) {
      defaults.learningRate(1e-3);
    }
    if (options.model == null && options.data.isEmpty()) {
      // The demonstration: what a laptop does in well under three minutes.
      defaults
          .steps(500)
          .batchSize(8)
          .learningRate(2e-3)
          .schedule(Schedule.Kind.COSINE)
          .warmup(20)
          .weightDecay(0.1);
    }
    return defaults;
  }

  private RunReport report(
      ModelSetup setup,
      String source,
      TrainingSequences sequences,
      int length,
      TrainingConfig config,
      Measured measured) {
    CausalLm model = setup.model();
    return new RunReport(
        CommandWords.of(command, options),
        setup.source(),
        model.parameterCount(),
        source,
        sequences.train().size(),
        sequences.shortened(),
        length,
        Architectures.config(model).dropout(),
        config,
        measured.updates(),
        measured.before(),
        measured.after(),
        TrainedAnswers.scores(setup, sequences, options.maxNewTokens),
        TrainedAnswers.samples(setup, sequences),
        measured.log().tokensPerSecond(),
        Duration.ofNanos(System.nanoTime() - start),
        model.backend());
  }

  private void tell(RunReport report) {
    ObjectNode json = CommonOptions.object().put("out", options.out.toString());
    if (report.after() != null) {
      json.put("perplexityBefore", report.before().perplexity())
          .put("perplexityAfter", report.after().perplexity());
      common.say(
          "validation perplexity %s before, %s after",
          String.format(Locale.ROOT, "%.3f", report.before().perplexity()),
          String.format(Locale.ROOT, "%.3f", report.after().perplexity()));
    }
    if (report.scores() != null) {
      Figures.put(json, report.scores());
      common.say(Figures.of(report.scores()));
    }
    var samples = json.putArray("samples");
    for (RunReport.Sample sample : report.samples()) {
      samples.addObject().put("prompt", sample.prompt()).put("continuation", sample.continuation());
      common.say("");
      common.say("> %s", sample.prompt().replace("\n", "\n> "));
      common.say("%s", sample.continuation().strip());
    }
    common.say("");
    common.say(
        "saved      %s: the model, its tokenizer, log.jsonl, loss.svg, report.md", options.out);
    common.say("time       %s", Progress.time(report.time().toMillis() / 1e3));
    common.print(json);
  }
}
