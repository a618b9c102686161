package dev.galen.train.metrics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.train.metrics.Significance.Interval;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Figures worked out by hand, and what is refused, where no reference has a case. */
class MetricEdgesTest {
  private static final double CLOSE = 1e-12;
  private static final int[] ONE = {0};
  private static final int[] TWO = {0, 1};
  private static final boolean[][] ONE_TABLE = {{true, false}};
  private static final boolean[][] TWO_TABLES = {{true, false}, {false, true}};
  private static final double[][] TWO_ROWS = {{0.5, 0.5}, {0.25, 0.75}};

  @Test
  void correlationsByHand() {
    double[] truth = {1, 2, 4};
    double[] predicted = {1, 3, 2};
    assertEquals(1 / Math.sqrt(28 / 3.0), Regression.pearson(truth, predicted), CLOSE);
    assertEquals(0.5, Regression.spearman(truth, predicted), CLOSE);
    double[] tied = {1, 2, 2, 3};
    assertEquals(
        4.5 / Math.sqrt(22.5), Regression.spearman(tied, new double[] {1, 3, 2, 4}), CLOSE);
    assertEquals(1, Regression.spearman(new double[] {-0.0, 0.0, 1}, new double[] {2, 2, 3}));
    assertTrue(Double.isNaN(Regression.pearson(truth, new double[] {5, 5, 5})));
    assertTrue(Double.isNaN(Regression.pearson(new double[] {5, 5, 5}, truth)));
  }

  @Test
  void explainedPartsByHand() {
    double[] truth = {1, 2, 4};
    double[] predicted = {1, 3, 3};
    double[] weights = {1, 1, 2};
    assertEquals(1 - 2 / (42 / 9.0), Regression.r2(truth, predicted, null), CLOSE);
    assertEquals(1 - 3 / 6.75, Regression.r2(truth, predicted, weights), CLOSE);
    assertEquals(1 - 2.75 / 6.75, Regression.explainedVariance(truth, predicted, weights), CLOSE);
  }

  @Test
  void aResampledDifferenceByHand() {
    // All examples first, then five samples: 2, and -2 to 2.
    double[] scores = {2, -2, -1, 0, 1, 2};
    var call = new AtomicInteger();
    var result =
        Significance.bootstrap(3, drawn -> 0, drawn -> scores[call.getAndIncrement()], 5, 1, 0.9);
    assertEquals(2, result.difference());
    assertEquals(0.4, result.wins(), CLOSE);
    assertEquals(3.0 / 6, result.pValue(), CLOSE);
    assertEquals(-1.8, result.interval().low(), CLOSE);
    assertEquals(1.8, result.interval().high(), CLOSE);
  }

  @Test
  void oneSampleOfOneExampleIsEnough() {
    var result = Significance.bootstrap(1, drawn -> drawn.length, drawn -> 3, 1, 1, 0.5);
    assertEquals(new Interval(2, 2), result.interval());
    assertEquals(0.5, result.pValue());
  }

  @Test
  void confidencesAreBetweenTheirBounds() {
    for (double confidence : new double[] {0, 1, -0.5, 1.5, Double.NaN}) {
      refused("confidence", () -> Significance.wilson(1, 2, confidence));
      refused("confidence", () -> Significance.bootstrap(1, d -> 0, d -> 1, 1, 1, confidence));
    }
    refused("examples", () -> Significance.bootstrap(0, d -> 0, d -> 1, 1, 1, 0.5));
    refused("samples", () -> Significance.bootstrap(1, d -> 0, d -> 1, 0, 1, 0.5));
  }

  @Test
  void aPartOfTheAreaByHand() {
    var curve =
        RocCurve.of(new boolean[] {true, false, true, false}, new double[] {0.9, 0.8, 0.7, 0.1});
    assertEquals(0.75, curve.area(1), CLOSE);
    assertEquals((1 + (0.125 - 0.03125) / (0.25 - 0.03125)) / 2, curve.area(0.25), CLOSE);
    assertEquals((1 + 0.125 / 0.375) / 2, curve.area(0.5), CLOSE);
    for (double largest : new double[] {0, 1.5, Double.NaN}) {
      refused("rate", () -> curve.area(largest));
    }
  }

