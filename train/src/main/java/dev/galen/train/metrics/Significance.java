package dev.galen.train.metrics;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;

/** How sure a figure is, and whether two systems differ by more than chance. */
public final class Significance {
  private Significance() {}

  /**
   * An interval.
   *
   * @param low its lower end
   * @param high its upper end
   */
  public record Interval(double low, double high) {}

  /**
   * Wilson's interval of a share (Wilson, "Probable Inference, the Law of Succession, and
   * Statistical Inference", 1927): with p = successes / n and z the normal quantile of the
   * confidence, (p + z² / 2n ± z √(p (1 - p) / n + z² / 4n²)) / (1 + z² / n).
   *
   * @param trials n, at least 1
   * @param confidence such as 0.95
   */
  public static Interval wilson(long successes, long trials, double confidence) {
    if (trials < 1 || successes < 0 || successes > trials) {
      throw new IllegalArgumentException(
          "Wilson's interval needs 0 to n successes of n >= 1 trials, got %s of %s"
              .formatted(successes, trials));
    }
    requireConfidence(confidence);
    double z = NormalDistribution.of(0, 1).inverseSurvivalProbability((1 - confidence) / 2);
    double n = trials;
    double p = successes / n;
    double middle = p + z * z / (2 * n);
    double reach = z * Math.sqrt(p * (1 - p) / n + z * z / (4 * n * n));
    double whole = 1 + z * z / n;
    return new Interval(
        successes == 0 ? 0 : (middle - reach) / whole,
        successes == trials ? 1 : (middle + reach) / whole);
  }

  /** Which p-value {@link #mcNemar} computes. */
  public enum McNemar {
    /** The binomial distribution's, right for any number of examples. */
    EXACT,
    /** χ² = (|b - c| - 1)² / (b + c), with Edwards' correction for whole counts. */
    CORRECTED,
    /** χ² = (b - c)² / (b + c). */
    ASYMPTOTIC
  }

  /**
   * A test's result.
   *
   * @param statistic min(b, c) of the exact test, else χ²
   * @param pValue the probability of such a difference by chance
   */
  public record Test(double statistic, double pValue) {}

  /**
   * McNemar's test of two classifiers on the same examples ("Note on the sampling error of the
   * difference between correlated proportions or percentages", 1947).
   *
   * @param firstOnly b: examples that the first alone has right
   * @param secondOnly c: examples that the second alone has right
   */
  public static Test mcNemar(int firstOnly, int secondOnly, McNemar form) {
    if (firstOnly < 0 || secondOnly < 0) {
      throw new IllegalArgumentException(
          "McNemar's test needs counts of at least 0, got " + firstOnly + " and " + secondOnly);
    }
    int all = firstOnly + secondOnly;
    int less = Math.min(firstOnly, secondOnly);
    if (form == McNemar.EXACT) {
      double tail = BinomialDistribution.of(all, 0.5).cumulativeProbability(less);
      return new Test(less, Math.min(1, 2 * tail));
    }
    double apart = Math.abs((double) firstOnly - secondOnly) - (form == McNemar.CORRECTED ? 1 : 0);
    double statistic = all == 0 ? Double.NaN : apart * apart / all;
    return new Test(
        statistic, all == 0 ? 1 : ChiSquaredDistribution.of(1).survivalProbability(statistic));
  }

  /**
   * What resampling says of the difference of two systems.
   *
   * @param first the first system's score on all examples
   * @param second the second system's
   * @param interval of second - first: its quantiles over the samples
   * @param wins the share of samples in which the second is better (Koehn, "Statistical
   *     Significance Tests for Machine Translation Evaluation", EMNLP 2004)
   * @param pValue the probability of such a difference where there is none, two-sided: (1 + samples
   *     in which the difference strays from its mean by at least what was observed) / (1 +
   *     samples), as sacrebleu computes it
   */
  public record Bootstrap(
      double first, double second, Interval interval, double wins, double pValue) {
    /** second - first. */
    public double difference() {
      return second - first;
    }
  }

  /**
   * The paired bootstrap (Efron and Tibshirani, "An Introduction to the Bootstrap", 1993): examples
   * are drawn with replacement, the same for both systems.
   *
   * @param examples how many there are, at least 1
   * @param first the first system's score on examples of these numbers, some of them repeated
   * @param second the second system's, higher being better
   * @param samples how often, at least 1; 1000 is usual
   * @param seed of the draws
   * @param confidence of the interval, such as 0.95
   */
  public static Bootstrap bootstrap(
      int examples,
      ToDoubleFunction<int[]> first,
      ToDoubleFunction<int[]> second,
      int samples,
      long seed,
      double confidence) {
    if (examples < 1 || samples < 1) {
      throw new IllegalArgumentException(
          "The bootstrap needs examples and samples, got " + examples + " and " + samples);
    }
    requireConfidence(confidence);
    var all = new int[examples];
    Arrays.setAll(all, i -> i);
    double scoreOfFirst = first.applyAsDouble(all);
    double scoreOfSecond = second.applyAsDouble(all);
    var random = new SplittableRandom(seed);
    var differences = new double[samples];
    int wins = 0;
    for (int s = 0; s < samples; s++) {
      var drawn = new int[examples];
      Arrays.setAll(drawn, i -> random.nextInt(examples));
      differences[s] = second.applyAsDouble(drawn) - first.applyAsDouble(drawn);
      wins += differences[s] > 0 ? 1 : 0;
    }
    double mean = Weighted.mean(differences, null);
    double observed = Math.abs(scoreOfSecond - scoreOfFirst);
    long strayed = Arrays.stream(differences).filter(d -> Math.abs(d - mean) >= observed).count();
    Arrays.sort(differences);
    return new Bootstrap(
        scoreOfFirst,
        scoreOfSecond,
        new Interval(
            quantile(differences, (1 - confidence) / 2),
            quantile(differences, (1 + confidence) / 2)),
        (double) wins / samples,
        (strayed + 1.0) / (samples + 1.0));
  }

  /** The quantile of sorted values, between two of them by a straight line, as numpy's. */
  private static double quantile(double[] sorted, double share) {
    double at = share * (sorted.length - 1);
    int below = (int) Math.floor(at);
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }

  private static void requireConfidence(double confidence) {
    if (!(confidence > 0 && confidence < 1)) {
      throw new IllegalArgumentException(
          "the confidence must be above 0 and below 1, such as 0.95, got " + confidence);
    }
  }
}
