package dev.galen.examples.clinical.baseline;

import dev.galen.train.metrics.ConfusionMatrix;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The baselines of a classifier, each fitted on its training texts and measured on its test's. */
public final class Baselines {
  private static final int FOLDS = 5;

  /**
   * What one of them came to.
   *
   * @param name such as {@code bag of words, C = 10}
   * @param predicted the class that it gives each test text
   * @param accuracy share of these that are right
   * @param macroF1 mean over the classes that occur, in truth or as predicted
   */
  @SuppressWarnings("ArrayRecordComponent") // Carried, never compared.
  public record Measured(String name, int[] predicted, double accuracy, double macroF1) {
    /** Measures predictions. */
    public static Measured of(String name, int[] truth, int[] predicted, int classes) {
      var matrix = ConfusionMatrix.of(truth, predicted, classes);
      return new Measured(
          name, predicted.clone(), matrix.accuracy(), matrix.macro(Double.NaN).f1());
    }

    /** One line for people. */
    public String line() {
      return String.format(
          Locale.ROOT, "%-28s accuracy %.3f  macro-F1 %.3f", name, accuracy, macroF1);
    }
  }

  private Baselines() {}

  /**
   * The majority class, a bag of words as it comes (C = 1), and one whose C is chosen by
   * cross-validation on the training texts.
   *
   * @param train texts to learn from
   * @param trainTruth the class of each, 0 to {@code classes - 1}
   * @param test texts to measure on
   * @param seed of the cross-validation
   */
  public static List<Measured> of(
      List<String> train,
      int[] trainTruth,
      List<String> test,
      int[] testTruth,
      int classes,
      long seed) {
    var settings = TfIdf.Settings.DEFAULT;
    var always = new int[test.size()];
    Arrays.fill(always, Majority.of(trainTruth, classes));
    BagOfWords plain = BagOfWords.fit(train, trainTruth, classes, settings, 1);
    BagOfWords tuned = BagOfWords.tuned(train, trainTruth, classes, settings, FOLDS, seed);
    return List.of(
        Measured.of("majority", testTruth, always, classes),
        Measured.of("bag of words, untuned, C = 1", testTruth, plain.predict(test), classes),
        Measured.of(
            "bag of words, tuned, C = " + number(tuned.c()),
            testTruth,
            tuned.predict(test),
            classes));
  }

  private static String number(double c) {
    return c == Math.rint(c) ? Long.toString((long) c) : Double.toString(c);
  }
}
