package dev.galen.tokenizer;

/** Shows what a file says within a message of one line. */
final class Quote {

  private static final int LONGEST = 80;

  private Quote() {}

  /** The text without its control characters and, if it is long, without its end. */
  static String of(String text) {
    var shown = new StringBuilder();
    for (int i = 0; i < text.length() && shown.length() < LONGEST; i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c) || Character.isSurrogate(c) || c == 0x2028 || c == 0x2029) {
        boolean pair = i + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(i + 1));
        if (pair) {
          shown.append(c).append(text.charAt(++i));
        } else {
          shown.append("\\u%04x".formatted((int) c));
        }
      } else {
        shown.append(c);
      }
    }
    return shown.length() < LONGEST ? shown.toString() : shown + "...";
  }
}
