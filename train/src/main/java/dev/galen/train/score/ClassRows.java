package dev.galen.train.score;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.train.metrics.Averaging;
import dev.galen.train.metrics.ClassScores;
import dev.galen.train.metrics.ContingencyTable;
import dev.galen.train.metrics.EntityScheme;
import dev.galen.train.metrics.EntityScores;
import dev.galen.train.metrics.MultiLabel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/** Metrics of classes: each row has its true label and the predicted one, or lists of labels. */
final class ClassRows {
  private ClassRows() {}

  /** What the rows hold. */
  private static final class Data {
    private final double[] weights;
    private final boolean several;
    private final List<String> truth;
    private final List<String> predicted;
    private List<String> labels;
    private boolean[][] sets;
    private boolean[][] said;

    Data(ScoreRows rows, Settings settings) {
      weights = rows.weights();
      several = isSeveral(rows);
      if (several) {
        truth = List.of();
        predicted = List.of();
        severalLabels(rows, settings);
      } else {
        truth = rows.rows().stream().map(row -> row.label(ScoreRows.TRUTH)).toList();
        predicted = rows.rows().stream().map(row -> row.label(ScoreRows.PREDICTION)).toList();
        labels = settings.has("labels") ? settings.list("labels") : present();
      }
    }

    List<String> present() {
      var all = new TreeSet<>(truth);
      all.addAll(predicted);
      return Labels.sorted(all);
    }

    private static boolean isSeveral(ScoreRows rows) {
      return rows.rows().stream()
          .map(row -> row.get(ScoreRows.TRUTH))
          .anyMatch(value -> value.isArray() && value.size() != 1 || value.path(0).isArray());
    }

    private void severalLabels(ScoreRows rows, Settings settings) {
      sets = flags(rows, ScoreRows.TRUTH);
      said = flags(rows, ScoreRows.PREDICTION);
      if (sets == null || said == null) {
        var truths = names(rows, ScoreRows.TRUTH);
        var predictions = names(rows, ScoreRows.PREDICTION);
        var all = new TreeSet<String>();
        truths.forEach(all::addAll);
        predictions.forEach(all::addAll);
        labels = settings.has("labels") ? settings.list("labels") : Labels.sorted(all);
        sets = MultiLabel.table(truths, labels);
        said = MultiLabel.table(predictions, labels);
      } else {
        labels = new ArrayList<>();
        for (int k = 0; k < sets[0].length; k++) {
          labels.add(String.valueOf(k));
        }
      }
    }

    ClassScores counts(Averaging averaging) {
      if (!several) {
        if (averaging == Averaging.SAMPLES) {
          throw new IllegalArgumentException(
              "--average is samples, which is for rows with lists of labels;"
                  + " must be binary, micro, macro, weighted or none");
        }
        return ClassScores.of(truth, predicted, labels, weights);
      }
      return averaging == Averaging.SAMPLES
          ? ClassScores.ofSamples(sets, said, weights)
          : ClassScores.ofLabels(sets, said, weights);
    }

    ContingencyTable table(List<String> labels) {
      if (several) {
        throw new IllegalArgumentException("this metric needs one label a row, not lists of them");
      }
      return ContingencyTable.of(truth, predicted, labels, weights);
    }
  }

  /** Rows of 0 and 1 of one length, or null where the lists are others. */
  static boolean[][] flags(ScoreRows rows, List<String> names) {
    var table = new boolean[rows.rows().size()][];
    for (int i = 0; i < table.length; i++) {
      JsonNode value = rows.rows().get(i).get(names);
      table[i] = new boolean[value.size()];
      for (int k = 0; k < value.size(); k++) {
        JsonNode flag = value.get(k);
        boolean fits =
            flag.isBoolean()
                || flag.isNumber() && (flag.doubleValue() == 0 || flag.doubleValue() == 1);
        if (!fits) {
          return null;
        }
        table[i][k] = flag.isBoolean() ? flag.booleanValue() : flag.doubleValue() == 1;
      }
      if (table[i].length != table[0].length || table[i].length == 0) {
        return null;
      }
    }
    return table;
  }

  private static List<List<String>> names(ScoreRows rows, List<String> names) {
    var sets = new ArrayList<List<String>>();
    for (var row : rows.rows()) {
      JsonNode value = row.get(names);
      if (!value.isArray()) {
        throw row.refuse(names, value, "a list of labels, as in other rows");
      }
      var set = new ArrayList<String>();
      value.forEach(label -> set.add(Labels.text(label)));
      sets.add(set);
    }
    return sets;
  }

