package dev.galen.examples.clinical.baseline;

import dev.galen.examples.clinical.report.Comparison;
import dev.galen.train.metrics.ConfusionMatrix;
import dev.galen.train.metrics.Significance;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * A classifier beside a baseline on the same texts: the paired bootstrap of accuracy and macro-F1,
 * and McNemar's exact test of the right answers.
 *
 * @param accuracy the model against the baseline
 * @param macroF1 the same
 * @param mcNemar of their right answers
 */
public record PairedComparison(Comparison accuracy, Comparison macroF1, Significance.Test mcNemar) {
  private static final int SAMPLES = 1000;
  private static final double CONFIDENCE = 0.95;

  /**
   * Compares predictions.
   *
   * @param truth the class of each text
   * @param seed of the bootstrap
   */
  public static PairedComparison of(
      int[] truth, Baselines.Measured baseline, Baselines.Measured model, int classes, long seed) {
    int baselineOnly = 0;
    int modelOnly = 0;
    for (int i = 0; i < truth.length; i++) {
      boolean one = baseline.predicted()[i] == truth[i];
      boolean other = model.predicted()[i] == truth[i];
      baselineOnly += one && !other ? 1 : 0;
      modelOnly += other && !one ? 1 : 0;
    }
    return new PairedComparison(
        compared("accuracy", truth, baseline, model, classes, seed, ConfusionMatrix::accuracy),
        compared(
            "macro-F1",
            truth,
            baseline,
            model,
            classes,
            seed,
            matrix -> matrix.macro(Double.NaN).f1()),
        Significance.mcNemar(baselineOnly, modelOnly, Significance.McNemar.EXACT));
  }

  private static Comparison compared(
      String figure,
      int[] truth,
      Baselines.Measured baseline,
      Baselines.Measured model,
      int classes,
      long seed,
      ToDoubleFunction<ConfusionMatrix> measure) {
    var paired =
        Significance.bootstrap(
            truth.length,
            drawn -> measure.applyAsDouble(matrix(truth, baseline.predicted(), drawn, classes)),
            drawn -> measure.applyAsDouble(matrix(truth, model.predicted(), drawn, classes)),
            SAMPLES,
            seed,
            CONFIDENCE);
    return Comparison.of(figure, model.name(), baseline.name(), paired, CONFIDENCE);
  }

  private static ConfusionMatrix matrix(int[] truth, int[] predicted, int[] drawn, int classes) {
    var drawnTruth = new int[drawn.length];
    var drawnPredicted = new int[drawn.length];
    for (int i = 0; i < drawn.length; i++) {
      drawnTruth[i] = truth[drawn[i]];
      drawnPredicted[i] = predicted[drawn[i]];
    }
    return ConfusionMatrix.of(drawnTruth, drawnPredicted, classes);
  }

  /** Both figures and the test in words. */
  public String words() {
    return String.format(
        Locale.ROOT,
        "%s %s McNemar's exact test of the right answers: p %s.",
        accuracy.text(),
        macroF1.text(),
        mcNemar.pValue() < 0.001
            ? "< 0.001"
            : String.format(Locale.ROOT, "= %.3f", mcNemar.pValue()));
  }
}