  @Test
  void aConfidenceLiesInTheBinThatItClosesAndNoOther() {
    for (int bins = 1; bins <= 100; bins++) {
      for (int b = 1; b <= bins; b++) {
        double edge = (double) b / bins;
        assertEquals(1, of(edge, bins).bins().get(b - 1).count(), edge + " of " + bins);
        if (b < bins) {
          assertEquals(1, of(Math.nextUp(edge), bins).bins().get(b).count(), "above " + edge);
        }
      }
    }
    assertEquals(1, of(0, 7).bins().getFirst().count());
  }

  private static Calibration of(double confidence, int bins) {
    return Calibration.of(new boolean[] {true}, new double[] {confidence}, bins);
  }

  @Test
  void calibrationByHand() {
    var calibration =
        Calibration.of(new boolean[] {true, false, true}, new double[] {0.4, 0.6, 0.9}, 2);
    assertEquals(0.6, calibration.maximumError(), CLOSE);
    assertEquals((0.6 + 2 * 0.25) / 3, calibration.expectedError(), CLOSE);
    assertEquals(new Calibration.Bin(0, 0.5, 1, 0.4, 1), calibration.bins().getFirst());
    assertEquals(new Calibration.Bin(0.5, 1, 2, 0.75, 0.5), calibration.bins().getLast());
    assertEquals(0, new Calibration(List.of()).maximumError());
    refused("bin", () -> of(0.5, 0));
    refused("0 to 1", () -> of(1.01, 2));
    refused("0 to 1", () -> of(-0.01, 2));
  }

  @Test
  void lossesAreAddedWithTheirWeights() {
    double[] weights = {1, 3};
    double sum = Math.log(2) + 3 * Math.log(4 / 3.0);
    assertEquals(sum, ProbabilityScores.logLoss(TWO, TWO_ROWS, weights, true), CLOSE);
    assertEquals(sum / 4, ProbabilityScores.logLoss(TWO, TWO_ROWS, weights, false), CLOSE);
    refused("class", () -> ProbabilityScores.logLoss(new int[] {0, 2}, TWO_ROWS, null, true));
    refused("class", () -> ProbabilityScores.logLoss(new int[] {0, -1}, TWO_ROWS, null, true));
  }

  @Test
  void perplexitiesOfLogProbabilities() {
    double half = Math.log(0.5);
    var texts =
        Perplexities.ofLogProbabilities(
            List.of(new double[] {half, half}, new double[] {2 * half}));
    assertEquals(2, texts.texts().getFirst().perplexity(), CLOSE);
    assertEquals(Math.pow(2, 4 / 3.0), texts.corpus().perplexity(), CLOSE);
    assertEquals(3, texts.meanOfTexts(), CLOSE);
    assertEquals(
        1, Perplexities.ofLogProbabilities(List.of(new double[] {0})).meanOfTexts(), CLOSE);
    refused("at most 0", () -> Perplexities.ofLogProbabilities(List.of(new double[] {0.1})));
    refused("no text", () -> Perplexities.ofLogProbabilities(List.of()));
  }

  @Test
  void aMovingAverageForgetsWhereItBegan() {
    var average = new MovingAverage(0.5);
    assertTrue(Double.isNaN(average.value()));
    assertEquals(1, average.add(1), CLOSE);
    assertEquals(3, average.add(4), CLOSE);
    assertEquals(3, average.add(Double.NaN), CLOSE);
    assertEquals(3, average.add(Double.POSITIVE_INFINITY), CLOSE);
    assertEquals(7, new MovingAverage(0).add(7), CLOSE);
    for (double weight : new double[] {-0.1, 1, Double.NaN}) {
      refused("weight", () -> new MovingAverage(weight));
    }
  }

