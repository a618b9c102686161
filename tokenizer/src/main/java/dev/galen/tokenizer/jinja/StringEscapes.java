package dev.galen.tokenizer.jinja;

/** The escapes in a template's string literals, which are Python's. */
final class StringEscapes {
  private static final String SIMPLE = "\\'\"abfnrtv";
  private static final String MEANING = "\\'\"\u0007\b\f\n\r\t\u000b";

  private StringEscapes() {}

  /** What a literal stands for; an unknown escape keeps its backslash. */
  static String unescape(String literal) {
    if (literal.indexOf('\\') < 0) {
      return literal;
    }
    var text = new StringBuilder();
    int i = 0;
    while (i < literal.length()) {
      char c = literal.charAt(i++);
      if (c != '\\') {
        text.append(c);
        continue;
      }
      char escape = literal.charAt(i++);
      int simple = SIMPLE.indexOf(escape);
      if (simple >= 0) {
        text.append(MEANING.charAt(simple));
      } else if (escape >= '0' && escape <= '7') {
        int end = i;
        while (end < literal.length() && end < i + 2 && isOctal(literal.charAt(end))) {
          end++;
        }
        text.append((char) Integer.parseInt(literal, i - 1, end, 8));
        i = end;
      } else if (escape == 'x' || escape == 'u' || escape == 'U') {
        int digits = escape == 'x' ? 2 : escape == 'u' ? 4 : 8;
        text.appendCodePoint(codePoint(literal, i, digits));
        i += digits;
      } else if (escape == 'N') {
        throw new JinjaException("a string names a character by \\N, which is not supported");
      } else if (escape != '\n') {
        text.append('\\').append(escape);
      }
    }
    return text.toString();
  }

  private static boolean isOctal(char c) {
    return c >= '0' && c <= '7';
  }

  private static int codePoint(String literal, int from, int digits) {
    long value = -1;
    if (from + digits <= literal.length()) {
      value = 0;
      for (int i = from; i < from + digits && value >= 0; i++) {
        int digit = Character.digit(literal.charAt(i), 16);
        value = digit < 0 ? -1 : value * 16 + digit;
      }
    }
    if (value < 0 || value > Character.MAX_CODE_POINT) {
      throw new JinjaException("a string has an escape that is no character");
    }
    return (int) value;
  }
}
