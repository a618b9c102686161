package dev.galen.train.run;

import java.util.Locale;

/**
 * What part of the training data a run is measured on, where it has no validation file.
 *
 * @param share of all examples, from 0 to below 1; not looked at where there are folds
 * @param by how they are chosen
 * @param fold the one of {@code folds} that is held out, counted from 1; 0 where there are none
 * @param folds into how many parts the data are cut, 2 or more; 0 for a share
 */
public record HeldOut(double share, By by, int fold, int folds) {
  /** How examples are chosen. */
  public enum By {
    /** By what they are, so that each stays on its side whatever is added to the data. */
    HASH,
    /** At random, by the run's seed: exactly the share of the number there is. */
    RANDOM,
    /** At random, with the share of each class. */
    CLASS;

    /** Its name in options and in a run's JSON. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A tenth, by hash. */
  public static final HeldOut TENTH = new HeldOut(0.1, By.HASH, 0, 0);

  /** Checks that there is such a part. */
  public HeldOut {
    if (!(share >= 0 && share < 1)) {
      throw new IllegalArgumentException("valid-share is " + share + ", must be in [0, 1)");
    }
    if (folds != 0 || fold != 0) {
      if (folds < 2 || fold < 1 || fold > folds) {
        throw new IllegalArgumentException(
            "fold is %d/%d, must be from 1/K to K/K with a K of 2 or more".formatted(fold, folds));
      }
      if (by == By.HASH) {
        throw new IllegalArgumentException(
            "fold is %d/%d with valid-by hash; folds are chosen by random or class"
                .formatted(fold, folds));
      }
    }
  }

  /** A share, chosen so. */
  public static HeldOut of(double share, By by) {
    return new HeldOut(share, by, 0, 0);
  }

  /**
   * One of several folds as it is written: {@code 2/5}.
   *
   * @throws IllegalArgumentException if the text is none
   */
  public static HeldOut fold(String text, By by) {
    String[] numbers = text.split("/", -1);
    try {
      return new HeldOut(0, by, Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]));
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      throw new IllegalArgumentException(
          "fold is " + text + ", must be one such as 2/5, the second of five", e);
    }
  }

  /** Whether it is one of several folds. */
  public boolean isFold() {
    return folds > 0;
  }

  /** How it is chosen, in words. */
  String words(long seed) {
    return isFold()
        ? "fold %d of %d by %s with seed %d".formatted(fold, folds, by.word(), seed)
        : "by %s with seed %d".formatted(by.word(), seed);
  }
}
