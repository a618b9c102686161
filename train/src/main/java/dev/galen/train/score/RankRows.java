package dev.galen.train.score;

import com.fasterxml.jackson.databind.JsonNode;
import dev.galen.train.chart.MetricCharts;
import dev.galen.train.metrics.Averaging;
import dev.galen.train.metrics.Calibration;
import dev.galen.train.metrics.CurveAverages;
import dev.galen.train.metrics.MultiLabel;
import dev.galen.train.metrics.PrecisionRecallCurve;
import dev.galen.train.metrics.ProbabilityScores;
import dev.galen.train.metrics.RocCurve;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Metrics of scores and probabilities: each row has its true label and a number, or one a class.
 */
final class RankRows {
  private final ScoreRows rows;
  private final Settings settings;
  private final double[] weights;

  private RankRows(ScoreRows rows, Settings settings) {
    this.rows = rows;
    this.settings = settings;
    this.weights = rows.weights();
  }

  private JsonNode first(List<String> names) {
    return rows.rows().getFirst().get(names);
  }

  private boolean isBinary() {
    return !first(ScoreRows.SCORES).isArray();
  }

  /** Whether each row has any number of labels. */
  private boolean isSeveral() {
    return first(ScoreRows.TRUTH).isArray();
  }

  private double[][] table() {
    return rows.rows().stream().map(row -> row.numbers(ScoreRows.SCORES)).toArray(double[][]::new);
  }

  private boolean[][] sets() {
    boolean[][] sets = ClassRows.flags(rows, ScoreRows.TRUTH);
    if (sets == null) {
      throw rows.rows()
          .getFirst()
          .refuse(ScoreRows.TRUTH, first(ScoreRows.TRUTH), "a list of 0 and 1, one for each score");
    }
    return sets;
  }

  private List<String> names() {
    return rows.rows().stream().map(row -> row.label(ScoreRows.TRUTH)).toList();
  }

  /** The classes of the columns: those given, or those that occur. */
  private List<String> classes(int columns) {
    var labels = settings.has("labels") ? settings.list("labels") : Labels.sorted(names());
    if (labels.size() != columns && !settings.has("labels")) {
      // Numbers below the columns say where they stand.
      var numbered = IntStream.range(0, columns).mapToObj(String::valueOf).toList();
      if (numbered.containsAll(labels)) {
        return numbered;
      }
    }
    if (labels.size() != columns) {
      throw new IllegalArgumentException(
          ("each row has %d scores, and there are %d labels (%s); --labels must name one for each"
                  + " score")
              .formatted(columns, labels.size(), String.join(", ", labels)));
    }
    return labels;
  }

  private int[] truth(List<String> classes) {
    var names = names();
    var truth = new int[names.size()];
    for (int i = 0; i < truth.length; i++) {
      truth[i] = classes.indexOf(names.get(i));
      if (truth[i] < 0) {
        var row = rows.rows().get(i);
        throw row.refuse(
            ScoreRows.TRUTH, row.get(ScoreRows.TRUTH), "one of " + String.join(", ", classes));
      }
    }
    return truth;
  }

  private boolean[][] oneHot(int[] truth, int classes) {
    var table = new boolean[truth.length][classes];
    for (int i = 0; i < truth.length; i++) {
      table[i][truth[i]] = true;
    }
    return table;
  }

  /** Which rows are positive: those of {@code --pos-label}, or of the greater of two labels. */
  private boolean[] positive() {
    var names = names();
    var labels = Labels.sorted(names);
    if (labels.size() > 2) {
      throw new IllegalArgumentException(
          "there are %d labels (%s) for one score a row; each row needs a score for each label"
              .formatted(labels.size(), String.join(", ", labels)));
    }
    boolean numbers = List.of("0", "1", "-1").containsAll(labels);
    String positive = settings.text("pos-label", numbers ? "1" : labels.getLast());
    if (labels.size() == 2 && !labels.contains(positive)) {
      throw new IllegalArgumentException(
          "--pos-label is %s, must be %s".formatted(positive, String.join(" or ", labels)));
    }
    var flags = new boolean[names.size()];
    for (int i = 0; i < flags.length; i++) {
      flags[i] = names.get(i).equals(positive);
    }
    return flags;
  }

