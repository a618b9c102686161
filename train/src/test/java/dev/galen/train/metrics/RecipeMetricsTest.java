package dev.galen.train.metrics;

import static dev.galen.train.metrics.Fixtures.assertClose;
import static dev.galen.train.metrics.MetricOptionsTest.flags;
import static dev.galen.train.metrics.MetricOptionsTest.number;
import static dev.galen.train.metrics.MetricOptionsTest.same;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.opentest4j.TestAbortedException;

/** The shared cases of sacrebleu, scikit-learn and scipy in recipe-cases/metrics2.json. */
class RecipeMetricsTest {
  private static final List<String> NAMES = List.of("neg", "pos", "unk", "other");

  private JsonNode file;

  @TestFactory
  Stream<DynamicTest> cases() throws IOException {
    try {
      file = Fixtures.shared("recipe-cases/metrics2.json");
    } catch (TestAbortedException absent) {
      return Stream.of(dynamicTest("metrics2.json", () -> abort(absent.getMessage())));
    }
    var tests = new ArrayList<DynamicTest>();
    for (var c : file.required("sacrebleu")) {
      tests.add(dynamicTest(c.required("id").asText(), () -> sacreBleu(c)));
    }
    for (var c : file.required("sklearn")) {
      tests.add(dynamicTest(c.required("id").asText(), () -> scikit(c)));
    }
    return tests.stream();
  }

  private void sacreBleu(JsonNode c) {
    var from = c.has("hypotheses") ? c : file;
    var hypotheses = Fixtures.strings(from.required("hypotheses"));
    var streams =
        Fixtures.list(from.required(from == c ? "reference_lists" : "references"), s -> s);
    if (c.path("references").asText().equals("first")) {
      streams = streams.subList(0, 1);
    }
    SacreBleuCases.check(c, hypotheses, SacreBleuCases.references(streams, hypotheses.size()));
  }

  private List<Integer> ints(String field) {
    return Fixtures.list(file.required(field), JsonNode::asInt);
  }

  private void scikit(JsonNode c) {
    var id = c.required("id").asText();
    var expected = c.required("value");
    var y = ints(c.path("y").asText("y").startsWith("y") ? c.path("y").asText("y") : "y");
    var predicted = ints("predicted");
    var labels = ClassScores.labels(y, predicted);
    var table = ContingencyTable.of(y, predicted, labels, null);
    var positive = ClassificationTest.positives(file.required("binary"));
    var scores = Fixtures.doubles(file.required("binary_probability"));
    var truth = y.stream().mapToInt(Integer::intValue).toArray();
    var probabilities = Fixtures.rows(file.required("probabilities"));
    if (id.startsWith("precision_recall_fscore_support")) {
      prf(c, y, predicted, expected);
    } else if (id.startsWith("multilabel f1")) {
      multiLabelF1(id, expected);
    } else if (id.startsWith("confusion matrix normalize=")) {
      var way = id.substring(id.indexOf('=') + 1).toUpperCase(Locale.ROOT);
      same(expected, table.normalized(ContingencyTable.Normalization.valueOf(way)));
    } else if (id.startsWith("cohen_kappa weights=")) {
      var way = id.substring(id.indexOf('=') + 1).toUpperCase(Locale.ROOT);
      close(expected, table.kappa(ContingencyTable.Distance.valueOf(way)));
    } else if (id.startsWith("average_precision one-hot")) {
      var average = Averaging.named(id.substring(id.indexOf('=') + 1));
      close(expected, CurveAverages.averagePrecision(oneHot(truth), probabilities, null, average));
    } else if (id.startsWith("top_k")) {
      topK(c, id);
    } else if (id.startsWith("ece ")) {
      int bins = Integer.parseInt(id.split(" ")[1]);
      close(expected, Calibration.of(truth, probabilities, bins).expectedError());
    } else {
      one(c, id, expected, y, predicted, table, positive, scores, truth, probabilities);
    }
  }