  @Test
  void textsMatchAfterWhatIsLeftOut() {
    var references = List.of("no", "Yes, 12!");
    assertTrue(ExactMatch.STRICT.matches(references, "Yes, 12!"));
    assertFalse(ExactMatch.STRICT.matches(references, "yes, 12!"));
    assertTrue(new ExactMatch(true, false, false, List.of()).matches(references, "yes, 12!"));
    assertTrue(new ExactMatch(false, true, false, List.of()).matches(references, "Yes 12"));
    assertTrue(new ExactMatch(false, false, true, List.of()).matches(references, "Yes, !"));
    var spaces = new ExactMatch(false, false, false, List.of(Pattern.compile("\\s")));
    assertTrue(spaces.matches(references, "Yes,12!"));
    assertFalse(spaces.matches(references, "Yes;12!"));
  }

  @Test
  void labelsBecomeColumns() {
    var sets = List.of(List.of("flu"), List.of("cold", "flu"), List.<String>of());
    assertEquals(List.of("cold", "flu"), MultiLabel.labels(sets));
    boolean[][] table = MultiLabel.table(sets, MultiLabel.labels(sets));
    assertArrayEquals(new boolean[] {false, true}, table[0]);
    assertArrayEquals(new boolean[] {true, true}, table[1]);
    assertArrayEquals(new boolean[2], table[2]);
    refused("flu", () -> MultiLabel.table(sets, List.of("cold")));
  }

  @Test
  void theTrueClassIsAmongTheBest() {
    double[][] scores = {{0.2, 0.5, 0.5}, {0.1, 0.3, 0.6}};
    assertEquals(0.5, MultiLabel.topK(new int[] {2, 0}, scores, 1, null));
    assertEquals(0, MultiLabel.topK(new int[] {1, 0}, scores, 1, null), "ties: the higher first");
    assertEquals(0.5, MultiLabel.topK(new int[] {1, 0}, scores, 2, null));
    refused("k must", () -> MultiLabel.topK(TWO, scores, 0, null));
    refused("class 3", () -> MultiLabel.topK(new int[] {3, 0}, scores, 1, null));
    refused("class -1", () -> MultiLabel.topK(new int[] {-1, 0}, scores, 1, null));
  }

  @Test
  void averagesByClass() {
    assertArrayEquals(new double[] {1, 1}, CurveAverages.rocAreas(TWO_TABLES, TWO_ROWS, null));
    assertArrayEquals(
        new double[] {1, 1}, CurveAverages.averagePrecisions(TWO_TABLES, TWO_ROWS, null));
    assertEquals(2, ClassScores.ofLabels(TWO_TABLES, TWO_TABLES, null).size());
    assertEquals(3, ConfusionMatrix.of(TWO, TWO, 3).classes());
    refused("classes are 0 to 2", () -> ConfusionMatrix.of(TWO, TWO, 3).count(3, 0));
    refused("classes are 0 to 1", () -> ConfusionMatrix.of(TWO, new int[] {0, 2}, 2));
    refused("needs a class", () -> ConfusionMatrix.of(TWO, TWO, 0));
  }

  @Test
  void chrfIsNamedAsSacrebleuNamesIt() {
    assertEquals("chrF2", Chrf.Settings.DEFAULT.name());
    assertEquals("chrF2++", new Chrf.Settings(6, 2, 2, false, false, false).name());
    assertEquals("chrF0.5+", new Chrf.Settings(6, 1, 0.5, false, false, false).name());
    assertEquals("chrF1.0E9", new Chrf.Settings(6, 0, 1e9, false, false, false).name());
  }

  @Test
  void schemesGoByTheirNames() {
    assertEquals(EntityScheme.IOB2, EntityScheme.named("bio"));
    assertEquals(EntityScheme.IOE2, EntityScheme.named("IOE"));
    assertEquals(EntityScheme.IOBES, EntityScheme.named("BIOES"));
    assertEquals(EntityScheme.BILOU, EntityScheme.named("bilou"));
    refused("no scheme", () -> EntityScheme.named("IO"));
  }

