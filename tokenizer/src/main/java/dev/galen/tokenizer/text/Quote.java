package dev.galen.tokenizer.text;

/** Shows what a file says within a message of one line. */
public final class Quote {

  private static final int LONGEST = 80;

  /** A parser's own words, which quote a little of what it read. */
  private static final int LONGER = 240;

  private Quote() {}

  /** The text without its control characters and, if it is long, without its end. */
  public static String of(String text) {
    return of(text, LONGEST);
  }

  /** The same for a whole sentence. */
  public static String longer(String text) {
    return of(text, LONGER);
  }

  private static String of(String text, int longest) {
    var shown = new StringBuilder();
    for (int i = 0; i < text.length() && shown.length() < longest; i++) {
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
    return shown.length() < longest ? shown.toString() : shown + "...";
  }
}
