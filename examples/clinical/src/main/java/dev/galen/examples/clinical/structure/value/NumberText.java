package dev.galen.examples.clinical.structure.value;

/** Reads a number of a text with what belongs to it, and tells by its form what it may be. */
final class NumberText {
  enum Shape {
    /** One number. */
    SINGLE,
    /** From one to another. */
    RANGE,
    /** One over another. */
    RATIO,
    /** A day. */
    DATE,
    /** A time of the day. */
    CLOCK,
    /** None of these: a telephone number, an ordinal, a size, 2+ and the like. */
    OTHER
  }

  private final String text;
  Shape shape;
  int start;
  int end;
  double first;
  double second;

  /** Digits of the first number before its point. */
  private int digits;

  private int at;
  private double read;

  NumberText(String text) {
    this.text = text;
  }

  /**
   * Reads at the first digit.
   *
   * @param joined whether the word "to" may stand between two ends of a range
   */
  void read(int place, boolean joined) {
    start = place;
    shape = Shape.SINGLE;
    int from = place;
    if (place > 0 && text.charAt(place - 1) == '.' && !word(place - 2)) {
      from--; // .5
      start--;
    }
    number(from);
    first = read;
    second = read;
    digits = wholeDigits(from);
    end = at;
    char next = peek(end);
    if (next == '/' && digit(end + 1)) {
      over(end + 1);
    } else if (dash(next) && digit(end + 1)) {
      range(end + 1);
    } else if (next == ':' && digit(end + 1)) {
      clock();
    } else if (next == '.' && digit(end + 1)) {
      skipAll(Shape.DATE);
    } else if (next == '+' || next == '^' || next == '*' && digit(end + 1)) {
      shape = Shape.OTHER;
      end++;
    } else if (next == ' ' || next == '\u00A0') {
      spaced(joined);
    } else if ((next == 'x' || next == '×') && digit(end + 1) && !power(end + 1)) {
      skipAll(Shape.OTHER);
    } else if (ordinal(end)) {
      shape = Shape.OTHER;
      end += 2;
    }
  }

  /** What stands there, without the commas of thousands and with one kind of dash. */
  String plain() {
    String plain = text.substring(start, end);
    if (plain.indexOf(',') >= 0) {
      plain = plain.replace(",", "");
    }
    if (plain.startsWith(".")) {
      plain = "0" + plain;
    }
    if (shape == Shape.RANGE || shape == Shape.RATIO) {
      plain =
          plain.replace('\u2013', '-').replace(" over ", "/").replace(" to ", "-").replace(" ", "");
    }
    return plain;
  }

  private void spaced(boolean joined) {
    int i = end + 1;
    if (text.startsWith("over ", i) && digit(i + 5)) {
      number(i + 5);
      if (first > read && first >= 50) {
        shape = Shape.RATIO;
        second = read;
        end = at;
      }
    } else if (peek(i) == '/' && peek(i + 1) == ' ' && digit(i + 2) && first >= 50) {
      over(i + 2);
    } else if (dash(peek(i)) && peek(i + 1) == ' ' && digit(i + 2)) {
      number(i + 2);
      pair(Shape.RANGE);
    } else if (joined && text.startsWith("to ", i) && digit(i + 3)) {
      number(i + 3);
      if (read > first) {
        pair(Shape.RANGE);
      }
    } else if ((peek(i) == 'x' || peek(i) == '×')
        && peek(i + 1) == ' '
        && digit(i + 2)
        && !power(i + 2)) {
      number(i + 2);
      shape = Shape.OTHER;
      end = at;
    }
  }

  /** Whether 10^3 or the like begins here, a part of a unit. */
  private boolean power(int i) {
    return text.startsWith("10", i)
        && i + 2 < text.length()
        && "^*(eE\u00B3\u2076\u2079x".indexOf(text.charAt(i + 2)) >= 0;
  }

  private void pair(Shape kind) {
    shape = kind;
    second = read;
    end = at;
  }

  private void over(int from) {
    number(from);
    second = read;
    int after = at;
    if (peek(after) == '/' && digit(after + 1)) {
      end = after;
      skipAll(Shape.DATE);
      return;
    }
    if (dash(peek(after)) && digit(after + 1)) {
      number(after + 1);
      after = at;
    }
    shape = Shape.RATIO;
    end = after;
  }