  static Report accuracy(ScoreRows rows, Settings settings) {
    var data = new Data(rows, settings);
    if (data.several) {
      return Report.empty().put("score", MultiLabel.accuracy(data.sets, data.said, data.weights));
    }
    return Report.empty().put("score", data.table(data.present()).accuracy());
  }

  static Report balancedAccuracy(ScoreRows rows, Settings settings) {
    var data = new Data(rows, settings);
    return Report.empty()
        .put("score", data.table(data.labels).balancedAccuracy(settings.flag("adjusted")));
  }

  static Report hammingLoss(ScoreRows rows, Settings settings) {
    var data = new Data(rows, settings);
    double loss =
        data.several
            ? MultiLabel.hammingLoss(data.sets, data.said, data.weights)
            : 1 - data.table(data.present()).accuracy();
    return Report.empty().put("score", loss);
  }

  static Report matthews(ScoreRows rows, Settings settings) {
    var data = new Data(rows, settings);
    return Report.empty().put("score", data.table(data.labels).matthews());
  }

  static Report kappa(ScoreRows rows, Settings settings) {
    var data = new Data(rows, settings);
    var distance = settings.as("weights", "none", ClassRows::distance);
    return Report.empty().put("score", data.table(data.labels).kappa(distance));
  }

  private static ContingencyTable.Distance distance(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "none" -> ContingencyTable.Distance.NONE;
      case "linear" -> ContingencyTable.Distance.LINEAR;
      case "quadratic" -> ContingencyTable.Distance.QUADRATIC;
      default -> throw new IllegalArgumentException(name + " is none of none, linear, quadratic");
    };
  }

  static Report confusion(ScoreRows rows, Settings settings) {
    var data = new Data(rows, settings);
    var table = data.table(data.labels);
    var report = Report.empty().put("labels", data.labels);
    String way = settings.text("normalize", "none");
    return switch (way) {
      case "none" -> report.put("confusion_matrix", table.cells());
      case "true", "pred", "all" ->
          report.put(
              "confusion_matrix",
              table.normalized(
                  ContingencyTable.Normalization.valueOf(way.toUpperCase(Locale.ROOT))));
      default ->
          throw new IllegalArgumentException(
              "--normalize is %s, must be none, true, pred or all".formatted(way));
    };
  }

  /** One of precision, recall, F and Jaccard, or all of them where {@code part} is null. */
  static Report scores(ScoreRows rows, Settings settings, String part) {
    var data = new Data(rows, settings);
    double beta = settings.number("beta", 1);
    double zero = settings.zeroDivision();
    var report = Report.empty();
    String average = settings.text("average", data.several ? "macro" : "binary");
    if (average.equals("none")) {
      var counts = data.counts(Averaging.MACRO);
      report.put("labels", data.labels);
      var scores = new double[4][counts.size()];
      for (int k = 0; k < counts.size(); k++) {
        fill(scores, k, counts.of(k, beta, zero), counts.jaccard(k, zero));
      }
      if (part == null) {
        return report.put("precision", scores[0]).put("recall", scores[1]).put("fscore", scores[2]);
      }
      return report.put("score", scores[place(part)]);
    }
    ClassScores.Scores scores;
    double jaccard;
    if (average.equals("binary")) {
      var counts =
          ClassScores.of(
              data.truth, data.predicted, List.of(positive(data, settings)), data.weights);
      scores = counts.of(0, beta, zero);
      jaccard = counts.jaccard(0, zero);
    } else {
      var averaging = settings.as("average", "", ClassRows::averaging);
      var counts = data.counts(averaging);
      scores = counts.average(averaging, beta, zero);
      jaccard = counts.jaccard(averaging, zero);
    }
    if (part == null) {
      return report
          .put("precision", scores.precision())
          .put("recall", scores.recall())
          .put("fscore", scores.fscore());
    }
    var all = new double[4][1];
    fill(all, 0, scores, jaccard);
    return report.put("score", all[place(part)][0]);
  }

  private static void fill(double[][] all, int k, ClassScores.Scores scores, double jaccard) {
    all[0][k] = scores.precision();
    all[1][k] = scores.recall();
    all[2][k] = scores.fscore();
    all[3][k] = jaccard;
  }

  private static int place(String part) {
    return List.of("precision", "recall", "fscore", "jaccard").indexOf(part);
  }

  private static Averaging averaging(String name) {
    try {
      return Averaging.named(name);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          name + " is none of binary, micro, macro, weighted, samples and none", e);
    }
  }

  private static String positive(Data data, Settings settings) {
    var present = data.several ? List.<String>of() : data.present();
    if (data.several || present.size() > 2) {
      throw new IllegalArgumentException(
          "--average is binary, and there are %s labels (%s); must be micro, macro, weighted%s or none"
              .formatted(
                  data.labels.size(),
                  String.join(", ", data.labels),
                  data.several ? ", samples" : ""));
    }
    String positive = settings.text("pos-label", "1");
    if (present.size() == 2 && !present.contains(positive)) {
      throw new IllegalArgumentException(
          "--pos-label is %s, must be %s".formatted(positive, String.join(" or ", present)));
    }
    return positive;
  }

  /** Everything there is to say of labels, by class and averaged. */
  static Report classification(ScoreRows rows, Settings settings) {
    var data = new Data(rows, settings);
    double zero = settings.zeroDivision();
    double beta = settings.number("beta", 1);
    var report = Report.empty().put("labels", data.labels);
    var counts = data.counts(Averaging.MACRO);
    if (data.several) {
      report.put("accuracy", MultiLabel.accuracy(data.sets, data.said, data.weights));
      report.put("hamming_loss", MultiLabel.hammingLoss(data.sets, data.said, data.weights));
    } else {
      var all = data.table(data.present());
      report
          .put("accuracy", all.accuracy())
          .put("balanced_accuracy", all.balancedAccuracy(false))
          .put("mcc", all.matthews())
          .put("confusion_matrix", data.table(data.labels).cells());
    }
    ObjectNode byClass = report.json().putObject("per_class");
    for (int k = 0; k < counts.size(); k++) {
      var scores = counts.of(k, beta, zero);
      var node = put(byClass.putObject(data.labels.get(k)), scores);
      Report.put(node, "support", scores.support());
    }
    for (var averaging : Averaging.values()) {
      if (averaging != Averaging.SAMPLES || data.several) {
        var scores = data.counts(averaging).average(averaging, beta, zero);
        put(report.json().putObject(averaging.name().toLowerCase(Locale.ROOT)), scores);
      }
    }
    if (settings.text("average", "").equals("binary") || settings.has("pos-label")) {
      var positive = List.of(positive(data, settings));
      put(
          report.json(),
          ClassScores.of(data.truth, data.predicted, positive, data.weights).of(0, beta, zero));
    } else if (settings.has("average") && !settings.text("average", "").equals("none")) {
      var averaging = settings.as("average", "", ClassRows::averaging);
      put(report.json(), data.counts(averaging).average(averaging, beta, zero));
    }
    return report;
  }

  private static ObjectNode put(ObjectNode node, ClassScores.Scores scores) {
    Report.put(node, "precision", scores.precision());
    Report.put(node, "recall", scores.recall());
    Report.put(node, "f1", scores.fscore());
    return node;
  }

  /** Whole entities, as seqeval reports them. */
  static Report entities(ScoreRows rows, Settings settings) {
    var truth = names(rows, ScoreRows.TRUTH);
    var predicted = names(rows, ScoreRows.PREDICTION);
    String mode = settings.text("mode", "default");
    EntityScheme scheme;
    if (mode.equals("strict")) {
      var all = new ArrayList<>(truth);
      all.addAll(predicted);
      scheme =
          settings.has("scheme")
              ? settings.as("scheme", "", EntityScheme::named)
              : EntityScheme.detected(all);
    } else if (mode.equals("default")) {
      if (settings.has("scheme")) {
        throw new IllegalArgumentException(
            "--scheme is %s, and goes with --mode strict alone"
                .formatted(settings.text("scheme", "")));
      }
      scheme = EntityScheme.LENIENT;
    } else {
      throw new IllegalArgumentException("--mode is %s, must be default or strict".formatted(mode));
    }
    double zero = settings.zeroDivision();
    var scores = EntityScores.of(truth, predicted, scheme);
    var averaging = settings.as("average", "micro", ClassRows::averaging);
    var average = scores.average(averaging, zero);
    var report = Report.empty().put("score", average.fscore());
    put(report.json(), average);
    report.put("accuracy", scores.accuracy());
    ObjectNode byType = report.json().putObject("per_type");
    for (int k = 0; k < scores.types().size(); k++) {
      var of = scores.scores().of(k, 1, zero);
      Report.put(put(byType.putObject(scores.types().get(k)), of), "support", of.support());
    }
    for (var each : List.of(Averaging.MICRO, Averaging.MACRO, Averaging.WEIGHTED)) {
      put(
          report.json().putObject(each.name().toLowerCase(Locale.ROOT)),
          scores.average(each, zero));
    }
    return report;
  }
}
