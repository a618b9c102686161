package dev.galen.train.metrics;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * How often which class was predicted for which, and the scores that follow: accuracy, precision,
 * recall and F1, equal to scikit-learn's with all classes given as its {@code labels}. Classes are
 * numbered from 0; one that never occurs counts in the macro average too.
 *
 * <p>Where a score is 0 / 0 (precision of a class never predicted, recall of one that never occurs,
 * F1 of one that does neither) it is {@code zeroDivision}: 0 or 1, or NaN, which averages leave
 * out.
 */
public final class ConfusionMatrix {

  private final long[][] counts;
  private final long[] occurred;
  private final long[] predicted;
  private final long total;
  private final long correct;

  /**
   * Scores of one class, or an average over classes.
   *
   * @param precision correct / predicted, 0 to 1
   * @param recall correct / occurred, 0 to 1
   * @param f1 2 · correct / (predicted + occurred), the harmonic mean of both; of an average, the
   *     average of the classes' F1
   * @param support how often the class occurred
   */
  public record Scores(double precision, double recall, double f1, long support) {}

  private ConfusionMatrix(long[][] counts) {
    this.counts = counts;
    this.occurred = new long[counts.length];
    this.predicted = new long[counts.length];
    long diagonal = 0;
    for (int t = 0; t < counts.length; t++) {
      diagonal += counts[t][t];
      for (int p = 0; p < counts.length; p++) {
        occurred[t] += counts[t][p];
        predicted[p] += counts[t][p];
      }
    }
    this.total = Arrays.stream(occurred).sum();
    this.correct = diagonal;
  }

  /**
   * Counts numbered classes.
   *
   * @param truth the class of each example, 0 to {@code classes - 1}; at least one example
   * @param predicted the class predicted for each example
   * @param classes the number of classes
   */
  public static ConfusionMatrix of(int[] truth, int[] predicted, int classes) {
    if (classes < 1) {
      throw new IllegalArgumentException("A confusion matrix needs a class, but got " + classes);
    }
    if (truth.length != predicted.length || truth.length == 0) {
      throw new IllegalArgumentException(
          ("A confusion matrix needs a prediction for each example, and at least one, but got"
                  + " %s examples and %s predictions")
              .formatted(truth.length, predicted.length));
    }
    var counts = new long[classes][classes];
    for (int i = 0; i < truth.length; i++) {
      counts[requireClass(truth[i], classes, i)][requireClass(predicted[i], classes, i)]++;
    }
    return new ConfusionMatrix(counts);
  }

  /**
   * Counts named classes.
   *
   * @param truth the label of each example
   * @param predicted the label predicted for each example
   * @param labels all labels; the place in this list is the number of the class
   */
  public static <L> ConfusionMatrix of(List<L> truth, List<L> predicted, List<L> labels) {
    var numbers = new HashMap<L, Integer>();
    for (int k = 0; k < labels.size(); k++) {
      if (numbers.put(labels.get(k), k) != null) {
        throw new IllegalArgumentException("The label " + labels.get(k) + " is listed twice");
      }
    }
    return of(numbered(truth, numbers), numbered(predicted, numbers), labels.size());
  }

  /** The number of classes. */
  public int classes() {
    return counts.length;
  }

  /** How many examples of class {@code truth} were predicted as {@code predicted}. */
  public long count(int truth, int predicted) {
    return counts[requireClass(truth)][requireClass(predicted)];
  }

  /** The share of correct predictions. */
  public double accuracy() {
    return (double) correct / total;
  }

  /** The scores of one class against the rest; of class 1 of two it is the "binary" average. */
  public Scores of(int label, double zeroDivision) {
    requireClass(label);
    requireZeroDivision(zeroDivision);
    return scores(counts[label][label], predicted[label], occurred[label], zeroDivision);
  }

  /** The scores over all predictions together; all three equal the accuracy. */
  public Scores micro() {
    return scores(correct, total, total, 0);
  }

  /** The mean of the classes' scores, each class weighing the same. */
  public Scores macro(double zeroDivision) {
    var weights = new long[counts.length];
    Arrays.fill(weights, 1);
    return average(weights, zeroDivision);
  }

  /** The mean of the classes' scores, each weighing as often as the class occurred. */
  public Scores weighted(double zeroDivision) {
    return average(occurred, zeroDivision);
  }

  private Scores average(long[] weights, double zeroDivision) {
    requireZeroDivision(zeroDivision);
    return new Scores(
        average(weights, zeroDivision, Scores::precision),
        average(weights, zeroDivision, Scores::recall),
        average(weights, zeroDivision, Scores::f1),
        total);
  }

  private double average(long[] weights, double zeroDivision, ToDoubleFunction<Scores> component) {
    double sum = 0;
    long weight = 0;
    for (int k = 0; k < weights.length; k++) {
      double value = component.applyAsDouble(of(k, zeroDivision));
      if (!Double.isNaN(value)) {
        sum += weights[k] * value;
        weight += weights[k];
      }
    }
    return weight == 0 ? Double.NaN : sum / weight;
  }

  private static Scores scores(long hits, long predicted, long occurred, double zeroDivision) {
    return new Scores(
        ratio(hits, predicted, zeroDivision),
        ratio(hits, occurred, zeroDivision),
        ratio(2 * hits, predicted + occurred, zeroDivision),
        occurred);
  }

  private static double ratio(long part, long whole, double zeroDivision) {
    return whole == 0 ? zeroDivision : (double) part / whole;
  }

  private static <L> int[] numbered(List<L> labels, Map<L, Integer> numbers) {
    var classes = new int[labels.size()];
    for (int i = 0; i < classes.length; i++) {
      var number = numbers.get(labels.get(i));
      if (number == null) {
        throw new IllegalArgumentException(
            "Example %s has the label %s, which is none of %s"
                .formatted(i, labels.get(i), numbers.keySet()));
      }
      classes[i] = number;
    }
    return classes;
  }

  private static void requireZeroDivision(double value) {
    if (value != 0 && value != 1 && !Double.isNaN(value)) {
      throw new IllegalArgumentException("zeroDivision must be 0, 1 or NaN, got " + value);
    }
  }

  private int requireClass(int label) {
    if (label < 0 || label >= counts.length) {
      throw new IllegalArgumentException(
          "There is no class " + label + "; classes are 0 to " + (counts.length - 1));
    }
    return label;
  }

  private static int requireClass(int label, int classes, int example) {
    if (label < 0 || label >= classes) {
      throw new IllegalArgumentException(
          "Example " + example + " has class " + label + "; classes are 0 to " + (classes - 1));
    }
    return label;
  }
}