  private void range(int from) {
    number(from);
    double upper = read;
    int after = at;
    int upperDigits = wholeDigits(from);
    char next = peek(after);
    if (dash(next) && digit(after + 1)) {
      boolean day = digits == 4 || upperDigits <= 2 && digits <= 2;
      end = after;
      skipAll(day ? Shape.DATE : Shape.OTHER);
    } else if (digits == 3 && upperDigits == 4) {
      shape = Shape.OTHER; // a telephone number
      end = after;
    } else if (next == '/' && digit(after + 1)) {
      number(after + 1);
      second = read;
      if (dash(peek(at)) && digit(at + 1)) {
        number(at + 1);
      }
      shape = Shape.RATIO;
      end = at;
    } else {
      shape = Shape.RANGE;
      second = upper;
      end = after;
    }
  }

  private void clock() {
    int i = end + 1;
    int from = i;
    while (digit(i)) {
      i++;
    }
    shape = i - from == 2 && first < 25 ? Shape.CLOCK : Shape.OTHER;
    if (peek(i) == ':' && digit(i + 1)) {
      i++;
      while (digit(i)) {
        i++;
      }
    }
    end = i;
    end = meridiem(text, end);
  }

  /** Behind "am", "p.m." and their like at {@code from}, or {@code from} if there is none. */
  static int meridiem(String text, int from) {
    int i = from < text.length() && text.charAt(from) == ' ' ? from + 1 : from;
    if (i + 1 >= text.length() || "aApP".indexOf(text.charAt(i)) < 0) {
      return from;
    }
    int j = i + 1;
    if (text.charAt(j) == '.') {
      j++;
    }
    if (j >= text.length() || "mM".indexOf(text.charAt(j)) < 0) {
      return from;
    }
    j++;
    if (j < text.length() && Character.isLetterOrDigit(text.charAt(j))) {
      return from;
    }
    return j < text.length() && text.charAt(j) == '.' && text.charAt(j - 2) == '.' ? j + 1 : j;
  }

  private void skipAll(Shape kind) {
    shape = kind;
    int i = end;
    while (i < text.length()
        && (digit(i) || "/.-x×\u2013".indexOf(text.charAt(i)) >= 0 && digit(i + 1))) {
      i++;
    }
    end = i;
  }

  private boolean ordinal(int i) {
    return i + 1 < text.length()
        && !word(i + 2)
        && (text.startsWith("st", i)
            || text.startsWith("nd", i)
            || text.startsWith("rd", i)
            || text.startsWith("th", i));
  }

  private void number(int from) {
    int i = from;
    double value = 0;
    while (digit(i)) {
      value = value * 10 + text.charAt(i) - '0';
      i++;
      if (peek(i) == ',') {
        if (digit(i + 1) && digit(i + 2) && digit(i + 3) && !digit(i + 4) && group(from, i)) {
          i++;
        }
      }
    }
    if (peek(i) == '.' && digit(i + 1)) {
      double unit = 0.1;
      for (i++; digit(i); i++) {
        value += unit * (text.charAt(i) - '0');
        unit /= 10;
      }
    }
    if (peek(i) == 's' && !word(i + 1)) {
      i++; // 140s
    }
    read = value;
    at = i;
  }

  /** Whether what stands before a comma is a group of one to three digits. */
  private boolean group(int from, int comma) {
    int i = comma - 1;
    while (i >= from && digit(i)) {
      i--;
    }
    return comma - 1 - i <= 3;
  }

  private int wholeDigits(int from) {
    int i = from;
    while (digit(i)) {
      i++;
    }
    return i - from;
  }

  private char peek(int i) {
    return i < text.length() ? text.charAt(i) : '\0';
  }

  private boolean digit(int i) {
    return i >= 0 && i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9';
  }

  private boolean word(int i) {
    return i >= 0 && i < text.length() && Character.isLetterOrDigit(text.charAt(i));
  }

  private static boolean dash(char c) {
    return c == '-' || c == '\u2013';
  }
}
