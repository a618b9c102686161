package dev.galen.examples.cli;

import dev.galen.train.Interval;
import dev.galen.train.TrainingConfig;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/**
 * The options of {@code finetune} and {@code train} that say when a run is measured, kept, ended.
 */
final class ControlOptions {
  private static final String INTERVAL = "N[epochs|minutes]";

  @Option(
      names = "--eval-every",
      paramLabel = INTERVAL,
      description =
          "Updates between validations, or 1epoch, 0.5epochs, 10minutes; 0 for only before and"
              + " after (default: a tenth of the run, or more where measuring would take over a"
              + " tenth of its time).")
  String evalEvery;

  @Option(
      names = "--metric",
      paramLabel = "NAME",
      description =
          "What --patience, --load-best-at-end and schedules look at (default loss): perplexity, or"
              + " a figure of the task, which is then measured at each validation: accuracy,"
              + " macroF1, rougeL, rewards/margins, ...")
  String metric;

  @Option(
      names = "--greater-is-better",
      paramLabel = "true|false",
      arity = "1",
      description =
          "Whether more of --metric is better (default: not of loss and perplexity, else yes).")
  Boolean greaterIsBetter;

  @Option(
      names = "--patience",
      paramLabel = "N",
      description =
          "Validations in a row without a better metric that end the run (default: none).")
  Long patience;

  @Option(
      names = "--patience-threshold",
      paramLabel = "X",
      description = "How much better a metric must be to count for --patience (default 0).")
  Double patienceThreshold;

  @Option(
      names = "--load-best-at-end",
      description = "End with the weights of the best metric; their checkpoint stays.")
  boolean loadBest;

  @Option(
      names = "--sanity-steps",
      paramLabel = "N",
      description =
          "Measure N validation batches, and a little of what is measured at the end, before the"
              + " first update, so that what would fail fails at once (default 0).")
  Integer sanitySteps;

  @Option(
      names = "--save-every",
      paramLabel = INTERVAL,
      description = "Updates between checkpoints, or 1epoch, 0.5epochs, 10minutes (default: none).")
  String saveEvery;

  @Option(
      names = "--keep",
      paramLabel = "N",
      description =
          "Newest checkpoints that stay, beside the one that --load-best-at-end needs (default 2).")
  Integer keep;

  /** Refuses what no run can use, before anything is read. */
  void check() {
    apply(TrainingConfig.builder());
  }

  /** What was given; the rest stays as it is. */
  void apply(TrainingConfig.Builder config) {
    if (evalEvery != null) {
      Interval every = interval("--eval-every", evalEvery);
      if (every.number() < 0) { // no word for the default
        throw new IllegalArgumentException(
            "the interval of evaluations is " + every.text() + ", must be at least 0");
      }
      config.evaluateEvery(every);
    }
    if (metric != null) {
      config.metric(metric);
    }
    if (greaterIsBetter != null) {
      config.greaterIsBetter(greaterIsBetter);
    }
    if (patience != null) {
      config.patience(patience);
    }
    if (patienceThreshold != null) {
      config.patienceThreshold(patienceThreshold);
    }
    if (loadBest) {
      config.loadBest(true);
    }
    if (sanitySteps != null) {
      config.sanitySteps(sanitySteps);
    }
    if (saveEvery != null) {
      config.saveEvery(interval("--save-every", saveEvery));
    }
    if (keep != null) {
      config.keep(keep);
    }
  }

  private static Interval interval(String option, String text) {
    try {
      return Interval.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(option + ": " + e.getMessage(), e);
    }
  }

  /** Name and value of each option that was given and has one, as words of a command. */
  Map<String, Object> words() {
    var words = new LinkedHashMap<String, Object>();
    words.put("--eval-every", evalEvery);
    words.put("--metric", metric);
    words.put("--greater-is-better", greaterIsBetter);
    words.put("--patience", patience);
    words.put("--patience-threshold", patienceThreshold);
    words.put("--sanity-steps", sanitySteps);
    words.put("--save-every", saveEvery);
    words.put("--keep", keep);
    return words;
  }
}
