package dev.galen.examples.clinical.learning;

import dev.galen.model.Model;
import dev.galen.train.Interval;
import dev.galen.train.StepReport;
import dev.galen.train.Trainer;
import dev.galen.train.TrainingConfig;
import dev.galen.train.TrainingListener;
import dev.galen.train.data.Collator;
import dev.galen.train.data.TokenSequence;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * One training of a run: goes on after a kill where it keeps checkpoints, and tells how far it is.
 */
public final class Learning implements TrainingListener {
  private static final double SAVED_MINUTES = 1;
  private static final long TOLD_NANOS = 10_000_000_000L;

  private final String name;
  private final Consumer<String> progress;
  private final long start = System.nanoTime();
  private long told = start;
  private long firstStep = -1;
  private double sum;
  private long count;
  private double lastMean = Double.NaN;

  private Learning(String name, Consumer<String> progress) {
    this.name = name;
    this.progress = progress;
  }

  /**
   * Trains a model to the end of its schedule; after a kill it goes on.
   *
   * @param folder of its checkpoints, one a minute, and of its losses
   * @param name what is learned, for people
   * @param progress takes a line about every ten seconds
   * @return the mean loss of the last updates
   */
  public static double run(
      Model model,
      TrainingConfig.Builder config,
      List<TokenSequence> sequences,
      Collator collator,
      Path folder,
      String name,
      Consumer<String> progress)
      throws IOException {
    config.output(folder).saveEvery(Interval.minutes(SAVED_MINUTES)).keep(1);
    return fit(model, config, sequences, collator, folder, true, name, progress);
  }

  /** The same for a training of seconds, which keeps no checkpoints and begins anew. */
  public static double runAnew(
      Model model,
      TrainingConfig.Builder config,
      List<TokenSequence> sequences,
      Collator collator,
      Path folder,
      String name,
      Consumer<String> progress)
      throws IOException {
    return fit(model, config, sequences, collator, folder, false, name, progress);
  }

  private static double fit(
      Model model,
      TrainingConfig.Builder config,
      List<TokenSequence> sequences,
      Collator collator,
      Path folder,
      boolean resumed,
      String name,
      Consumer<String> progress)
      throws IOException {
    var learning = new Learning(name, progress);
    var losses = new LossLog(folder);
    try (var trainer =
        new Trainer(model, config.evaluateEvery(0).build(), sequences, List.of(), collator)) {
      trainer.listen(learning);
      trainer.listen(losses);
      if (resumed && trainer.resume()) {
        losses.goOn(trainer.step());
        progress.accept("%s: goes on after update %,d".formatted(name, trainer.step()));
      }
      trainer.fit();
      trainer.finish();
    }
    losses.write();
    return learning.count > 0 ? learning.sum / learning.count : learning.lastMean;
  }

  @Override
  public void onStep(StepReport report) {
    firstStep = firstStep < 0 ? report.step() - 1 : firstStep;
    sum += report.loss();
    count++;
    long now = System.nanoTime();
    if (now - told < TOLD_NANOS && report.step() < report.totalSteps()) {
      return;
    }
    told = now;
    double each = (now - start) * 1e-9 / (report.step() - firstStep);
    lastMean = sum / count;
    progress.accept(
        String.format(
            Locale.ROOT,
            "%s: %,d of %,d updates, loss %.3f, %,.0f tokens/s, about %.0f s left",
            name,
            report.step(),
            report.totalSteps(),
            lastMean,
            report.tokensPerSecond(),
            each * (report.totalSteps() - report.step())));
    sum = 0;
    count = 0;
  }

  @Override
  public void onNotice(String line) {
    progress.accept(name + ": " + line);
  }
}
