package dev.galen.train.metrics;

import static dev.galen.train.metrics.Fixtures.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every option of a metric against its reference: metric_options.py made the cases. */
class MetricOptionsTest {

  private static Stream<DynamicTest> each(String part, Consumer<JsonNode> check)
      throws IOException {
    var cases = Fixtures.read("metric_options.json").required(part);
    return IntStream.range(0, cases.size())
        .mapToObj(i -> dynamicTest(part + " " + i, () -> check.accept(cases.get(i))));
  }

  @TestFactory
  Stream<DynamicTest> sacreBleu() throws IOException {
    return each(
        "sacrebleu",
        c -> {
          var hypotheses = Fixtures.strings(c.required("hypotheses"));
          var streams = Fixtures.list(c.required("reference_lists"), s -> s);
          SacreBleuCases.check(
              c, hypotheses, SacreBleuCases.references(streams, hypotheses.size()));
        });
  }

  @TestFactory
  Stream<DynamicTest> nltk() throws IOException {
    return each(
        "nltk",
        c -> {
          var references =
              Fixtures.list(c.required("references"), of -> Fixtures.list(of, Fixtures::strings));
          var hypotheses = Fixtures.list(c.required("hypotheses"), Fixtures::strings);
          var constants =
              new Smoothing.Constants(
                  c.required("epsilon").asDouble(),
                  c.required("alpha").asDouble(),
                  c.required("k").asDouble());
          var weights = Fixtures.doubles(c.required("weights"));
          boolean reweigh = c.required("auto_reweigh").asBoolean();
          c.required("scores")
              .properties()
              .forEach(
                  score -> {
                    var smoothing = Smoothing.values()[score.getKey().charAt(6) - '0'];
                    double actual =
                        Bleu.corpus(references, hypotheses, weights, smoothing, constants, reweigh);
                    assertClose(score.getValue().asDouble(), actual, score.getKey());
                  });
        });
  }

  @TestFactory
  Stream<DynamicTest> classes() throws IOException {
    return each("classes", MetricOptionsTest::classCase);
  }

