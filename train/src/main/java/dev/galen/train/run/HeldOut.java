package dev.galen.train.run;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What part of the training data a run is measured on, where it has no validation file.
 *
 * @param share of all examples, from 0 to below 1; not looked at where there are folds
 * @param by how they are chosen
 * @param group the field of a row that says what it belongs to, such as {@code patient}; null
 *     unless they are chosen by it
 * @param fold the one of {@code folds} that is held out, counted from 1; 0 where there are none
 * @param folds into how many parts the data are cut, 2 or more; 0 for a share
 */
public record HeldOut(double share, By by, String group, int fold, int folds) {
  /** How examples are chosen. */
  public enum By {
    /** By what they are, so that each stays on its side whatever is added to the data. */
    HASH,
    /** At random, by the run's seed: exactly the share of the number there is. */
    RANDOM,
    /** At random, with the share of each class. */
    CLASS,
    /** At random, so that rows of one group are all on one side: about the share. */
    GROUP;

    private String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A tenth, by hash. */
  public static final HeldOut TENTH = new HeldOut(0.1, By.HASH, null, 0, 0);

  /** Checks that there is such a part. */
  public HeldOut {
    if (!(share >= 0 && share < 1)) {
      throw new IllegalArgumentException("valid-share is " + share + ", must be in [0, 1)");
    }
    if ((by == By.GROUP) != (group != null && !group.isBlank())) {
      throw new IllegalArgumentException(
          "valid-by is %s:%s, must be group and the name of a field, or another without one"
              .formatted(by.word(), group == null ? "" : group));
    }
    if (folds != 0 || fold != 0) {
      if (folds < 2 || fold < 1 || fold > folds) {
        throw new IllegalArgumentException(
            "fold is %d/%d, must be from 1/K to K/K with a K of 2 or more".formatted(fold, folds));
      }
      if (by == By.HASH) {
        throw new IllegalArgumentException(
            "fold is %d/%d with valid-by hash; folds are chosen by random, class or group"
                .formatted(fold, folds));
      }
    }
  }

  /** A share, chosen by what needs no field. */
  public static HeldOut of(double share, By by) {
    return new HeldOut(share, by, null, 0, 0);
  }

  /**
   * A share, chosen as {@link #word} says it: {@code random}, {@code group:patient}.
   *
   * @throws IllegalArgumentException if the word is none
   */
  public static HeldOut of(double share, String by) {
    return new HeldOut(share, by(by), group(by), 0, 0);
  }

  /**
   * One of several folds as it is written: {@code 2/5}.
   *
   * @param by as in {@link #of(double, String)}
   * @throws IllegalArgumentException if the text is none
   */
  public static HeldOut fold(String text, String by) {
    String[] numbers = text.split("/", -1);
    int fold;
    int folds;
    try {
      fold = Integer.parseInt(numbers[0]);
      folds = Integer.parseInt(numbers[1]);
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      throw new IllegalArgumentException(
          "fold is " + text + ", must be one such as 2/5, the second of five", e);
    }
    return new HeldOut(0, by(by), group(by), fold, folds);
  }

  private static By by(String word) {
    String name = word.split(":", 2)[0];
    return Arrays.stream(By.values())
        .filter(by -> by.word().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "valid-by is %s, expected one of %s:FIELD"
                        .formatted(
                            word,
                            Arrays.stream(By.values())
                                .map(By::word)
                                .collect(Collectors.joining(", ")))));
  }

  private static String group(String word) {
    String[] parts = word.split(":", 2);
    return parts.length < 2 ? null : parts[1];
  }

  /** How they are chosen, in options and in a run's JSON. */
  public String word() {
    return group == null ? by.word() : by.word() + ":" + group;
  }

  /** Whether it is one of several folds. */
  public boolean isFold() {
    return folds > 0;
  }

  /** How it is chosen, in words. */
  String words(long seed) {
    return isFold()
        ? "fold %d of %d by %s with seed %d".formatted(fold, folds, word(), seed)
        : "by %s with seed %d".formatted(word(), seed);
  }
}
