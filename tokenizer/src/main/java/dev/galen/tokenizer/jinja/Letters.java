package dev.galen.tokenizer.jinja;

import java.util.Locale;

/** Upper and lower case, and what characters are. */
final class Letters {
  private Letters() {}

  static String change(String how, String text) {
    return switch (how) {
      case "lower" -> text.toLowerCase(Locale.ROOT);
      case "casefold" -> text.replace("ß", "ss").toLowerCase(Locale.ROOT).replace('ς', 'σ');
      case "upper" -> text.toUpperCase(Locale.ROOT);
      case "capitalize" -> capitalize(text);
      case "title" -> title(text);
      default -> swapCase(text);
    };
  }

  /** The first character in title case, the others in lower case. */
  static String capitalize(String text) {
    if (text.isEmpty()) {
      return text;
    }
    int end = Character.charCount(text.codePointAt(0));
    return titleCase(text.substring(0, end)) + text.substring(end).toLowerCase(Locale.ROOT);
  }

  private static String titleCase(String character) {
    int c = character.codePointAt(0);
    int title = Character.toTitleCase(c);
    if (title != c) {
      return Character.toString(title);
    }
    // One that becomes several, such as a sharp s: the first of them is large.
    String upper = character.toUpperCase(Locale.ROOT);
    int first = Character.charCount(upper.codePointAt(0));
    return upper.substring(0, first) + upper.substring(first).toLowerCase(Locale.ROOT);
  }

  private static String title(String text) {
    var out = new StringBuilder(text.length());
    boolean inWord = false;
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      String one = Character.toString(text.codePointAt(i));
      out.append(inWord ? one.toLowerCase(Locale.ROOT) : titleCase(one));
      inWord = isCased(text.codePointAt(i));
    }
    return out.toString();
  }

  private static String swapCase(String text) {
    var out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      String one = Character.toString(text.codePointAt(i));
      boolean upper = Character.isUpperCase(text.codePointAt(i));
      out.append(upper ? one.toLowerCase(Locale.ROOT) : one.toUpperCase(Locale.ROOT));
    }
    return out.toString();
  }

  private static boolean isCased(int c) {
    return Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
  }

  static boolean is(String what, String text) {
    if (what.equals("isascii") || what.equals("isprintable")) {
      return text.codePoints()
          .allMatch(c -> what.equals("isascii") ? c < 128 : PythonText.isPrintable(c));
    }
    if (what.equals("islower") || what.equals("isupper")) {
      boolean lower = what.equals("islower");
      return text.codePoints().anyMatch(c -> isCased(c))
          && text.codePoints()
              .filter(c -> isCased(c))
              .allMatch(c -> lower ? Character.isLowerCase(c) : Character.isUpperCase(c));
    }
    if (what.equals("istitle")) {
      return text.codePoints().anyMatch(c -> isCased(c)) && title(text).equals(text);
    }
    return !text.isEmpty() && text.codePoints().allMatch(c -> isOne(what, c));
  }

  private static boolean isOne(String what, int c) {
    int type = Character.getType(c);
    boolean decimal = type == Character.DECIMAL_DIGIT_NUMBER;
    boolean digit = decimal || "²³¹⁰⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉".indexOf(c) >= 0;
    boolean numeric = digit || type == Character.LETTER_NUMBER || type == Character.OTHER_NUMBER;
    return switch (what) {
      case "isalpha" -> Character.isLetter(c);
      case "isdecimal" -> decimal;
      case "isdigit" -> digit;
      case "isnumeric" -> numeric;
      case "isalnum" -> Character.isLetter(c) || numeric;
      default -> PythonText.isSpace(c);
    };
  }

  /** Fills a text up to a width; Python puts the odd character of {@code center} where it does. */
  static String pad(String text, String how, long width, String filler, Budget budget) {
    budget.spend(Math.max(0, width));
    int missing = (int) Math.max(0, width - PythonText.length(text));
    int left =
        switch (how) {
          case "ljust" -> 0;
          case "rjust" -> missing;
          default -> missing / 2 + (missing & (int) width & 1);
        };
    return filler.repeat(left) + text + filler.repeat(missing - left);
  }
}
