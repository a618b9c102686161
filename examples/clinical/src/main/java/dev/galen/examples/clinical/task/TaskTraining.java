package dev.galen.examples.clinical.task;

import dev.galen.tensor.io.ErrorText;
import dev.galen.train.Progress;
import dev.galen.train.StepReport;
import dev.galen.train.checkpoint.Checkpoints;
import dev.galen.train.metrics.Perplexity;
import dev.galen.train.run.FineTuning;
import dev.galen.train.run.FineTuningSpec;
import dev.galen.train.run.RunListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Trains the model of a task. A run that was killed goes on from its newest checkpoint, and one
 * that came to its end is not made again.
 */
final class TaskTraining {
  private TaskTraining() {}

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
