package dev.galen.train.metrics;

import static dev.galen.train.metrics.Fixtures.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClassificationTest {

  @ParameterizedTest
  @ValueSource(doubles = {0, 1, Double.NaN})
  void confusionEqualsScikitLearn(double zeroDivision) throws IOException {
    for (var expected : Fixtures.own("confusion")) {
      int classes = expected.required("classes").asInt();
      var matrix =
          ConfusionMatrix.of(
              Fixtures.ints(expected.required("truth")),
              Fixtures.ints(expected.required("predicted")),
              classes);
      double accuracy = expected.required("accuracy").asDouble();
      assertClose(accuracy, matrix.accuracy(), expected.toString());
      assertClose(accuracy, matrix.micro().f1(), expected.toString());
      var name = Double.isNaN(zeroDivision) ? "NaN" : Integer.toString((int) zeroDivision);
      var scores = expected.required("zero " + name);
      for (int t = 0; t < classes; t++) {
        assertScores(scores.required("classes").get(t), matrix.of(t, zeroDivision));
        for (int p = 0; p < classes; p++) {
          assertEquals(expected.required("matrix").get(t).get(p).asLong(), matrix.count(t, p));
        }
      }
      assertScores(scores.required("macro"), matrix.macro(zeroDivision));
      assertScores(scores.required("weighted"), matrix.weighted(zeroDivision));
    }
  }

  private static void assertScores(JsonNode expected, ConfusionMatrix.Scores actual) {
    var values = List.of(actual.precision(), actual.recall(), actual.f1());
    for (int i = 0; i < 3; i++) {
      var value = expected.get(i);
      assertClose(value.isNull() ? Double.NaN : value.asDouble(), values.get(i), "" + expected);
    }
  }

  @Test
  void confusionRefusesWhatItCannotCount() {
    assertMessage("2 examples and 1 predictions", () -> matrix(new int[2], new int[1]));
    assertMessage("0 examples", () -> matrix(new int[0], new int[0]));
    assertMessage("Example 1 has class 2; classes are 0 to 1", () -> matrix(0, 2));
    assertMessage("no class -1", () -> matrix(0, 1).of(-1, 0));
    assertMessage("0, 1 or NaN, got 0.5", () -> matrix(0, 1).macro(0.5));
    assertMessage("a class, but got -1", () -> ConfusionMatrix.of(new int[1], new int[1], -1));
    var yes = List.of("yes");
    assertMessage("label no", () -> ConfusionMatrix.of(yes, List.of("no"), yes));
    assertMessage("yes is listed twice", () -> ConfusionMatrix.of(yes, yes, List.of("yes", "yes")));
  }

  private static ConfusionMatrix matrix(int... both) {
    return matrix(both, both);
  }

  private static ConfusionMatrix matrix(int[] truth, int[] predicted) {
    return ConfusionMatrix.of(truth, predicted, 2);
  }

  @Test
  void curveEqualsScikitLearn() throws IOException {
    for (var expected : Fixtures.own("auc")) {
      var truth = positives(expected.required("truth"));
      var scores = Fixtures.doubles(expected.required("scores"));
      var curve = RocCurve.of(truth, scores);
      assertClose(expected.required("area").asDouble(), curve.area(), expected.toString());
      assertEquals(OptionalDouble.of(curve.area()), RocCurve.area(truth, scores));
      var rates = List.of(expected.required("fpr"), expected.required("tpr"));
      assertEquals(rates.getFirst().size(), curve.points().size(), expected.toString());
      for (int i = 0; i < curve.points().size(); i++) {
        var point = curve.points().get(i);
        assertClose(rates.get(0).get(i).asDouble(), point.falsePositiveRate(), "" + expected);
        assertClose(rates.get(1).get(i).asDouble(), point.truePositiveRate(), "" + expected);
      }
    }
  }

  static boolean[] positives(JsonNode truth) {
    var positive = new boolean[truth.size()];
    for (int i = 0; i < positive.length; i++) {
      positive[i] = truth.get(i).asInt() == 1;
    }
    return positive;
  }

  @Test
  void areasOfSeveralClassesEqualScikitLearn() throws IOException {
    for (var expected : Fixtures.own("auc multiclass")) {
      var truth = Fixtures.ints(expected.required("truth"));
      var scores = Fixtures.rows(expected.required("scores"));
      for (var average : RocCurve.Average.values()) {
        var name = average.name().toLowerCase(Locale.ROOT);
        assertClose(
            expected.required("ovr " + name).asDouble(),
            RocCurve.oneVersusRest(truth, scores, average).orElseThrow(),
            expected.toString());
        assertClose(
            expected.required("ovo " + name).asDouble(),
            RocCurve.oneVersusOne(truth, scores, average).orElseThrow(),
            expected.toString());
      }
    }
  }

  @Test
  void areaOfOneClassIsUndefined() {
    var all = new boolean[] {true, true};
    assertEquals(OptionalDouble.empty(), RocCurve.area(all, new double[] {0.1, 0.2}));
    assertMessage("2 positives and 0 negatives", () -> RocCurve.of(all, new double[2]));
    int[] truth = {0, 1};
    var scores = new double[2][3];
    for (var average : RocCurve.Average.values()) {
      assertEquals(OptionalDouble.empty(), RocCurve.oneVersusRest(truth, scores, average));
      assertEquals(OptionalDouble.empty(), RocCurve.oneVersusOne(truth, scores, average));
    }
  }

  @Test
  void curveRefusesWhatItCannotOrder() {
    var both = new boolean[] {true, false};
    assertMessage("2 examples and 3 scores", () -> RocCurve.of(both, new double[3]));
    assertMessage("example 1 is NaN", () -> RocCurve.of(both, new double[] {0, Double.NaN}));
    var macro = RocCurve.Average.MACRO;
    assertMessage(
        "1 examples and 0 rows", () -> RocCurve.oneVersusRest(new int[1], new double[0][], macro));
    // Example 1 is the first of the pair of classes 1 and 2, and must keep its name.
    double[][] scores = {{1, 0, 0}, {0, Double.NaN, 0}, {0, 0, 1}};
    int[] truth = {0, 1, 2};
    assertMessage("example 1 is NaN", () -> RocCurve.oneVersusOne(truth, scores, macro));
    assertMessage("example 1 is NaN", () -> RocCurve.oneVersusRest(truth, scores, macro));
    assertMessage(
        "Example 0 has class 7 and 2 scores",
        () -> RocCurve.oneVersusOne(new int[] {7}, new double[1][2], macro));
  }

  private static void assertMessage(String part, Executable call) {
    var error = assertThrows(IllegalArgumentException.class, call);
    assertTrue(error.getMessage().contains(part), error.getMessage());
  }
}