  private double[] scores() {
    return isBinary()
        ? rows.numbers(ScoreRows.SCORES)
        : Arrays.stream(table()).mapToDouble(row -> row[row.length - 1]).toArray();
  }

  /** One score a row, or two of which the second is that of the positive class. */
  private boolean isOfOne() {
    return isBinary()
        || !isSeveral()
            && first(ScoreRows.SCORES).size() <= 2
            && Labels.sorted(names()).size() <= 2;
  }

  static Report rocAuc(ScoreRows rows, Settings settings) {
    var own = new RankRows(rows, settings);
    if (own.isOfOne()) {
      boolean[] positive = own.positive();
      if (RocCurve.area(positive, own.scores(), own.weights).isEmpty()) {
        return Report.empty().put("score", Double.NaN);
      }
      var curve = RocCurve.of(positive, own.scores(), own.weights, false);
      return Report.empty()
          .put("score", curve.area(settings.number("max-fpr", 1)))
          .with(MetricCharts.roc(curve));
    }
    String way = settings.text("multi-class", "ovr");
    if (!List.of("ovr", "ovo").contains(way)) {
      throw new IllegalArgumentException("--multi-class is %s, must be ovr or ovo".formatted(way));
    }
    double[][] scores = own.table();
    boolean[][] sets =
        own.isSeveral()
            ? own.sets()
            : own.oneHot(own.truth(own.classes(scores[0].length)), scores[0].length);
    if (settings.text("average", "macro").equals("none")) {
      return Report.empty().put("score", CurveAverages.rocAreas(sets, scores, own.weights));
    }
    var averaging = settings.as("average", "macro", Averaging::named);
    if (way.equals("ovo") && !own.isSeveral()) {
      return Report.empty().put("score", own.oneVersusOne(scores, averaging));
    }
    return Report.empty().put("score", CurveAverages.rocArea(sets, scores, own.weights, averaging));
  }

  /** Over pairs of the classes that occur. */
  private double oneVersusOne(double[][] scores, Averaging averaging) {
    if (averaging == Averaging.MICRO || averaging == Averaging.SAMPLES || weights != null) {
      throw new IllegalArgumentException(
          "--multi-class ovo has the averages macro and weighted, and no weights of rows");
    }
    int[] truth = truth(classes(scores[0].length));
    int[] present = Arrays.stream(truth).distinct().sorted().toArray();
    var columns = new double[scores.length][present.length];
    var places = new int[truth.length];
    for (int i = 0; i < truth.length; i++) {
      places[i] = Arrays.binarySearch(present, truth[i]);
      for (int k = 0; k < present.length; k++) {
        columns[i][k] = scores[i][present[k]];
      }
    }
    if (present.length < 2) {
      return Double.NaN;
    }
    return RocCurve.oneVersusOne(places, columns, RocCurve.Average.valueOf(averaging.name()))
        .orElse(Double.NaN);
  }

  static Report rocCurve(ScoreRows rows, Settings settings) {
    var own = new RankRows(rows, settings);
    var curve =
        RocCurve.of(own.positive(), own.scores(), own.weights, !settings.flag("keep-intermediate"));
    var points = curve.points();
    return Report.empty()
        .put("auc", curve.area())
        .put("fpr", points.stream().mapToDouble(RocCurve.Point::falsePositiveRate).toArray())
        .put("tpr", points.stream().mapToDouble(RocCurve.Point::truePositiveRate).toArray())
        .put("thresholds", points.stream().mapToDouble(RocCurve.Point::threshold).toArray())
        .with(MetricCharts.roc(curve));
  }

