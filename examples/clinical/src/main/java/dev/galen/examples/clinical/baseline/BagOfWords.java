package dev.galen.examples.clinical.baseline;

import dev.galen.train.data.Folds;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** A classifier of texts by their words alone: {@link TfIdf} and {@link LogisticRegression}. */
public final class BagOfWords {
  /** Values of C that are tried. */
  private static final double[] GRID = {0.01, 0.1, 1, 10, 100};

  private final TfIdf words;
  private final LogisticRegression regression;
  private final double c;

  private BagOfWords(TfIdf words, LogisticRegression regression, double c) {
    this.words = words;
    this.regression = regression;
    this.c = c;
  }

  /**
   * Learns from texts.
   *
   * @param truth the class of each, 0 to {@code classes - 1}
   * @param c how closely to fit, 1 with scikit-learn
   */
  public static BagOfWords fit(
      List<String> texts, int[] truth, int classes, TfIdf.Settings settings, double c) {
    TfIdf words = TfIdf.of(texts, settings);
    var regression = LogisticRegression.fit(words.vectors(texts), truth, classes, words.size(), c);
    return new BagOfWords(words, regression, c);
  }

  /**
   * The same with the C, of 0.01, 0.1, 1, 10 and 100, that predicts most of the texts right in
   * stratified cross-validation; the smallest of several. No more folds are made than the largest
   * class has texts.
   *
   * @param folds how many, such as 5
   * @param seed of the folds
   */
  public static BagOfWords tuned(
      List<String> texts, int[] truth, int classes, TfIdf.Settings settings, int folds, long seed) {
    int largest = 0;
    for (int k = 0; k < classes; k++) {
      int label = k;
      largest = Math.max(largest, (int) Arrays.stream(truth).filter(t -> t == label).count());
    }
    int parts = Math.min(folds, largest);
    if (parts < 2) {
      return fit(texts, truth, classes, settings, 1);
    }
    var right = new int[GRID.length];
    List<Integer> all = IntStream.range(0, truth.length).boxed().toList();
    for (Folds.Fold<Integer> fold : Folds.stratified(all, i -> truth[i], parts, seed)) {
      List<String> train = fold.train().stream().map(texts::get).toList();
      int[] labels = fold.train().stream().mapToInt(i -> truth[i]).toArray();
      TfIdf words = TfIdf.of(train, settings);
      List<SparseVector> vectors = words.vectors(train);
      List<SparseVector> held = fold.test().stream().map(texts::get).map(words::vector).toList();
      for (int g = 0; g < GRID.length; g++) {
        var regression = LogisticRegression.fit(vectors, labels, classes, words.size(), GRID[g]);
        for (int i = 0; i < held.size(); i++) {
          right[g] += regression.predict(held.get(i)) == truth[fold.test().get(i)] ? 1 : 0;
        }
      }
    }
    int best = 0;
    for (int g = 1; g < GRID.length; g++) {
      best = right[g] > right[best] ? g : best;
    }
    return fit(texts, truth, classes, settings, GRID[best]);
  }

  /** The C it was fitted with. */
  public double c() {
    return c;
  }

  /** How many features it knows. */
  public int features() {
    return words.size();
  }

  /** The probability of each class. */
  public double[] probabilities(String text) {
    return regression.probabilities(words.vector(text));
  }

  /** The likeliest class of each text. */
  public int[] predict(List<String> texts) {
    return texts.stream().mapToInt(t -> regression.predict(words.vector(t))).toArray();
  }
}
