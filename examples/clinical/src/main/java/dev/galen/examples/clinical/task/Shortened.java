package dev.galen.examples.clinical.task;

/** Texts as a report shows them. */
final class Shortened {
  private static final int MOST = 600;

  private Shortened() {}

  /** The text, or its beginning where it is long. */
  static String text(String text) {
    if (text.length() <= MOST) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(MOST - 1)) ? MOST - 1 : MOST;
    return text.substring(0, end) + " ...";
  }
}
