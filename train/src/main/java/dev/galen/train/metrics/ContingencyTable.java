package dev.galen.train.metrics;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;

/**
 * How often which label goes with which, with weights, and what says how well two labellings agree:
 * accuracy, balanced accuracy, Matthews' correlation, Cohen's kappa, as scikit-learn has them.
 * {@link ConfusionMatrix} is the same for whole counts and all classes known.
 *
 * @param cells a row for each true label, a column for each predicted one
 */
@SuppressWarnings("ArrayRecordComponent") // Carried, never compared.
public record ContingencyTable(double[][] cells) {

  /** What a cell is divided by. */
  public enum Normalization {
    /** The sum of its row: shares of the true label. */
    TRUE,
    /** The sum of its column: shares of the prediction. */
    PRED,
    /** The sum of all. */
    ALL
  }

  /** How far apart two labels are for {@link ContingencyTable#kappa}. */
  public enum Distance {
    /** One, whichever they are. */
    NONE,
    /** The difference of their places. */
    LINEAR,
    /** Its square. */
    QUADRATIC
  }

  /**
   * Counts examples whose two labels are both among {@code labels}; others do not count.
   *
   * @param truth the label of each example, at least one
   * @param predicted the label predicted for each example
   * @param labels the order of rows and columns
   * @param weights of the examples, or null for 1 each
   */
  public static <L> ContingencyTable of(
      List<L> truth, List<L> predicted, List<L> labels, double[] weights) {
    Weighted.requireExamples("A confusion matrix", truth.size(), predicted.size(), weights);
    var numbers = new HashMap<L, Integer>();
    labels.forEach(label -> numbers.put(label, numbers.size()));
    if (numbers.size() != labels.size() || labels.isEmpty()) {
      throw new IllegalArgumentException(
          "the labels must be different and at least one, got " + labels);
    }
    if (truth.stream().noneMatch(numbers::containsKey)) {
      throw new IllegalArgumentException(
          "none of the labels " + labels + " is the true label of an example");
    }
    var cells = new double[labels.size()][labels.size()];
    for (int i = 0; i < truth.size(); i++) {
      Integer is = numbers.get(truth.get(i));
      Integer said = numbers.get(predicted.get(i));
      if (is != null && said != null) {
        cells[is][said] += Weighted.of(weights, i);
      }
    }
    return new ContingencyTable(cells);
  }

  /** The cells as shares; a row, column or table without an example stays 0. */
  public double[][] normalized(Normalization normalization) {
    double[] rows = rows();
    double[] columns = columns();
    double all = Arrays.stream(rows).sum();
    var shares = new double[cells.length][cells.length];
    for (int t = 0; t < cells.length; t++) {
      for (int p = 0; p < cells.length; p++) {
        double whole =
            switch (normalization) {
              case TRUE -> rows[t];
              case PRED -> columns[p];
              case ALL -> all;
            };
        shares[t][p] = whole == 0 ? 0 : cells[t][p] / whole;
      }
    }
    return shares;
  }

  /** The share on the diagonal. */
  public double accuracy() {
    return diagonal() / Arrays.stream(rows()).sum();
  }

  /**
   * The mean recall of the labels that occur (Brodersen, Ong, Stephan and Buhmann, 2010).
   *
   * @param adjusted whether guessing counts as 0: (b - 1/k) / (1 - 1/k) for k labels that occur
   */
  public double balancedAccuracy(boolean adjusted) {
    double[] rows = rows();
    double sum = 0;
    int labels = 0;
    for (int t = 0; t < cells.length; t++) {
      if (rows[t] > 0) {
        sum += cells[t][t] / rows[t];
        labels++;
      }
    }
    double balanced = sum / labels;
    double chance = 1.0 / labels;
    return adjusted ? (balanced - chance) / (1 - chance) : balanced;
  }

  /**
   * Matthews' correlation of several classes, -1 to 1 (Gorodkin, "Comparing two K-category
   * assignments by a K-category correlation coefficient", 2004): the covariance of both labellings
   * divided by the root of their variances, 0 where one of them is constant.
   */
  public double matthews() {
    double[] rows = rows();
    double[] columns = columns();
    double all = Arrays.stream(rows).sum();
    double both = diagonal() * all - product(rows, columns);
    double spread = (all * all - product(columns, columns)) * (all * all - product(rows, rows));
    return spread == 0 ? 0 : both / Math.sqrt(spread);
  }

  /**
   * Cohen's kappa: 1 - Σ w o / Σ w e, where o are the cells, e what they would be by chance, and w
   * the distance of two labels, 0 on the diagonal (Cohen, 1960 and 1968); NaN where chance alone
   * would agree wholly.
   */
  public double kappa(Distance distance) {
    double[] rows = rows();
    double[] columns = columns();
    double all = Arrays.stream(rows).sum();
    double observed = 0;
    double expected = 0;
    for (int t = 0; t < cells.length; t++) {
      for (int p = 0; p < cells.length; p++) {
        int apart = Math.abs(t - p);
        double weight =
            switch (distance) {
              case NONE -> apart == 0 ? 0 : 1;
              case LINEAR -> apart;
              case QUADRATIC -> (double) apart * apart;
            };
        observed += weight * cells[t][p];
        expected += weight * (columns[t] * rows[p] / all);
      }
    }
    return all == 0 || expected == 0 ? Double.NaN : 1 - observed / expected;
  }

  private double diagonal() {
    double sum = 0;
    for (int k = 0; k < cells.length; k++) {
      sum += cells[k][k];
    }
    return sum;
  }

  private double[] rows() {
    return Arrays.stream(cells).mapToDouble(row -> Arrays.stream(row).sum()).toArray();
  }

  private double[] columns() {
    var sums = new double[cells.length];
    for (var row : cells) {
      for (int p = 0; p < sums.length; p++) {
        sums[p] += row[p];
      }
    }
    return sums;
  }

  private static double product(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
