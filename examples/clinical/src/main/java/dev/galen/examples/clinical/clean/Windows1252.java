package dev.galen.examples.clinical.clean;

/** The 32 places in which Windows-1252 differs from Latin-1. */
final class Windows1252 {
  /** From 0x80 on; 0 where nothing is. */
  private static final String UPPER =
      "\u20AC\0\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\0\u017D\0"
          + "\0\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\0\u017E\u0178";

  private Windows1252() {}

  /** The character of a byte from 0x80 to 0x9F; none where nothing is. */
  static String of(int code) {
    char c = UPPER.charAt(code - 0x80);
    return c == 0 ? "" : String.valueOf(c);
  }

  /** The byte that was read as {@code c}, as Windows-1252 or Latin-1; -1 if none was. */
  static int code(char c) {
    if (c < 0x100) {
      return c;
    }
    int at = UPPER.indexOf(c);
    return at < 0 ? -1 : at + 0x80;
  }
}