  @Test
  void examplesAndPredictionsAreAsMany() {
    List<String> one = List.of("a");
    List<String> two = List.of("a", "b");
    boolean[] positive = {true};
    double[] scores = {0.5, 0.6};
    refused("2 predictions", () -> ClassScores.of(one, two, two, null));
    refused("2 predictions", () -> ClassScores.ofLabels(ONE_TABLE, TWO_TABLES, null));
    refused("2 predictions", () -> ClassScores.ofSamples(ONE_TABLE, TWO_TABLES, null));
    refused("2 predictions", () -> ContingencyTable.of(one, two, two, null));
    refused("2 predictions", () -> ConfusionMatrix.of(ONE, TWO, 2));
    refused("2 predictions", () -> MultiLabel.accuracy(ONE_TABLE, TWO_TABLES, null));
    refused("2 predictions", () -> MultiLabel.hammingLoss(ONE_TABLE, TWO_TABLES, null));
    refused("2 predictions", () -> MultiLabel.rankingPrecision(ONE_TABLE, TWO_ROWS, null));
    refused("2 predictions", () -> MultiLabel.topK(ONE, TWO_ROWS, 1, null));
    refused("2 predictions", () -> ProbabilityScores.brier(ONE, TWO_ROWS, null, false));
    refused("2 predictions", () -> ProbabilityScores.logLoss(ONE, TWO_ROWS, null, false));
    refused("2 predictions", () -> Calibration.of(positive, scores, 2));
    refused("2 predictions", () -> Calibration.of(ONE, TWO_ROWS, 2));
    refused("2 scores", () -> RocCurve.area(positive, scores));
    refused("2 predictions", () -> CurveAverages.rocAreas(ONE_TABLE, TWO_ROWS, null));
    refused(
        "2 predictions", () -> CurveAverages.rocArea(ONE_TABLE, TWO_ROWS, null, Averaging.MICRO));
    refused(
        "2 predictions", () -> EntityScores.of(List.of(one), List.of(one, one), EntityScheme.IOB2));
    refused("2 predictions", () -> Regression.r2(new double[1], new double[2], null));
    refused("weights", () -> Regression.r2(new double[2], new double[2], new double[1]));
    refused("weight", () -> Regression.r2(new double[1], new double[1], new double[] {-1}));
    refused("weight", () -> Regression.r2(new double[1], new double[1], new double[] {1 / 0.0}));
    refused("finite", () -> Regression.r2(new double[] {0.0 / 0.0}, new double[1], null));
    assertThrows(
        IllegalArgumentException.class,
        () -> Chrf.corpus(List.of(), List.of("a"), Chrf.Settings.DEFAULT));
  }

  @Test
  void rowsAreAsLongAsTheFirst() {
    boolean[][] ragged = {{true, false}, {true}};
    double[][] rows = {{0.5, 0.5}, {1}};
    refused("labels", () -> ClassScores.ofLabels(ragged, TWO_TABLES, null));
    refused("labels", () -> MultiLabel.accuracy(ragged, TWO_TABLES, null));
    refused("labels", () -> CurveAverages.rocAreas(ragged, TWO_ROWS, null));
    refused("scores", () -> CurveAverages.rocAreas(TWO_TABLES, rows, null));
    refused("scores", () -> MultiLabel.rankingPrecision(TWO_TABLES, rows, null));
    refused("scores", () -> MultiLabel.topK(TWO, rows, 1, null));
    refused("scores", () -> ProbabilityScores.brier(TWO, rows, null, false));
    refused("classes", () -> RocCurve.oneVersusOne(TWO, rows, RocCurve.Average.MACRO));
    refused(
        "classes",
        () -> RocCurve.oneVersusRest(new int[] {0, 2}, TWO_ROWS, RocCurve.Average.MACRO));
    refused(
        "NaN",
        () ->
            RocCurve.oneVersusRest(
                TWO, new double[][] {{0.0 / 0.0, 1}, {1, 0}}, RocCurve.Average.MACRO));
  }

  private static void refused(String because, Executable call) {
    var refusal = assertThrows(IllegalArgumentException.class, call);
    assertTrue(refusal.getMessage().contains(because), refusal.getMessage());
  }
}
