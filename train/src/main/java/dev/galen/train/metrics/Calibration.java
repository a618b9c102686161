package dev.galen.train.metrics;

import java.util.ArrayList;
import java.util.List;

/**
 * Whether a classifier is right as often as it is confident: its answers in bins of equal width by
 * confidence, (lo, hi], and the expected calibration error, Σ n<sub>b</sub> / n · |share right -
 * mean confidence| (Naeini, Cooper and Hauskrecht, 2015; Guo, Pleiss, Sun and Weinberger, "On
 * Calibration of Modern Neural Networks", 2017). {@code MetricCharts.reliability} draws it.
 *
 * @param bins from the lowest confidence to the highest, empty ones included
 */
public record Calibration(List<Bin> bins) {

  /**
   * The answers of one bin.
   *
   * @param from its lower bound, which does not belong to it; 0 belongs to the first bin
   * @param to its upper bound, which does
   * @param count how many answers
   * @param confidence their mean, NaN without an answer
   * @param accuracy the share of them that is right, NaN without an answer
   */
  public record Bin(double from, double to, int count, double confidence, double accuracy) {}

  /** Copies the list. */
  public Calibration {
    bins = List.copyOf(bins);
  }

  /**
   * The calibration of the most probable class, of equally probable ones the first.
   *
   * @param truth the class of each example, from 0
   * @param probabilities [examples, classes]
   * @param bins how many, at least 1; 10 and 15 are usual
   */
  public static Calibration of(int[] truth, double[][] probabilities, int bins) {
    ProbabilityScores.requireProbabilities(truth, probabilities, null);
    var confidences = new double[truth.length];
    var right = new boolean[truth.length];
    for (int i = 0; i < truth.length; i++) {
      int best = 0;
      for (int k = 1; k < probabilities[i].length; k++) {
        best = probabilities[i][k] > probabilities[i][best] ? k : best;
      }
      confidences[i] = probabilities[i][best];
      right[i] = best == truth[i];
    }
    return of(right, confidences, bins);
  }

  /**
   * The calibration of answers; of a binary classifier, of the probabilities of its positive class
   * with {@code right} saying which examples are positive.
   *
   * @param confidences 0 to 1
   */
  public static Calibration of(boolean[] right, double[] confidences, int bins) {
    Weighted.requireExamples("Calibration", right.length, confidences.length, null);
    if (bins < 1) {
      throw new IllegalArgumentException("Calibration needs at least 1 bin, got " + bins);
    }
    var counts = new int[bins];
    var sums = new double[bins];
    var hits = new int[bins];
    for (int i = 0; i < right.length; i++) {
      if (!(confidences[i] >= 0 && confidences[i] <= 1)) {
        throw new IllegalArgumentException(
            "The confidence of example " + i + " is " + confidences[i] + ", must be 0 to 1");
      }
      int bin = bin(confidences[i], bins);
      counts[bin]++;
      sums[bin] += confidences[i];
      hits[bin] += right[i] ? 1 : 0;
    }
    var list = new ArrayList<Bin>();
    for (int b = 0; b < bins; b++) {
      list.add(
          new Bin(
              (double) b / bins,
              (double) (b + 1) / bins,
              counts[b],
              sums[b] / counts[b],
              (double) hits[b] / counts[b]));
    }
    return new Calibration(list);
  }

  /** The bin whose bounds are compared as doubles, as the definition says. */
  private static int bin(double confidence, int bins) {
    int bin = Math.clamp((long) Math.ceil(confidence * bins) - 1, 0, bins - 1);
    while (bin > 0 && confidence <= (double) bin / bins) {
      bin--;
    }
    while (bin < bins - 1 && confidence > (double) (bin + 1) / bins) {
      bin++;
    }
    return bin;
  }

  /** The expected calibration error, 0 to 1. */
  public double expectedError() {
    double sum = 0;
    int all = 0;
    for (var bin : bins) {
      if (bin.count > 0) {
        sum += bin.count * Math.abs(bin.accuracy - bin.confidence);
        all += bin.count;
      }
    }
    return sum / all;
  }

  /** The largest error of a bin, 0 to 1. */
  public double maximumError() {
    return bins.stream()
        .filter(bin -> bin.count > 0)
        .mapToDouble(bin -> Math.abs(bin.accuracy - bin.confidence))
        .max()
        .orElse(0);
  }
}