  private void one(
      JsonNode c,
      String id,
      JsonNode expected,
      List<Integer> y,
      List<Integer> predicted,
      ContingencyTable table,
      boolean[] positive,
      double[] scores,
      int[] truth,
      double[][] probabilities) {
    var labels = ClassScores.labels(y, predicted);
    var classes = ClassScores.of(y, predicted, labels, null);
    var binary = Fixtures.ints(file.required("binary"));
    var rows = ProbabilityScores.ofBinary(scores);
    var number = Fixtures.doubles(file.required("regression"));
    var guess = Fixtures.doubles(file.required("regression_predicted"));
    var sets = flags(file.required("multilabel"));
    var said = flags(file.required("multilabel_predicted"));
    switch (id) {
      case "inferred labels: union of true and predicted" -> {
        assertEquals(Fixtures.list(c.required("labels_used"), JsonNode::asInt), labels);
        same(expected, table.cells());
      }
      case "macro f1, inferred labels, class predicted but never true" ->
          close(expected, classes.average(Averaging.MACRO, 1, 0).fscore());
      case "balanced_accuracy, class predicted but never true" ->
          close(expected, table.balancedAccuracy(false));
      case "micro f1 on a subset of labels [0,1]" ->
          close(
              expected,
              ClassScores.of(y, predicted, List.of(0, 1), null)
                  .average(Averaging.MICRO, 1, 0)
                  .fscore());
      case "confusion matrix of strings (sorted labels)" -> {
        var is = y.stream().map(NAMES::get).toList();
        var named = predicted.stream().map(NAMES::get).toList();
        var sorted = ClassScores.labels(is, named);
        assertEquals(Fixtures.strings(c.required("label_order")), sorted);
        same(expected, ContingencyTable.of(is, named, sorted, null).cells());
      }
      case "matthews_corrcoef" -> close(expected, table.matthews());
      case "matthews_corrcoef, one class only" ->
          close(expected, new ContingencyTable(new double[][] {{5}}).matthews());
      case "matthews binary" -> close(expected, ofBinary(positive, predicted));
      case "cohen_kappa, both constant and equal" ->
          close(
              expected,
              new ContingencyTable(new double[][] {{5}}).kappa(ContingencyTable.Distance.NONE));
      case "average_precision" ->
          close(expected, PrecisionRecallCurve.averagePrecision(positive, scores, null));
      case "roc_auc" -> close(expected, RocCurve.of(positive, scores).area());
      case "precision_recall_curve" ->
          MetricOptionsTest.precisions(
              expected, PrecisionRecallCurve.of(positive, scores, null, false));
      case "roc_curve drop_intermediate False" ->
          MetricOptionsTest.roc(expected, RocCurve.of(positive, scores));
      case "roc_curve" ->
          MetricOptionsTest.roc(expected, RocCurve.of(positive, scores, null, true));
      case "roc_auc ovr macro" -> area(expected, truth, probabilities, Averaging.MACRO);
      case "roc_auc ovr weighted" -> area(expected, truth, probabilities, Averaging.WEIGHTED);
      case "roc_auc ovo macro" ->
          close(
              expected,
              RocCurve.oneVersusOne(truth, probabilities, RocCurve.Average.MACRO).orElseThrow());
      case "brier binary" -> close(expected, ProbabilityScores.brier(binary, rows, null, true));
      case "brier binary weighted" -> {
        var weights = Fixtures.doubles(c.required("sample_weight"));
        close(expected, ProbabilityScores.brier(binary, rows, weights, true));
      }
      case "brier multiclass (default scale_by_half)" ->
          close(expected, ProbabilityScores.brier(truth, probabilities, null, false));
      case "brier multiclass scale_by_half True" ->
          close(expected, ProbabilityScores.brier(truth, probabilities, null, true));
      case "log_loss" ->
          close(expected, ProbabilityScores.logLoss(truth, probabilities, null, false));
      case "log_loss sum" ->
          close(expected, ProbabilityScores.logLoss(truth, probabilities, null, true));
      case "log_loss of probabilities 0 and 1" -> extremes(expected);
      case "multilabel subset accuracy" -> close(expected, MultiLabel.accuracy(sets, said, null));
      case "hamming_loss" -> close(expected, MultiLabel.hammingLoss(sets, said, null));
      case "jaccard samples" ->
          close(expected, ClassScores.ofSamples(sets, said, null).jaccard(Averaging.SAMPLES, 0));
      case "label_ranking_average_precision" -> {
        var ranked = Fixtures.rows(file.required("multilabel_scores"));
        close(expected, MultiLabel.rankingPrecision(sets, ranked, null));
      }
      case "mean_squared_error" ->
          close(expected, Regression.meanSquaredError(number, guess, null));
      case "mean_absolute_error" ->
          close(expected, Regression.meanAbsoluteError(number, guess, null));
      case "r2_score" -> close(expected, Regression.r2(number, guess, null));
      case "explained_variance_score" ->
          close(expected, Regression.explainedVariance(number, guess, null));
      case "median_absolute_error" ->
          close(expected, Regression.medianAbsoluteError(number, guess));
      case "root_mean_squared_error" ->
          close(expected, Regression.rootMeanSquaredError(number, guess, null));
      case "scipy pearsonr" -> close(expected, Regression.pearson(number, guess));
      case "scipy spearmanr with ties" ->
          close(expected, Regression.spearman(rounded(number), rounded(guess)));
      default -> fail("no check for " + c);
    }
  }

