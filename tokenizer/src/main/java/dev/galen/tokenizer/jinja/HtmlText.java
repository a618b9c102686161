package dev.galen.tokenizer.jinja;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The filter {@code striptags}: what a page's markup says. */
final class HtmlText {
  /** The longest name of a character, as Python has it. */
  private static final int LONGEST = 32;

  private HtmlText() {}

  /** Names of characters with what they stand for; some end without a semicolon. */
  private static final class Entities {
    static final Map<String, String> BY_NAME = read();

    private static Map<String, String> read() {
      var entities = new HashMap<String, String>();
      try (var in = HtmlText.class.getResourceAsStream("entities.txt");
          var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          String[] fields = line.split(" ");
          var text = new StringBuilder();
          for (int i = 1; i < fields.length; i++) {
            text.appendCodePoint(Integer.parseInt(fields[i], 16));
          }
          entities.put(fields[0], text.toString());
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return entities;
    }
  }

  /** Without comments and tags, each white space one space, and named characters as themselves. */
  static String withoutTags(String text, Budget budget) {
    String bare = withoutTags(withoutComments(text, budget));
    var words = new StringBuilder();
    for (int i = 0; i < bare.length(); i++) {
      char c = bare.charAt(i);
      if (!PythonText.isSpace(c)) {
        words.append(c);
      } else if (!words.isEmpty() && words.charAt(words.length() - 1) != ' ') {
        words.append(' ');
      }
    }
    return unescaped(PythonText.stripEnd(words.toString()));
  }

  private static String withoutComments(String text, Budget budget) {
    var out = new StringBuilder(text);
    int from = 0;
    while (true) {
      // What is taken out may join what stood around it to another comment.
      int begin = out.indexOf("<!--", Math.max(0, from - 4));
      int end = begin < 0 ? -1 : out.indexOf("-->", begin);
      if (end < 0) {
        return out.toString();
      }
      budget.spend(out.length());
      out.delete(begin, end + 3);
      from = begin;
    }
  }

  private static String withoutTags(String text) {
    var out = new StringBuilder(text.length());
    int at = 0;
    while (true) {
      int begin = text.indexOf('<', at);
      int end = begin < 0 ? -1 : text.indexOf('>', begin);
      if (end < 0) {
        return out.append(text, at, text.length()).toString();
      }
      out.append(text, at, begin);
      at = end + 1;
    }
  }

  private static String unescaped(String text) {
    var out = new StringBuilder(text.length());
    int at = 0;
    while (at < text.length()) {
      int and = text.indexOf('&', at);
      if (and < 0) {
        break;
      }
      out.append(text, at, and);
      at =
          and + 1 < text.length() && text.charAt(and + 1) == '#'
              ? appendNumbered(out, text, and)
              : appendNamed(out, text, and);
    }
    return out.append(text, at, text.length()).toString();
  }

  /** Appends what {@code &#62;} or {@code &#x3e;} stands for; returns where it ends. */
  private static int appendNumbered(StringBuilder out, String text, int and) {
    int at = and + 2;
    boolean hex = at < text.length() && (text.charAt(at) == 'x' || text.charAt(at) == 'X');
    at += hex ? 1 : 0;
    int start = at;
    long number = 0;
    while (at < text.length() && digit(text.charAt(at), hex) >= 0) {
      number = Math.min(0x110000, number * (hex ? 16 : 10) + digit(text.charAt(at), hex));
      at++;
    }
    if (at == start) {
      out.append('&');
      return and + 1;
    }
    at += at < text.length() && text.charAt(at) == ';' ? 1 : 0;
    appendNumber(out, (int) number);
    return at;
  }

  private static int digit(char c, boolean hex) {
    return c < 0x80 ? Character.digit(c, hex ? 16 : 10) : -1;
  }

  /** As HTML's standard reads numbers, those of Windows' characters and of none included. */
  private static void appendNumber(StringBuilder out, int number) {
    String windows =
        "\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d"
            + "\u008f\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153"
            + "\u009d\u017e\u0178";
    if (number == 0 || number > 0x10ffff || (number >= 0xd800 && number <= 0xdfff)) {
      out.append('\ufffd');
    } else if (number >= 0x80 && number <= 0x9f) {
      out.append(windows.charAt(number - 0x80));
    } else if (number == 0xd || isWhite(number) || !isNone(number)) {
      out.appendCodePoint(number);
    }
  }

  private static boolean isWhite(int number) {
    return number == '\t' || number == '\n' || number == '\f';
  }

  /** Control characters, and code points that are no characters: they vanish. */
  private static boolean isNone(int number) {
    return number < 0x20
        || number == 0x7f
        || (number >= 0xfdd0 && number <= 0xfdef)
        || (number & 0xfffe) == 0xfffe;
  }

  /** Appends what {@code &gt;} stands for, or the longest name that a text begins with. */
  private static int appendNamed(StringBuilder out, String text, int and) {
    int end = and + 1;
    while (end < text.length() && end - and <= LONGEST && !endsName(text.charAt(end))) {
      end++;
    }
    if (end < text.length() && text.charAt(end) == ';') {
      end++;
    }
    for (int stop = end; stop > and + 1; stop--) {
      String found = Entities.BY_NAME.get(text.substring(and + 1, stop));
      if (found != null) {
        out.append(found);
        return stop;
      }
    }
    out.append('&');
    return and + 1;
  }

  private static boolean endsName(char c) {
    return switch (c) {
      case '\t', '\n', '\f', ' ', '<', '&', '#', ';' -> true;
      default -> false;
    };
  }
}
