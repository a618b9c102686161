package dev.galen.train.metrics;

import java.util.ArrayList;
import java.util.List;

/**
 * Precision and recall of a binary classifier for every threshold that makes a difference, and the
 * average precision: the sum of the precisions, each weighing the recall that its threshold adds
 * (Manning, Raghavan and Schütze, "Introduction to Information Retrieval", 2008), as scikit-learn
 * computes them. Nothing is interpolated.
 *
 * @param points thresholds rising; the last one is (1, 0) by definition and has the threshold
 *     infinity, which scikit-learn leaves out
 */
public record PrecisionRecallCurve(List<Point> points) {

  /**
   * One threshold.
   *
   * @param threshold examples that score this or more are called positive
   * @param precision the share of positives among them
   * @param recall their share of the positives; 1 where there are no positives
   */
  public record Point(double threshold, double precision, double recall) {}

  /** Copies the list. */
  public PrecisionRecallCurve {
    points = List.copyOf(points);
  }

  /**
   * The curve.
   *
   * @param positive whether each example is positive; at least one example
   * @param scores how positive the classifier takes each example to be
   * @param weights of the examples, or null for 1 each
   * @param dropIntermediate leaves out thresholds between others of the same recall
   */
  public static PrecisionRecallCurve of(
      boolean[] positive, double[] scores, double[] weights, boolean dropIntermediate) {
    var all = Thresholds.of(positive, scores, weights);
    var thresholds = dropIntermediate ? all.withoutVerticals() : all;
    double positives = thresholds.positives();
    var points = new ArrayList<Point>();
    for (int i = thresholds.values().length - 1; i >= 0; i--) {
      double hits = thresholds.truePositives()[i];
      double called = hits + thresholds.falsePositives()[i];
      points.add(
          new Point(
              thresholds.values()[i],
              called == 0 ? 0 : hits / called,
              positives == 0 ? 1 : hits / positives));
    }
    points.add(new Point(Double.POSITIVE_INFINITY, 1, 0));
    return new PrecisionRecallCurve(points);
  }

  /** Σ (R<sub>n</sub> - R<sub>n+1</sub>) P<sub>n</sub>, 0 to 1. */
  public double averagePrecision() {
    double sum = 0;
    for (int i = 0; i + 1 < points.size(); i++) {
      sum += (points.get(i).recall - points.get(i + 1).recall) * points.get(i).precision;
    }
    return Math.max(0, sum);
  }

  /** The average precision of a binary classifier. */
  public static double averagePrecision(boolean[] positive, double[] scores, double[] weights) {
    return of(positive, scores, weights, false).averagePrecision();
  }
}
