package dev.galen.examples.clinical.report;

import dev.galen.train.metrics.Significance;
import dev.galen.train.metrics.Significance.Bootstrap;
import dev.galen.train.metrics.Significance.Interval;
import java.util.Locale;
import java.util.Objects;

/**
 * A model beside a baseline, and in words which of the two is better. It is called better only
 * where the interval of the difference lies on one side of zero.
 *
 * @param figure what is compared, such as {@code accuracy}
 * @param model what the reader calls the model
 * @param baseline what the reader calls the baseline, such as {@code the bag of words}
 * @param modelValue the model's figure
 * @param baselineValue the baseline's
 * @param difference interval of the model's figure less the baseline's; null if none is known
 * @param confidence of the interval, such as 0.95
 * @param lowerIsBetter whether a lower figure is the better one, as of perplexity
 */
public record Comparison(
    String figure,
    String model,
    String baseline,
    double modelValue,
    double baselineValue,
    Interval difference,
    double confidence,
    boolean lowerIsBetter) {
  /** Which of the two is better. */
  public enum Verdict {
    /** The model. */
    MODEL,
    /** The baseline. */
    BASELINE,
    /** No difference can be told. */
    UNDECIDED
  }

  /** Checks that nothing is missing. */
  public Comparison {
    Objects.requireNonNull(figure, "figure");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(baseline, "baseline");
  }

  /**
   * Of a paired bootstrap whose first system is the baseline and whose second is the model; higher
   * is better.
   */
  public static Comparison of(
      String figure, String model, String baseline, Bootstrap paired, double confidence) {
    return new Comparison(
        figure,
        model,
        baseline,
        paired.second(),
        paired.first(),
        paired.interval(),
        confidence,
        false);
  }

  /**
   * Of a share of successes against a share that is known, such as chance: by Wilson's interval.
   *
   * @param chance the share to compare with, 0 to 1
   */
  public static Comparison withKnown(
      String figure,
      String model,
      String baseline,
      long successes,
      long trials,
      double chance,
      double confidence) {
    Interval share = Significance.wilson(successes, trials, confidence);
    return new Comparison(
        figure,
        model,
        baseline,
        (double) successes / trials,
        chance,
        new Interval(share.low() - chance, share.high() - chance),
        confidence,
        false);
  }

  /** Which is better. */
  public Verdict verdict() {
    if (difference == null || !(difference.low() > 0 || difference.high() < 0)) {
      return Verdict.UNDECIDED;
    }
    return difference.low() > 0 != lowerIsBetter ? Verdict.MODEL : Verdict.BASELINE;
  }

  /** The outcome in a sentence or two. */
  public String text() {
    String both = "%s against %s".formatted(shown(modelValue), shown(baselineValue));
    if (difference == null) {
      return "%s: %s has %s, %s has %s. No interval was computed, so neither can be called better."
          .formatted(capital(figure), model, shown(modelValue), baseline, shown(baselineValue));
    }
    String interval =
        "%s%% interval of the difference %s to %s"
            .formatted(percent(), shown(difference.low()), shown(difference.high()));
    return switch (verdict()) {
      case UNDECIDED ->
          "No difference in %s between %s and %s can be told (%s; %s)."
              .formatted(figure, model, baseline, both, interval);
      case MODEL, BASELINE ->
          "%s is %s than %s by %s in %s (%s; %s)."
              .formatted(
                  capital(model),
                  verdict() == Verdict.MODEL ? "better" : "worse",
                  baseline,
                  shown(Math.abs(modelValue - baselineValue)),
                  figure,
                  both,
                  interval);
    };
  }

  /** The sentence as a block. */
  public Paragraph paragraph() {
    return new Paragraph(text());
  }

  private String percent() {
    double percent = 100 * confidence;
    return percent == Math.rint(percent)
        ? String.format(Locale.ROOT, "%.0f", percent)
        : String.format(Locale.ROOT, "%.1f", percent);
  }

  private static String shown(double value) {
    return Numbers.text(value);
  }

  private static String capital(String text) {
    return text.isEmpty()
        ? text
        : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }
}