  private void prf(JsonNode c, List<Integer> y, List<Integer> predicted, JsonNode expected) {
    var id = c.required("id").asText();
    var labels =
        c.required("labels").isArray()
            ? Fixtures.list(c.get("labels"), JsonNode::asInt)
            : ClassScores.labels(y, predicted);
    var scores = ClassScores.of(y, predicted, labels, null);
    var zero = id.substring(id.lastIndexOf('=') + 1);
    double division =
        zero.equals("warn") ? 0 : zero.equals("nan") ? Double.NaN : Double.parseDouble(zero);
    var average = id.substring(id.indexOf("average=") + 8, id.lastIndexOf(' '));
    for (int k = 0; k < (average.equals("None") ? labels.size() : 1); k++) {
      boolean each = average.equals("None");
      var actual =
          each ? scores.of(k, 1, division) : scores.average(Averaging.named(average), 1, division);
      close(each ? expected.get(0).get(k) : expected.get(0), actual.precision());
      close(each ? expected.get(1).get(k) : expected.get(1), actual.recall());
      close(each ? expected.get(2).get(k) : expected.get(2), actual.fscore());
      if (each) {
        close(expected.get(3).get(k), actual.support());
      }
    }
  }

  private void multiLabelF1(String id, JsonNode expected) {
    var sets = flags(file.required("multilabel"));
    var said = flags(file.required("multilabel_predicted"));
    var words = id.split("[ =]");
    var averaging = Averaging.named(words[3]);
    var counts =
        averaging == Averaging.SAMPLES
            ? ClassScores.ofSamples(sets, said, null)
            : ClassScores.ofLabels(sets, said, null);
    close(expected, counts.average(averaging, 1, Double.parseDouble(words[5])).fscore());
  }

  private void topK(JsonNode c, String id) {
    int k = Integer.parseInt(id.split("[ =]")[2]);
    if (c.has("scores")) { // row by row, with each class as the true one
      var rows = Fixtures.rows(c.get("scores"));
      for (int i = 0; i < c.get("value").size(); i++) {
        double hit = MultiLabel.topK(new int[] {i % 3}, new double[][] {rows[i / 3]}, k, null);
        close(c.get("value").get(i), hit);
      }
      return;
    }
    var truth = Fixtures.ints(file.required("y"));
    var probabilities = Fixtures.rows(file.required("probabilities"));
    close(c.get("value"), MultiLabel.topK(truth, probabilities, k, null));
  }

  private void area(JsonNode expected, int[] truth, double[][] scores, Averaging averaging) {
    close(expected, CurveAverages.rocArea(oneHot(truth), scores, null, averaging));
  }

  /** Matthews' correlation of the binary truth and of whether a class above 0 was predicted. */
  private static double ofBinary(boolean[] positive, List<Integer> predicted) {
    var truth = IntStream.range(0, positive.length).mapToObj(i -> positive[i] ? 1 : 0).toList();
    var said = predicted.stream().map(p -> Math.min(p, 1)).toList();
    return ContingencyTable.of(truth, said, List.of(0, 1), null).matthews();
  }

  /** One of three classes is sure and wrong: -ln 2^-52 / 3. */
  private static void extremes(JsonNode expected) {
    double[][] rows = {{1, 0}, {1, 0}, {0, 1}};
    close(expected, ProbabilityScores.logLoss(new int[] {0, 1, 1}, rows, null, false));
  }

  private static boolean[][] oneHot(int[] truth) {
    var table = new boolean[truth.length][4];
    for (int i = 0; i < truth.length; i++) {
      table[i][truth[i]] = true;
    }
    return table;
  }

  private static double[] rounded(double[] values) {
    return Arrays.stream(values).map(Math::rint).toArray();
  }

  private static void close(JsonNode expected, double actual) {
    assertClose(number(expected), actual, "value");
  }
}
