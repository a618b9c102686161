package dev.galen.train.data;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Data parted into what is learned from, what decides, and what is reported.
 *
 * @param <T> what is parted: examples or sequences
 * @param train what the model learns from
 * @param validation what chooses among models
 * @param test what the result is measured on
 */
public record Split<T>(List<T> train, List<T> validation, List<T> test) {

  /** A part of the data, in the order of the lists. */
  public enum Part {
    /** Learned. */
    TRAIN,
    /** Decides. */
    VALIDATION,
    /** Reported. */
    TEST
  }

  /** Copies the lists. */
  public Split {
    train = List.copyOf(train);
    validation = List.copyOf(validation);
    test = List.copyOf(test);
  }

  /**
   * Parts examples by a hash of what they are, so that a record stays on its side whatever the
   * order of the file and whatever is added to it. The key is a question's id, or its question
   * where it has no id, or the text; the number is the first 53 bits of SHA-256 of the seed in
   * decimals, a colon and the key in UTF-8, as a fraction of 1: below {@code test} the record is a
   * test record, below {@code test + validation} a validation record. Two records with one key stay
   * together.
   *
   * @param examples what to part, each part in this order
   * @param validation the share of validation, from 0 to 1
   * @param test the share of test, from 0 to 1; both together at most 1
   * @param seed another seed, another split
   */
  public static <E extends Example> Split<E> byHash(
      List<E> examples, double validation, double test, long seed) {
    var parts = List.of(new ArrayList<E>(), new ArrayList<E>(), new ArrayList<E>());
    for (E example : examples) {
      parts.get(partOf(example, validation, test, seed).ordinal()).add(example);
    }
    return new Split<>(parts.get(0), parts.get(1), parts.get(2));
  }

  /** The part of one example by the same rule, for examples that are not held as a list. */
  public static Part partOf(Example example, double validation, double test, long seed) {
    requireShares(validation, test);
    double at = fraction(seed + ":" + example.key());
    return at < test ? Part.TEST : at < test + validation ? Part.VALIDATION : Part.TRAIN;
  }

  /**
   * Parts questions by lists of ids, as published splits are given.
   *
   * @throws IllegalArgumentException if an id is in both lists
   */
  public static Split<QuestionExample> byIds(
      List<QuestionExample> examples, Set<String> validation, Set<String> test) {
    for (String id : validation) {
      if (test.contains(id)) {
        throw new IllegalArgumentException(
            "id " + id + " is in the lists of validation and of test; expected it in one");
      }
    }
    return new Split<>(
        examples.stream()
            .filter(e -> !validation.contains(e.id()) && !test.contains(e.id()))
            .toList(),
        examples.stream().filter(e -> validation.contains(e.id())).toList(),
        examples.stream().filter(e -> test.contains(e.id())).toList());
  }

  /**
   * Parts a row of things where they stand: first train, then validation, then test. For the blocks
   * of one long text, whose neighbours belong together.
   *
   * @param items what to part
   * @param validation the share of validation, from 0 to 1, rounded down to whole items
   * @param test the share of test, from 0 to 1, rounded down to whole items; both together at most
   *     1
   */
  public static <T> Split<T> inOrder(List<T> items, double validation, double test) {
    requireShares(validation, test);
    int testFrom = items.size() - (int) (items.size() * test);
    int validationFrom = testFrom - (int) (items.size() * validation);
    return new Split<>(
        items.subList(0, validationFrom),
        items.subList(validationFrom, testFrom),
        items.subList(testFrom, items.size()));
  }

  private static void requireShares(double validation, double test) {
    if (!(validation >= 0 && test >= 0 && validation + test <= 1)) {
      throw new IllegalArgumentException(
          "shares of validation %s and test %s; expected both at least 0, together at most 1"
              .formatted(validation, test));
    }
  }

  /** A number from 0 (inclusive) to 1 (exclusive) that depends on nothing but the text. */
  private static double fraction(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      long bits = 0;
      for (int i = 0; i < 8; i++) {
        bits = (bits << 8) | (digest[i] & 0xFF);
      }
      return (bits >>> 11) * 0x1.0p-53;
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