  private static void classCase(JsonNode c) {
    var truth = Fixtures.list(c.required("y"), JsonNode::asInt);
    var predicted = Fixtures.list(c.required("p"), JsonNode::asInt);
    var inferred = ClassScores.labels(truth, predicted);
    var labels =
        c.get("labels").isNull() ? inferred : Fixtures.list(c.get("labels"), JsonNode::asInt);
    var weights = weights(c);
    var scores = ClassScores.of(truth, predicted, labels, weights);
    double beta = c.required("beta").asDouble();
    for (var expected : c.required("scores")) {
      double zero = number(expected.required("zero_division"));
      var prf = expected.required("prf");
      var jaccard = expected.required("jaccard");
      if (expected.get("average").isNull()) {
        for (int k = 0; k < labels.size(); k++) {
          var of = scores.of(k, beta, zero);
          prf(prf, k, of);
          assertClose(number(prf.get(3).get(k)), of.support(), "support");
          if (!jaccard.isNull()) {
            assertClose(number(jaccard.get(k)), scores.jaccard(k, zero), "jaccard");
          }
        }
      } else {
        var averaging = Averaging.named(expected.get("average").asText());
        prf(prf, -1, scores.average(averaging, beta, zero));
        if (!jaccard.isNull()) {
          assertClose(number(jaccard), scores.jaccard(averaging, zero), "jaccard");
        }
      }
    }
    var all = ContingencyTable.of(truth, predicted, inferred, weights);
    assertClose(number(c.required("mcc")), all.matthews(), "mcc");
    assertClose(number(c.required("balanced")), all.balancedAccuracy(false), "balanced");
    assertClose(number(c.required("adjusted")), all.balancedAccuracy(true), "adjusted");
    assertClose(number(c.required("accuracy")), all.accuracy(), "accuracy");
    if (c.has("kappa")) {
      var table = ContingencyTable.of(truth, predicted, labels, weights);
      for (var distance : ContingencyTable.Distance.values()) {
        double kappa = number(c.get("kappa").required(lower(distance)));
        assertClose(kappa, table.kappa(distance), "kappa " + distance);
      }
      same(c.get("confusion").required("none"), table.cells());
      for (var way : ContingencyTable.Normalization.values()) {
        same(c.get("confusion").required(lower(way)), table.normalized(way));
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> severalLabels() throws IOException {
    return each("multilabel", MetricOptionsTest::multiLabelCase);
  }

  private static void multiLabelCase(JsonNode c) {
    var truth = flags(c.required("y"));
    var predicted = flags(c.required("p"));
    var scores = Fixtures.rows(c.required("scores"));
    var weights = weights(c);
    for (var expected : c.required("prf")) {
      var averaging = Averaging.named(expected.required("average").asText());
      var counts =
          averaging == Averaging.SAMPLES
              ? ClassScores.ofSamples(truth, predicted, weights)
              : ClassScores.ofLabels(truth, predicted, weights);
      double zero = expected.required("zero_division").asDouble();
      prf(expected.required("prf"), -1, counts.average(averaging, 0.5, zero));
      assertClose(number(expected.required("jaccard")), counts.jaccard(averaging, zero), "jaccard");
    }
    assertClose(
        number(c.required("accuracy")), MultiLabel.accuracy(truth, predicted, weights), "subset");
    assertClose(
        number(c.required("hamming")),
        MultiLabel.hammingLoss(truth, predicted, weights),
        "hamming");
    assertClose(
        number(c.required("ranking")),
        MultiLabel.rankingPrecision(truth, scores, weights),
        "ranking");
    for (var averaging : Averaging.values()) {
      double precision = number(c.required("average_precision").required(lower(averaging)));
      double area = number(c.required("roc_auc").required(lower(averaging)));
      assertClose(
          precision,
          CurveAverages.averagePrecision(truth, scores, weights, averaging),
          "average precision " + averaging);
      assertClose(
          area, CurveAverages.rocArea(truth, scores, weights, averaging), "area " + averaging);
    }
  }

  @TestFactory
  Stream<DynamicTest> curves() throws IOException {
    return each("curves", MetricOptionsTest::curveCase);
  }

  private static void curveCase(JsonNode c) {
    var positive = ClassificationTest.positives(c.required("y"));
    var scores = Fixtures.doubles(c.required("scores"));
    var weights = weights(c);
    var curve = RocCurve.of(positive, scores, weights, true);
    roc(c.required("roc"), curve);
    roc(c.required("roc_all"), RocCurve.of(positive, scores, weights, false));
    assertClose(c.required("auc").asDouble(), curve.area(), "area");
    c.required("partial")
        .properties()
        .forEach(
            partial ->
                assertClose(
                    partial.getValue().asDouble(),
                    curve.area(Double.parseDouble(partial.getKey())),
                    "area to " + partial.getKey()));
    precisions(c.required("pr"), PrecisionRecallCurve.of(positive, scores, weights, false));
    precisions(c.required("pr_dropped"), PrecisionRecallCurve.of(positive, scores, weights, true));
    assertClose(
        c.required("average_precision").asDouble(),
        PrecisionRecallCurve.averagePrecision(positive, scores, weights),
        "average precision");
    var truth = Fixtures.ints(c.required("y"));
    var rows = ProbabilityScores.ofBinary(scores);
    assertClose(
        c.required("brier").asDouble(),
        ProbabilityScores.brier(truth, rows, weights, true),
        "brier");
    assertClose(
        c.required("log_loss").asDouble(),
        ProbabilityScores.logLoss(truth, rows, weights, false),
        "log loss");
  }

  static void roc(JsonNode expected, RocCurve curve) {
    var points = curve.points();
    assertEquals(expected.get(0).size(), points.size());
    for (int i = 0; i < points.size(); i++) {
      assertClose(number(expected.get(0).get(i)), points.get(i).falsePositiveRate(), "fpr");
      assertClose(number(expected.get(1).get(i)), points.get(i).truePositiveRate(), "tpr");
      assertEquals(number(expected.get(2).get(i)), points.get(i).threshold());
    }
  }

  static void precisions(JsonNode expected, PrecisionRecallCurve curve) {
    var points = curve.points();
    assertEquals(expected.get(0).size(), points.size());
    for (int i = 0; i < points.size(); i++) {
      assertClose(number(expected.get(0).get(i)), points.get(i).precision(), "precision");
      assertClose(number(expected.get(1).get(i)), points.get(i).recall(), "recall");
      if (i < expected.get(2).size()) {
        assertEquals(number(expected.get(2).get(i)), points.get(i).threshold());
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> regression() throws IOException {
    return each("regression", MetricOptionsTest::regressionCase);
  }

  private static void regressionCase(JsonNode c) {
    var y = Fixtures.doubles(c.required("y"));
    var p = Fixtures.doubles(c.required("p"));
    var w = weights(c);
    assertClose(number(c.required("mse")), Regression.meanSquaredError(y, p, w), "mse");
    assertClose(number(c.required("rmse")), Regression.rootMeanSquaredError(y, p, w), "rmse");
    assertClose(number(c.required("mae")), Regression.meanAbsoluteError(y, p, w), "mae");
    assertClose(number(c.required("medae")), Regression.medianAbsoluteError(y, p), "medae");
    assertClose(number(c.required("max")), Regression.maximumError(y, p), "max");
    assertClose(number(c.required("r2")), Regression.r2(y, p, w), "r2");
    assertClose(number(c.required("explained")), Regression.explainedVariance(y, p, w), "ev");
    if (!c.required("pearson").isNull()) {
      assertClose(number(c.required("pearson")), Regression.pearson(y, p), "pearson");
      assertClose(number(c.required("spearman")), Regression.spearman(y, p), "spearman");
    }
  }

  @Test
  void significance() throws IOException {
    var cases = Fixtures.read("metric_options.json").required("significance");
    for (var c : cases.required("wilson")) {
      var interval = Significance.wilson(c.get(0).asLong(), c.get(1).asLong(), c.get(2).asDouble());
      assertClose(c.get(3).asDouble(), interval.low(), "low");
      assertClose(c.get(4).asDouble(), interval.high(), "high");
    }
    for (var c : cases.required("mcnemar")) {
      int b = c.get(0).asInt();
      int other = c.get(1).asInt();
      var exact = Significance.mcNemar(b, other, Significance.McNemar.EXACT);
      assertClose(c.get(2).asDouble(), exact.pValue(), "exact");
      var plain = Significance.mcNemar(b, other, Significance.McNemar.ASYMPTOTIC);
      assertClose(number(c.get(3)), plain.statistic(), "chi2");
      assertClose(c.get(4).asDouble(), plain.pValue(), "p of " + c);
      var corrected = Significance.mcNemar(b, other, Significance.McNemar.CORRECTED);
      assertClose(number(c.get(5)), corrected.statistic(), "corrected");
      assertClose(c.get(6).asDouble(), corrected.pValue(), "p of " + c);
    }
  }

  /** Of normal differences the bootstrap's interval is close to the normal one. */
  @Test
  void bootstrap() {
    var random = new Random(5);
    var better = new double[400];
    Arrays.setAll(better, i -> random.nextGaussian() + 0.3);
    var zeros = new double[better.length];
    var result =
        Significance.bootstrap(
            better.length, i -> mean(zeros, i), i -> mean(better, i), 1000, 3, 0.95);
    double mean = Arrays.stream(better).average().orElseThrow();
    assertEquals(mean, result.difference(), 1e-12);
    assertEquals(mean - 1.96 / 20, result.interval().low(), 0.015);
    assertEquals(mean + 1.96 / 20, result.interval().high(), 0.015);
    assertEquals(1, result.wins());
    assertEquals(1 / 1001.0, result.pValue());
    var none =
        Significance.bootstrap(
            better.length, i -> mean(better, i), i -> mean(better, i), 100, 3, 0.95);
    assertEquals(1, none.pValue());
  }

  private static double mean(double[] values, int[] examples) {
    return Arrays.stream(examples).mapToDouble(i -> values[i]).average().orElseThrow();
  }

  @Test
  void settingsThatAreNone() {
    assertThrows(IllegalArgumentException.class, () -> BleuTokenizer.named("ja-mecab"));
    assertThrows(IllegalArgumentException.class, () -> SacreBleu.SmoothMethod.named("plus"));
    assertThrows(IllegalArgumentException.class, () -> Averaging.named("binary"));
    assertThrows(IllegalArgumentException.class, () -> Significance.wilson(3, 2, 0.95));
    assertThrows(
        IllegalArgumentException.class, () -> new Chrf.Settings(0, 0, 2, false, false, false));
    assertThrows(
        IllegalArgumentException.class,
        () -> ClassScores.of(List.of(1), List.of(1), List.of(1, 1), null));
  }

  private static void prf(JsonNode expected, int label, ClassScores.Scores actual) {
    assertClose(at(expected.get(0), label), actual.precision(), "precision");
    assertClose(at(expected.get(1), label), actual.recall(), "recall");
    assertClose(at(expected.get(2), label), actual.fscore(), "f");
  }

  private static double at(JsonNode values, int label) {
    return number(label < 0 ? values : values.get(label));
  }

  static void same(JsonNode expected, double[][] actual) {
    for (int i = 0; i < actual.length; i++) {
      for (int j = 0; j < actual.length; j++) {
        assertClose(number(expected.get(i).get(j)), actual[i][j], "cell " + i + " " + j);
      }
    }
  }

  static double number(JsonNode value) {
    return switch (value.asText()) {
      case "nan" -> Double.NaN;
      case "inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      default -> value.asDouble();
    };
  }

  private static double[] weights(JsonNode c) {
    return c.required("weights").isNull() ? null : Fixtures.doubles(c.get("weights"));
  }

  static boolean[][] flags(JsonNode rows) {
    return Fixtures.list(rows, ClassificationTest::positives).toArray(boolean[][]::new);
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
