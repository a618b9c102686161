package dev.galen.examples.clinical.clean;

import dev.galen.examples.clinical.document.Edits;

/**
 * What HTML raises or lowers. 10&lt;sup&gt;9&lt;/sup&gt; without its tags would read 109, so raised
 * digits become Unicode's superscripts, and what has none stands behind a caret. Lowered digits are
 * plain (SpO2, B12) unless a digit stands beside them.
 */
public final class Scripts {
  private static final String PLAIN = "0123456789+-\u2212\u2013()n";
  private static final String RAISED =
      "\u2070\u00B9\u00B2\u00B3\u2074\u2075\u2076\u2077\u2078\u2079\u207A\u207B\u207B\u207B\u207D\u207E\u207F";
  private static final String LOWERED =
      "\u2080\u2081\u2082\u2083\u2084\u2085\u2086\u2087\u2088\u2089\u208A\u208B\u208B\u208B\u208D\u208E\u2099";

  /** Characters of what is raised or lowered at most; more is a text of its own. */
  public static final int LONGEST = 16;

  private Scripts() {}

  /**
   * Puts what stands between the tags in the place of all; false if it is too long or holds tags.
   *
   * @param at where the tag begins
   * @param from where what it holds begins
   * @param to where that ends, and the closing tag begins
   */
  static boolean replace(String text, int at, int from, int to, boolean raised, Edits edits) {
    String content = text.substring(from, to).strip();
    if (content.length() > LONGEST || content.indexOf('<') >= 0) {
      return false;
    }
    int end = text.indexOf('>', to) + 1;
    char before = at == 0 ? ' ' : text.charAt(at - 1);
    char after = end < text.length() ? text.charAt(end) : ' ';
    edits.replace(
        at, end, raised ? raised(content, before, after) : lowered(content, before, after));
    return true;
  }

  /** What is raised, as a plain text has it; {@code before} and {@code after} stand beside it. */
  public static String raised(String content, char before, char after) {
    boolean degree = content.equals("o") && (after == 'C' || after == 'F');
    if (degree) {
      return "\u00B0";
    }
    if (content.chars().allMatch(Character::isLetter) || content.isEmpty()) {
      return content; // 4th
    }
    String signs = translated(content, RAISED);
    return signs != null ? signs : Character.isLetterOrDigit(before) ? "^" + content : content;
  }

  /** The same of what is lowered. */
  public static String lowered(String content, char before, char after) {
    boolean digits = content.chars().anyMatch(Character::isDigit);
    if (!digits || !Character.isDigit(before) && !Character.isDigit(after)) {
      return content;
    }
    String signs = translated(content, LOWERED);
    return signs != null ? signs : "_" + content + " ";
  }

  private static String translated(String content, String signs) {
    var translated = new StringBuilder();
    for (int i = 0; i < content.length(); i++) {
      int place = PLAIN.indexOf(content.charAt(i));
      if (place < 0) {
        return null;
      }
      translated.append(signs.charAt(place));
    }
    return translated.toString();
  }
}
