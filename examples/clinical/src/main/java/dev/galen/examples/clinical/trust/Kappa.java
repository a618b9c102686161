package dev.galen.examples.clinical.trust;

import dev.galen.train.metrics.ContingencyTable;
import dev.galen.train.metrics.ContingencyTable.Distance;
import dev.galen.train.metrics.Significance.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * How far two annotators agree beyond chance (Cohen: "A coefficient of agreement for nominal
 * scales", 1960): kappa = (po - pe) / (1 - pe), with po the share of items that both label the same
 * and pe the share that they would by chance.
 *
 * @param labels all labels that either has given, in order
 * @param table {@code [first, second]}, how often
 * @param kappa at most 1; NaN where both gave one and the same label throughout
 * @param error its standard error (Fleiss, Cohen, Everitt: "Large sample standard errors of kappa
 *     and weighted kappa", 1969)
 */
public record Kappa(List<String> labels, ContingencyTable table, double kappa, double error) {
  /** The normal quantile of a 95% interval. */
  private static final double Z = 1.959963984540054;

  /** Copies the list. */
  public Kappa {
    labels = List.copyOf(labels);
  }

  /**
   * The agreement of two lists of labels.
   *
   * @param first the label of each item by one annotator; at least one
   * @param second as many by the other
   */
  public static Kappa of(List<String> first, List<String> second) {
    if (first.size() != second.size() || first.isEmpty()) {
      throw new IllegalArgumentException(
          "kappa needs as many labels of both annotators, and at least one, got %d and %d"
              .formatted(first.size(), second.size()));
    }
    var all = new TreeSet<>(first);
    all.addAll(second);
    List<String> labels = new ArrayList<>(all);
    var table = ContingencyTable.of(first, second, labels, null);
    double kappa = table.kappa(Distance.NONE);
    return new Kappa(labels, table, kappa, error(table.cells(), kappa, first.size()));
  }

  private static double error(double[][] cells, double kappa, int items) {
    int k = cells.length;
    var rows = new double[k];
    var columns = new double[k];
    for (int i = 0; i < k; i++) {
      for (int j = 0; j < k; j++) {
        rows[i] += cells[i][j] / items;
        columns[j] += cells[i][j] / items;
      }
    }
    double expected = 0;
    double same = 0;
    double other = 0;
    for (int i = 0; i < k; i++) {
      expected += rows[i] * columns[i];
      double diagonal = 1 - (rows[i] + columns[i]) * (1 - kappa);
      same += cells[i][i] / items * diagonal * diagonal;
      for (int j = 0; j < k; j++) {
        if (i != j) {
          double both = columns[i] + rows[j];
          other += cells[i][j] / items * both * both;
        }
      }
    }
    double chance = kappa - expected * (1 - kappa);
    double variance = same + (1 - kappa) * (1 - kappa) * other - chance * chance;
    return Math.sqrt(Math.max(0, variance) / items) / (1 - expected);
  }

  /** A 95% interval of kappa by its standard error, cut at 1. */
  public Interval interval() {
    return new Interval(kappa - Z * error, Math.min(1, kappa + Z * error));
  }

  /** How many items both have labelled. */
  public long items() {
    double sum = 0;
    for (double[] row : table.cells()) {
      for (double cell : row) {
        sum += cell;
      }
    }
    return Math.round(sum);
  }

  /** How many of them have the same label twice. */
  public long agreed() {
    double sum = 0;
    for (int i = 0; i < labels.size(); i++) {
      sum += table.cells()[i][i];
    }
    return Math.round(sum);
  }

  /**
   * Agreement on one label: 2 a / (first + second), with a the items that both gave it and the
   * other two how often each did (Dice, 1945); NaN for a label that neither gave.
   */
  public double agreementOn(int label) {
    double given = 0;
    for (int i = 0; i < labels.size(); i++) {
      given += table.cells()[label][i] + table.cells()[i][label];
    }
    return 2 * table.cells()[label][label] / given;
  }

  /**
   * The word for kappa (Landis, Koch: "The measurement of observer agreement for categorical data",
   * 1977).
   */
  public String word() {
    if (Double.isNaN(kappa)) {
      return "not defined";
    }
    if (kappa < 0) {
      return "poor";
    }
    return kappa <= 0.2
        ? "slight"
        : kappa <= 0.4
            ? "fair"
            : kappa <= 0.6 ? "moderate" : kappa <= 0.8 ? "substantial" : "almost perfect";
  }
}
