package dev.galen.examples.clinical.trust;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * Integrated gradients (Sundararajan, Taly, Yan: "Axiomatic attribution for deep networks", 2017,
 * arXiv 1703.01365). With x the text's embeddings and x' the baseline's, a token's attribution is
 *
 * <pre>
 * {@code sum over its channels of (x - x') * integral from 0 to 1 of dF/dx (x' + a (x - x')) da}
 * </pre>
 *
 * <p>By the axiom of completeness all attributions sum up to F(x) - F(x'). The integral is a
 * Riemann sum at the midpoints of n steps, which are equal at first; n is trebled until the sum is
 * complete within the tolerance. Where {@link #MOST_EQUAL_STEPS} are not enough, steps that grow
 * from the baseline on by a constant factor take their place: a model that normalises without a
 * bias changes most within a millionth of the way from a vector of zeros.
 */
public final class IntegratedGradients {
  /** Steps at first. */
  public static final int FIRST_STEPS = 16;

  /** Equal steps at most. */
  public static final int MOST_EQUAL_STEPS = 432;

  /** Growing steps at most. */
  public static final int MOST_STEPS = 3888;

  /** The share of the difference of outputs that the sum may miss. */
  public static final double TOLERANCE = 0.01;

  /** What the sum may miss where the difference is small, in units of the output. */
  public static final double LEAST_TOLERANCE = 1e-3;

  /** The last growing step is longer than the first by about this factor. */
  private static final double GROWTH = 1e9;

  private final EmbeddingFunction function;
  private final float[] x;
  private final float[] baseline;
  private final double[] ends;
  private int evaluations = 2;

  private IntegratedGradients(EmbeddingFunction function, float[] x, float[] baseline) {
    this.function = function;
    this.x = x;
    this.baseline = baseline;
    ends = function.values(new float[][] {x, baseline});
  }

  /**
   * The attributions of a function at a point.
   *
   * @param x {@code [T C]}
   * @param baseline {@code [T C]}; a token whose vectors are equal in both has attribution 0
   * @return complete within {@link #TOLERANCE} or {@link #LEAST_TOLERANCE}, the greater of the two,
   *     unless {@link #MOST_STEPS} were too few; {@link Attribution#isComplete} tells
   */
  public static Attribution of(EmbeddingFunction function, float[] x, float[] baseline) {
    int size = function.tokens() * function.channels();
    if (x.length != size || baseline.length != size) {
      throw new IllegalArgumentException(
          "the text has %d numbers and the baseline %d, must both have %d tokens x %d channels"
              .formatted(x.length, baseline.length, function.tokens(), function.channels()));
    }
    var integral = new IntegratedGradients(function, x, baseline);
    Attribution best = integral.refined(FIRST_STEPS, MOST_EQUAL_STEPS, edge -> edge);
    if (best.isComplete()) {
      return best;
    }
    Attribution growing =
        integral.refined(
            MOST_EQUAL_STEPS, MOST_STEPS, edge -> (Math.pow(GROWTH, edge) - 1) / (GROWTH - 1));
    return growing.gap() < best.gap() ? growing : integral.counted(best.weights());
  }

  /**
   * The sum with ever more steps, until it is complete.
   *
   * @param edges where along the way the share of the steps ends, both from 0 to 1
   */
  private Attribution refined(int first, int most, DoubleUnaryOperator edges) {
    Attribution attribution = null;
    for (int steps = first; steps <= most; steps *= 3) {
      attribution = counted(weights(gradients(steps, edges)));
      if (attribution.isComplete()) {
        break;
      }
    }
    return attribution;
  }

  private Attribution counted(double[] weights) {
    double tolerance = Math.max(TOLERANCE * Math.abs(ends[0] - ends[1]), LEAST_TOLERANCE);
    return new Attribution(weights, null, ends[0], ends[1], evaluations, tolerance);
  }

  /** The integral of the gradients, {@code [T C]}. */
  private double[] gradients(int steps, DoubleUnaryOperator edges) {
    var sums = new double[x.length];
    for (int from = 0; from < steps; from += function.batch()) {
      int to = Math.min(from + function.batch(), steps);
      var points = new float[to - from][];
      var widths = new double[to - from];
      for (int i = from; i < to; i++) {
        double begin = edges.applyAsDouble((double) i / steps);
        double end = edges.applyAsDouble((i + 1.0) / steps);
        points[i - from] = between((begin + end) / 2);
        widths[i - from] = end - begin;
      }
      float[][] gradients = function.slopes(points).gradients();
      for (int i = 0; i < points.length; i++) {
        for (int k = 0; k < sums.length; k++) {
          sums[k] += widths[i] * gradients[i][k];
        }
      }
    }
    evaluations += steps;
    return sums;
  }

  private float[] between(double share) {
    var point = new float[x.length];
    for (int k = 0; k < x.length; k++) {
      point[k] = (float) (baseline[k] + share * ((double) x[k] - baseline[k]));
    }
    return point;
  }

  private double[] weights(double[] gradients) {
    var weights = new double[function.tokens()];
    Arrays.setAll(
        weights,
        t -> {
          double weight = 0;
          for (int c = 0; c < function.channels(); c++) {
            int k = t * function.channels() + c;
            weight += ((double) x[k] - baseline[k]) * gradients[k];
          }
          return weight;
        });
    return weights;
  }
}