  static Report averagePrecision(ScoreRows rows, Settings settings) {
    var own = new RankRows(rows, settings);
    if (own.isOfOne()) {
      return Report.empty()
          .put(
              "score",
              PrecisionRecallCurve.averagePrecision(own.positive(), own.scores(), own.weights));
    }
    double[][] scores = own.table();
    int columns = scores[0].length;
    boolean[][] sets =
        own.isSeveral() ? own.sets() : own.oneHot(own.truth(own.classes(columns)), columns);
    if (settings.text("average", "macro").equals("none")) {
      return Report.empty()
          .put("score", CurveAverages.averagePrecisions(sets, scores, own.weights));
    }
    var averaging = settings.as("average", "macro", Averaging::named);
    return Report.empty()
        .put("score", CurveAverages.averagePrecision(sets, scores, own.weights, averaging));
  }

  static Report precisionRecall(ScoreRows rows, Settings settings) {
    var own = new RankRows(rows, settings);
    var curve =
        PrecisionRecallCurve.of(
            own.positive(), own.scores(), own.weights, settings.flag("drop-intermediate"));
    var points = curve.points();
    return Report.empty()
        .put("average_precision", curve.averagePrecision())
        .put(
            "precision",
            points.stream().mapToDouble(PrecisionRecallCurve.Point::precision).toArray())
        .put("recall", points.stream().mapToDouble(PrecisionRecallCurve.Point::recall).toArray())
        .put(
            "thresholds",
            points.stream()
                .limit(points.size() - 1L)
                .mapToDouble(PrecisionRecallCurve.Point::threshold)
                .toArray())
        .with(MetricCharts.precisionRecall(curve));
  }

  /** Probabilities of each class, and the place of the true one. */
  private record Classified(int[] truth, double[][] probabilities) {}

  private Classified classified() {
    if (isBinary()) {
      boolean[] positive = positive();
      int[] truth = IntStream.range(0, positive.length).map(i -> positive[i] ? 1 : 0).toArray();
      return new Classified(truth, ProbabilityScores.ofBinary(rows.numbers(ScoreRows.SCORES)));
    }
    double[][] probabilities = table();
    return new Classified(truth(classes(probabilities[0].length)), probabilities);
  }

  static Report brier(ScoreRows rows, Settings settings) {
    var own = new RankRows(rows, settings);
    var data = own.classified();
    boolean half =
        switch (settings.text("scale-by-half", "auto")) {
          case "auto" -> data.probabilities[0].length < 3;
          case "true" -> true;
          case "false" -> false;
          default ->
              throw new IllegalArgumentException(
                  "--scale-by-half is %s, must be auto, true or false"
                      .formatted(settings.text("scale-by-half", "")));
        };
    return Report.empty()
        .put("score", ProbabilityScores.brier(data.truth, data.probabilities, own.weights, half));
  }

  static Report logLoss(ScoreRows rows, Settings settings) {
    var own = new RankRows(rows, settings);
    var data = own.classified();
    return Report.empty()
        .put(
            "score",
            ProbabilityScores.logLoss(
                data.truth, data.probabilities, own.weights, settings.flag("sum")));
  }

  static Report calibration(ScoreRows rows, Settings settings) {
    var data = new RankRows(rows, settings).classified();
    var calibration = Calibration.of(data.truth, data.probabilities, settings.whole("bins", 10, 1));
    var bins = calibration.bins();
    return Report.empty()
        .put("score", calibration.expectedError())
        .put("maximum_error", calibration.maximumError())
        .put("counts", bins.stream().mapToDouble(Calibration.Bin::count).toArray())
        .put("confidences", bins.stream().mapToDouble(Calibration.Bin::confidence).toArray())
        .put("accuracies", bins.stream().mapToDouble(Calibration.Bin::accuracy).toArray())
        .with(MetricCharts.reliability(calibration));
  }

  static Report topK(ScoreRows rows, Settings settings) {
    var own = new RankRows(rows, settings);
    var data = own.classified();
    int k = settings.whole("k", 2, 1);
    return Report.empty()
        .put("score", MultiLabel.topK(data.truth, data.probabilities, k, own.weights));
  }

  static Report labelRanking(ScoreRows rows, Settings settings) {
    var own = new RankRows(rows, settings);
    return Report.empty()
        .put("score", MultiLabel.rankingPrecision(own.sets(), own.table(), own.weights));
  }
}
