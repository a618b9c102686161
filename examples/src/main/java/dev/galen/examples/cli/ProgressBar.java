package dev.galen.examples.cli;

import dev.galen.train.StepReport;
import dev.galen.train.TrainingListener;
import dev.galen.train.metrics.Perplexity;
import java.util.Locale;

/** A training run on one line of a terminal: loss, speed, time left. On standard error. */
final class ProgressBar implements TrainingListener, AutoCloseable {
  private static final int WIDEST_BAR = 24;

  /** A line that fits the narrowest usual terminal: a longer one would wrap and not move. */
  private static final int COLUMNS = 79;

  private final boolean terminal;
  private final long every;
  private final long start = System.nanoTime();
  private long firstStep = -1;
  private long tokens;
  private double smoothed = Double.NaN;
  private boolean open;

  /**
   * @param terminal whether the line moves with each update
   * @param every updates between the lines, where it does not
   */
  ProgressBar(boolean terminal, long every) {
    this.terminal = terminal;
    this.every = every;
  }

  @Override
  public void onStep(StepReport report) {
    if (firstStep < 0) {
      firstStep = report.step() - 1;
    }
    tokens += report.tokens();
    if (report.skipped()) {
      close();
      System.err.printf(
          Locale.ROOT,
          "  step %d skipped: its gradients overflow at loss scale %.0f%n",
          report.step(),
          report.lossScale());
    } else {
      smoothed = Double.isNaN(smoothed) ? report.loss() : 0.9 * smoothed + 0.1 * report.loss();
    }
    boolean last = report.step() == report.totalSteps();
    if (terminal) {
      System.err.print("\r" + line(report));
      open = true;
    } else if (report.step() % every == 0 || last) {
      System.err.println(line(report).stripTrailing());
    }
    if (last) {
      close();
    }
  }

  @Override
  public void onEvaluation(long step, Perplexity validation) {
    close();
    System.err.printf(
        Locale.ROOT,
        "  validation after step %d: loss %.4f, perplexity %.3f%n",
        step,
        validation.loss(),
        validation.perplexity());
  }

  /** Ends the moving line, so that what is printed next has a line of its own. */
  @Override
  public void close() {
    if (open) {
      System.err.println();
      open = false;
    }
  }

  private String line(StepReport report) {
    double seconds = (System.nanoTime() - start) * 1e-9;
    long done = report.step() - firstStep;
    double left = seconds / done * (report.totalSteps() - report.step());
    String figures =
        String.format(
            Locale.ROOT,
            " %d/%d  epoch %.2f  loss %.4f  %,.0f tokens/s  %s left",
            report.step(),
            report.totalSteps(),
            report.epoch(),
            smoothed,
            tokens / seconds,
            Figures.time(left));
    int width = Math.clamp(COLUMNS - 2 - figures.length(), 0, WIDEST_BAR);
    int filled = (int) (width * report.step() / report.totalSteps());
    String line = "[" + "#".repeat(filled) + ".".repeat(width - filled) + "]" + figures;
    return line + " ".repeat(Math.max(0, COLUMNS - line.length())); // over a longer one before
  }
}
