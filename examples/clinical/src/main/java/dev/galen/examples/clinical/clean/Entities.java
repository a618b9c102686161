package dev.galen.examples.clinical.clean;

import dev.galen.examples.clinical.document.Edits;

/**
 * HTML's character entities: {@code &lt;}, {@code &#176;}, {@code &#xB1;}. Those that were escaped
 * again and again ({@code &amp;amp;lt;}) are undone at once. A semicolon has to stand behind them,
 * but for {@code &nbsp}; other uses of an ampersand stay.
 */
final class Entities {
  private static final int LONGEST_NAME = 10;

  private final String text;
  private String value;
  private int end;

  private Entities(String text) {
    this.text = text;
  }

  static Edits edits(String text) {
    var entities = new Entities(text);
    var edits = new Edits(text);
    for (int at = text.indexOf('&'); at >= 0; at = text.indexOf('&', at)) {
      if (entities.read(at)) {
        edits.replace(at, entities.end, entities.value);
        at = entities.end;
      } else {
        at++;
      }
    }
    return edits;
  }

  /** Reads the entity whose ampersand is at {@code at}, and what it is the ampersand of. */
  private boolean read(int at) {
    if (!readOne(at + 1)) {
      return false;
    }
    while (value.equals("&")) {
      int outer = end;
      if (!readOne(outer)) {
        value = "&";
        end = outer;
        return true;
      }
    }
    return true;
  }

  /** Reads what stands behind an ampersand into {@link #value} and {@link #end}. */
  private boolean readOne(int at) {
    if (at < text.length() && text.charAt(at) == '#') {
      return readNumber(at + 1);
    }
    int to = at;
    while (to < text.length() && to - at <= LONGEST_NAME && isNameCharacter(text.charAt(to))) {
      to++;
    }
    if (to < text.length() && text.charAt(to) == ';') {
      value = EntityNames.of(text.substring(at, to));
      end = to + 1;
      return value != null;
    }
    if (text.startsWith("nbsp", at) && to == at + 4) {
      value = "\u00A0";
      end = to;
      return true;
    }
    return false;
  }

  private boolean readNumber(int at) {
    boolean hex = at < text.length() && (text.charAt(at) == 'x' || text.charAt(at) == 'X');
    int from = hex ? at + 1 : at;
    int to = from;
    while (to < text.length() && to - from < 8 && Character.digit(text.charAt(to), 16) >= 0) {
      to++;
    }
    if (to == from || to == text.length() || text.charAt(to) != ';') {
      return false;
    }
    long code;
    try {
      code = Long.parseLong(text, from, to, hex ? 16 : 10);
    } catch (NumberFormatException e) {
      return false; // a letter among the digits of a decimal number
    }
    if (code > Character.MAX_CODE_POINT || code >= 0xD800 && code < 0xE000) {
      return false;
    }
    value =
        code >= 0x80 && code < 0xA0
            ? Windows1252.of((int) code)
            : code == 0 ? "" : Character.toString((int) code);
    end = to + 1;
    return true;
  }

  private static boolean isNameCharacter(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
  }
}
