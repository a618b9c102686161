package dev.galen.examples.clinical.task;

import dev.galen.tensor.io.ErrorText;
import dev.galen.train.Progress;
import dev.galen.train.StepReport;
import dev.galen.train.TrainingConfig;
import dev.galen.train.checkpoint.Checkpoints;
import dev.galen.train.data.Example;
import dev.galen.train.data.Examples;
import dev.galen.train.metrics.Perplexity;
import dev.galen.train.run.FineTuning;
import dev.galen.train.run.FineTuningSpec;
import dev.galen.train.run.GivenData;
import dev.galen.train.run.ModelSource;
import dev.galen.train.run.RunListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * Trains the model of a task. A run that was killed goes on from its newest checkpoint, and one
 * that came to its end is not made again.
 */
final class TaskTraining {
  private static final int SAVED_UPDATES = 100;

  private TaskTraining() {}

  /**
   * Trains on examples, unless the folder has this very run.
   *
   * @param name of the examples, for the run's JSON and its report
   * @throws IOException if the folder has another run
   */
  static void run(
      TaskRecipe recipe, List<? extends Example> examples, String name, TaskSettings settings)
      throws IOException {
    ModelSource source = settings.source(recipe.shape());
    GivenData given =
        GivenData.of(
            name, () -> new GivenData.Content(Examples.of(examples), Examples.of(List.of()), name));
    TrainingConfig training =
        FineTuningSpec.defaults(source)
            .epochs(settings.epochs() == null ? recipe.epochs() : settings.epochs())
            .batchSize(recipe.batch())
            .learningRate(source.isPretrained() ? recipe.pretrainedRate() : recipe.rate())
            .schedule(recipe.schedule())
            .warmup(recipe.warmup())
            .weightDecay(recipe.decay())
            .seed(settings.seed())
            .saveEvery(SAVED_UPDATES)
            .keep(1)
            .output(settings.modelFolder())
            .build();
    run(
        new FineTuningSpec(
            recipe.task(),
            source,
            settings.data(given, recipe.length()),
            training,
            settings.device(),
            null),
        settings.command(),
        settings.say());
  }

  /**
   * Trains, unless the folder has this very run.
   *
   * @param command repeats the task, for the run's own report
   * @param say gets lines for people
   * @throws IOException if the folder has another run
   */
  static void run(FineTuningSpec spec, String command, Consumer<String> say) throws IOException {
    Path folder = spec.output();
    boolean done = Files.exists(folder.resolve("report.md"));
    boolean begun = new Checkpoints(folder).newest().isPresent();
    if (done || begun) {
      requireSame(folder.resolve("run.json"), spec);
    }
    if (done) {
      say.accept("trained    before, " + folder);
      return;
    }
    var run = new FineTuning(spec).asCommand("--", command);
    if (begun) {
      run.resume();
    }
    try (var progress = Progress.toStandardError(0)) {
      run.listen(new Told(progress, say)).run();
    }
  }

  private static void requireSame(Path file, FineTuningSpec spec) throws IOException {
    String was;
    try {
      was = Files.readString(file);
    } catch (IOException e) {
      throw ErrorText.named(file, e);
    }
    if (!was.equals(spec.toJson())) {
      throw new IOException(
          file + ": is of a run with other data or settings; choose another --out");
    }
  }

  /** What a run tells, as lines. */
  private record Told(Progress progress, Consumer<String> say) implements RunListener {
    @Override
    public void onLine(String what, String line) {
      say.accept("%-10s %s".formatted(what, line));
    }

    @Override
    public void onNotice(String line) {
      onLine("notice", line);
    }

    @Override
    public void onStep(StepReport report) throws IOException {
      progress.onStep(report);
    }

    @Override
    public void onEvaluation(long step, Perplexity perplexity) throws IOException {
      progress.onEvaluation(step, perplexity);
    }
  }
}
