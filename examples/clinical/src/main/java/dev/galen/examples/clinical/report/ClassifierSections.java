package dev.galen.examples.clinical.report;

import dev.galen.train.chart.MetricCharts;
import dev.galen.train.metrics.Calibration;
import dev.galen.train.metrics.ConfusionMatrix;
import dev.galen.train.metrics.ProbabilityScores;
import dev.galen.train.metrics.RocCurve;
import dev.galen.train.metrics.Significance;
import dev.galen.train.metrics.Significance.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** What a classifier's predictions come to: figures with their intervals, and pictures. */
public final class ClassifierSections {
  private static final double CONFIDENCE = 0.95;
  private static final int SAMPLES = 1000;
  private static final int BINS = 10;

  private ClassifierSections() {}

  /**
   * The sections of predictions with probabilities: figures, confusion matrix, ROC curves,
   * calibration. The class of the largest probability is what was predicted.
   *
   * @param names of the classes
   * @param truth the class of each example, from 0
   * @param probabilities {@code [examples, classes]}
   */
  public static List<Section> of(List<String> names, int[] truth, double[][] probabilities) {
    int[] predicted = likeliest(probabilities);
    var sections = new ArrayList<>(of(names, truth, predicted));
    roc(names, truth, probabilities).ifPresent(sections::add);
    sections.add(calibration(truth, probabilities));
    return sections;
  }

  /**
   * The sections of predictions alone: figures and confusion matrix.
   *
   * @param names of the classes
   * @param truth the class of each example, from 0
   * @param predicted the class predicted for each example
   */
  public static List<Section> of(List<String> names, int[] truth, int[] predicted) {
    var matrix = ConfusionMatrix.of(truth, predicted, names.size());
    return List.of(figures(names, truth, predicted, matrix), confusion(names, matrix));
  }

  /** The class of the largest probability of each example, of equal ones the first. */
  public static int[] likeliest(double[][] probabilities) {
    var predicted = new int[probabilities.length];
    for (int i = 0; i < predicted.length; i++) {
      for (int k = 1; k < probabilities[i].length; k++) {
        predicted[i] = probabilities[i][k] > probabilities[i][predicted[i]] ? k : predicted[i];
      }
    }
    return predicted;
  }

  private static Section figures(
      List<String> names, int[] truth, int[] predicted, ConfusionMatrix matrix) {
    int right =
        (int) IntStream.range(0, truth.length).filter(i -> truth[i] == predicted[i]).count();
    Interval accuracy = Significance.wilson(right, truth.length, CONFIDENCE);
    Interval macro = macroInterval(truth, predicted, names.size());
    var figures =
        Table.of(
            "Over %s examples; 95%% intervals: Wilson's of accuracy, the bootstrap's of macro-F1"
                .formatted(Numbers.text(truth.length)),
            "figure",
            "value",
            "from",
            "to");
    figures.row("accuracy", matrix.accuracy(), accuracy.low(), accuracy.high());
    figures.row("macro-F1", macroF1(matrix), macro.low(), macro.high());
    var classes =
        Table.of("By class", "class", "precision", "recall", "F1", "examples", "predicted");
    for (int k = 0; k < names.size(); k++) {
      int label = k;
      var scores = matrix.of(k, 0);
      classes.row(
          names.get(k),
          scores.precision(),
          scores.recall(),
          scores.f1(),
          scores.support(),
          Arrays.stream(predicted).filter(p -> p == label).count());
    }
    return new Section("Figures", figures.build(), classes.build());
  }

  /** Over the classes that occur, in truth or as predicted, as scikit-learn has it. */
  private static double macroF1(ConfusionMatrix matrix) {
    return matrix.macro(Double.NaN).f1();
  }

  private static Interval macroInterval(int[] truth, int[] predicted, int classes) {
    return Significance.bootstrap(
            truth.length,
            drawn -> 0,
            drawn ->
                macroF1(
                    ConfusionMatrix.of(
                        Arrays.stream(drawn).map(i -> truth[i]).toArray(),
                        Arrays.stream(drawn).map(i -> predicted[i]).toArray(),
                        classes)),
            SAMPLES,
            0,
            CONFIDENCE)
        .interval();
  }

  private static Section confusion(List<String> names, ConfusionMatrix matrix) {
    var columns = new ArrayList<String>(List.of("truth"));
    names.forEach(name -> columns.add("predicted " + name));
    var table = Table.of("Confusion matrix", columns.toArray(String[]::new));
    for (int t = 0; t < names.size(); t++) {
      int truth = t;
      var row = new ArrayList<Object>(List.of(names.get(t)));
      IntStream.range(0, names.size()).forEach(p -> row.add(matrix.count(truth, p)));
      table.row(row.toArray());
    }
    return new Section(
        "Confusion matrix",
        new Figure(
            "Rows are what is true, columns what was predicted.",
            MetricCharts.confusion(matrix, names),
            table.build()));
  }

  /** Absent where no class both occurs and is absent from an example. */
  private static Optional<Section> roc(List<String> names, int[] truth, double[][] probabilities) {
    var curves = new LinkedHashMap<String, RocCurve>();
    var table = Table.of("Area under the ROC curve", "class against the rest", "area");
    for (int k = 0; k < names.size(); k++) {
      int label = k;
      var positive = new boolean[truth.length];
      for (int i = 0; i < truth.length; i++) {
        positive[i] = truth[i] == label;
      }
      double[] scores = Arrays.stream(probabilities).mapToDouble(p -> p[label]).toArray();
      if (RocCurve.area(positive, scores).isPresent()) {
        var curve = RocCurve.of(positive, scores);
        curves.put(names.get(k), curve);
        table.row(names.get(k), curve.area());
      } else {
        table.row(names.get(k), Double.NaN);
      }
    }
    return curves.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Section(
                "ROC",
                new Figure(
                    "Each class against the rest; the diagonal is what guesses reach.",
                    MetricCharts.roc(curves),
                    table.build())));
  }

  private static Section calibration(int[] truth, double[][] probabilities) {
    var calibration = Calibration.of(truth, probabilities, BINS);
    var table =
        Table.of(
            "Answers by confidence", "from", "to", "answers", "mean confidence", "share right");
    for (var bin : calibration.bins()) {
      table.row(bin.from(), bin.to(), bin.count(), bin.confidence(), bin.accuracy());
    }
    var scores = Table.of("Probabilities", "figure", "value");
    scores.row("expected calibration error", calibration.expectedError());
    scores.row("largest error of a bin", calibration.maximumError());
    scores.row("log loss (nats)", ProbabilityScores.logLoss(truth, probabilities, null, false));
    scores.row(
        "Brier score, all classes", ProbabilityScores.brier(truth, probabilities, null, false));
    return new Section(
        "Calibration",
        new Paragraph(
            "Of a calibrated model's answers with confidence 0.8 four of five are right."),
        new Figure(
            "Answers in bins of equal width by the confidence in them.",
            MetricCharts.reliability(calibration),
            table.build()),
        scores.build());
  }
}
