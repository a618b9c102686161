package dev.galen.examples.cli;

import dev.galen.train.StepReport;
import dev.galen.train.TrainingListener;
import dev.galen.train.metrics.Perplexity;
import java.util.Locale;

/** A training run on one line of a terminal: loss, speed, time left. On standard error. */
final class ProgressBar implements TrainingListener {
  private static final int WIDTH = 24;

  private final boolean terminal = System.console() != null && System.console().isTerminal();
  private final long every;
  private final long start = System.nanoTime();
  private long firstStep = -1;
  private long tokens;
  private double smoothed = Double.NaN;

  /** On a terminal it moves with each update; elsewhere it prints a line each {@code every}. */
  ProgressBar(long every) {
    this.every = every;
  }

  @Override
  public void onStep(StepReport report) {
    if (firstStep < 0) {
      firstStep = report.step() - 1;
    }
    tokens += report.tokens();
    smoothed = Double.isNaN(smoothed) ? report.loss() : 0.9 * smoothed + 0.1 * report.loss();
    boolean last = report.step() == report.totalSteps();
    if (terminal) {
      System.err.print("\r" + line(report) + (last ? System.lineSeparator() : ""));
    } else if (report.step() % every == 0 || last) {
      System.err.println(line(report));
    }
  }

  @Override
  public void onEvaluation(long step, Perplexity validation) {
    System.err.printf(
        Locale.ROOT,
        "%s  validation after step %d: loss %.4f, perplexity %.3f%n",
        terminal ? "\n" : "",
        step,
        validation.loss(),
        validation.perplexity());
  }

  private String line(StepReport report) {
    double seconds = (System.nanoTime() - start) * 1e-9;
    long done = report.step() - firstStep;
    double left = seconds / done * (report.totalSteps() - report.step());
    int filled = (int) (WIDTH * report.step() / report.totalSteps());
    return String.format(
        Locale.ROOT,
        "[%s%s] %d/%d  epoch %.2f  loss %.4f  %,.0f tokens/s  %s left  ",
        "#".repeat(filled),
        ".".repeat(WIDTH - filled),
        report.step(),
        report.totalSteps(),
        report.epoch(),
        smoothed,
        tokens / seconds,
        Figures.time(left));
  }
}
