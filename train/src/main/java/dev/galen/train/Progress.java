package dev.galen.train;

import dev.galen.train.metrics.MovingAverage;
import dev.galen.train.metrics.Perplexity;
import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Tells a person how training goes: {@code trainer.listen(Progress.toStandardError())}. On a
 * terminal one line moves with the updates, elsewhere a line comes twenty times a run; each
 * validation has a line of its own.
 *
 * <p>The loss is that of the last update, and the moving average, over some ten updates, is called
 * so. The time left counts what evaluations and checkpoints took so far, the tokens per second do
 * not. Close it, or wait for the last update, before something else is printed.
 */
public final class Progress implements TrainingListener, AutoCloseable {
  private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");
  private static final int LINES = 20;
  private static final int WIDEST_BAR = 24;
  private static final int USUAL_COLUMNS = 80;
  private static final double WEIGHT = 0.9;
  private static final long NANOS_BETWEEN_DRAWINGS = 50_000_000;

  /** Erases what a longer line left; and meanwhile a line too long is cut, and does not wrap. */
  private static final String[] ANSI = {"\r\033[?7l", "\033[K\033[?7h"};

  private static final String[] PLAIN = {"\r", ""};

  private final PrintStream out;
  private final boolean terminal;
  private final String[] around;
  private final int columns;
  private final long every;
  private final LongSupplier clock;
  private final MovingAverage average = new MovingAverage(WEIGHT);
  private long begin = Long.MIN_VALUE;
  private long firstStep;
  private long drawn = Long.MIN_VALUE;
  private long tokens;
  private double updateSeconds;
  private double loss = Double.NaN;
  private boolean open;

  /**
   * @param every updates between the lines where no line moves, or 0 for a twentieth of the run
   * @param columns of a line that moves
   * @param clock nanoseconds
   */
  Progress(
      PrintStream out,
      boolean terminal,
      String[] around,
      int columns,
      long every,
      LongSupplier clock) {
    this.out = out;
    this.terminal = terminal;
    this.around = around;
    this.columns = columns;
    this.every = every;
    this.clock = clock;
  }

  /** On standard error, which leaves standard output to results. */
  public static Progress toStandardError() {
    return toStandardError(0);
  }

  /**
   * The same, where it is no terminal, with a line each so many updates.
   *
   * @param every updates, or 0 for a twentieth of the run
   */
  public static Progress toStandardError(long every) {
    String type = System.getenv("TERM");
    boolean moves = isTerminal() && !"dumb".equals(type);
    return new Progress(
        System.err, moves, type == null ? PLAIN : ANSI, columns(), every, System::nanoTime);
  }

  /** Whether standard error is a terminal, wherever standard output goes. */
  public static boolean isTerminal() {
    try {
      // Java's own console speaks of standard input and output only.
      String target = Files.readSymbolicLink(STANDARD_ERROR).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      Console console = System.console();
      return console != null && console.isTerminal();
    }
  }

  private static int columns() {
    String columns = System.getenv("COLUMNS");
    return columns != null && columns.matches("[1-9][0-9]{0,3}")
        ? Integer.parseInt(columns)
        : USUAL_COLUMNS;
  }

  @Override
  public void onStep(StepReport report) {
    long now = clock.getAsLong();
    if (begin == Long.MIN_VALUE) {
      begin = now - (long) (report.seconds() * 1e9); // not with an evaluation before it
      firstStep = report.step() - 1;
    }
    tokens += report.tokens();
    updateSeconds += report.seconds();
    if (report.skipped()) {
      close();
      out.printf(
          Locale.ROOT,
          "  update %d skipped: its gradients overflow at loss scale %.0f%n",
          report.step(),
          report.lossScale());
    } else {
      loss = report.loss();
      average.add(loss);
    }
    boolean last = report.step() == report.totalSteps();
    double seconds = (now - begin) * 1e-9;
    if (terminal) {
      if (last || drawn == Long.MIN_VALUE || now - drawn >= NANOS_BETWEEN_DRAWINGS) {
        drawn = now;
        out.print(around[0] + bar(report, parts(report, seconds)) + around[1]);
        out.flush();
        open = true;
      }
    } else if (report.step() % interval(report) == 0 || last) {
      out.println(String.join("  ", parts(report, seconds)));
    }
    if (last) {
      close();
    }
  }

  private long interval(StepReport report) {
    return every > 0 ? every : Math.max(1, report.totalSteps() / LINES);
  }

  @Override
  public void onEvaluation(long step, Perplexity validation) {
    close();
    double perplexity = validation.perplexity();
    out.printf(
        Locale.ROOT,
        perplexity < 1e7
            ? "  validation %s: loss %.4f, perplexity %.3f%n"
            : "  validation %s: loss %.4f, perplexity %.3e%n",
        step == 0 ? "before the first update" : "after update " + step,
        validation.loss(),
        perplexity);
  }

  /** Ends the moving line, so that what is printed next has a line of its own. */
  @Override
  public void close() {
    if (open) {
      out.println();
      open = false;
    }
  }

  /** What there is to say: the update, then the loss; the last part is the time. */
  private List<String> parts(StepReport report, double seconds) {
    var parts = new ArrayList<String>();
    parts.add(report.step() + "/" + report.totalSteps());
    if (!Double.isNaN(loss)) {
      parts.add(String.format(Locale.ROOT, "loss %.4f", loss));
      parts.add(String.format(Locale.ROOT, "moving average %.4f", average.value()));
    }
    parts.add(String.format(Locale.ROOT, "%,.0f tokens/s", tokens / updateSeconds));
    parts.add(String.format(Locale.ROOT, "epoch %.2f", report.epoch()));
    long left = report.totalSteps() - report.step();
    parts.add(
        left == 0
            ? time(seconds) + " in all"
            : time(seconds / (report.step() - firstStep) * left) + " left");
    return parts;
  }

  /** A bar and as many parts as fit beside it; those that can be done without go first. */
  private String bar(StepReport report, List<String> parts) {
    int room = columns - 3; // brackets, and a last column that stays free
    while (parts.size() > 1 && length(parts) > room) {
      // Epoch, speed, average and loss go before the time, which stands behind them.
      parts.remove(parts.size() == 2 ? 1 : parts.size() - 2);
    }
    int width = Math.clamp(room - length(parts), 0, WIDEST_BAR);
    int filled = (int) (width * report.step() / report.totalSteps());
    String line =
        "[" + "#".repeat(filled) + ".".repeat(width - filled) + "] " + String.join("  ", parts);
    return line + " ".repeat(Math.max(0, columns - 1 - line.length())); // over a longer one
  }

  private static int length(List<String> parts) {
    return parts.stream().mapToInt(part -> part.length() + 2).sum() - 1;
  }

  /** Seconds as people read them: 42s, 3m20s, 2h05m. */
  public static String time(double seconds) {
    long whole = Math.round(seconds);
    return whole < 60
        ? whole + "s"
        : whole < 3600
            ? "%dm%02ds".formatted(whole / 60, whole % 60)
            : "%dh%02dm".formatted(whole / 3600, whole / 60 % 60);
  }
}
