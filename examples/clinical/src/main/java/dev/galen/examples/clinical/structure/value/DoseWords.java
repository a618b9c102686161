package dev.galen.examples.clinical.structure.value;

/** Routes and frequencies of doses under one name for all ways to write them. */
public final class DoseWords {
  private DoseWords() {}

  /**
   * The names of what {@code words} say, with a space between, such as {@code twice_daily prn} for
   * "BID PRN" and "twice a day as needed"; the words themselves where they are not known.
   */
  public static String canonical(String words) {
    return OrderTail.canonical(words);
  }
}
