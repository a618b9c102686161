package dev.galen.examples.clinical.structure.value;

import dev.galen.examples.clinical.structure.scan.PhraseTrie;

/** Puts the pieces of a time together: day, hour and words such as "at" between them. */
final class Clock {
  private Clock() {}

  /**
   * Where a time that goes on at {@code from} ends: behind {@code , 2024}, {@code at 08:00}, {@code
   * 8 AM}; {@code from} itself if nothing of it follows.
   */
  static int extend(String text, int from) {
    int end = from;
    for (int pieces = 0; pieces < 3; pieces++) {
      int at = skip(text, end);
      if (at >= text.length() || !Character.isDigit(text.charAt(at))) {
        return end;
      }
      var number = new NumberText(text);
      number.read(at, false);
      boolean year =
          number.shape == NumberText.Shape.SINGLE
              && number.end - number.start == 4
              && number.first >= 1900
              && number.first < 2100;
      int hour = NumberText.meridiem(text, number.end);
      if (number.shape == NumberText.Shape.CLOCK || number.shape == NumberText.Shape.DATE || year) {
        end = number.end;
      } else if (hour > number.end && number.first <= 12) {
        end = hour;
      } else {
        return end;
      }
    }
    return end;
  }

  private static int skip(String text, int from) {
    int at = from;
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == ',')) {
      at++;
    }
    if (text.startsWith("at ", at)) {
      at += 3;
    }
    return at;
  }

  /** Where a date that begins with a month ends: {@code March 3, 2024}; -1 if it is none. */
  static int month(String text, int end) {
    int at = end;
    if (at < text.length() && text.charAt(at) == '.') {
      at++;
    }
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
    if (at >= text.length() || !Character.isDigit(text.charAt(at))) {
      return -1;
    }
    var number = new NumberText(text);
    number.read(at, false);
    boolean day = number.first >= 1 && number.first <= 31;
    boolean year = number.first >= 1900 && number.first < 2100;
    boolean form =
        number.shape == NumberText.Shape.SINGLE || number.shape == NumberText.Shape.OTHER;
    return form && (day || year) ? extend(text, number.end) : -1;
  }

  /** Whether a month's name follows at {@code from}, as in {@code 3 March}; its end or -1. */
  static int dayOfMonth(String text, int from) {
    int at = from;
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '-')) {
      at++;
    }
    if (at == from || at >= text.length() || !Character.isLetter(text.charAt(at))) {
      return -1;
    }
    long match = Lexicon.INSTANCE.match(text, at);
    return match != PhraseTrie.NONE && Lexicon.INSTANCE.concept(match).type() == Concept.Type.MONTH
        ? extend(text, PhraseTrie.end(match))
        : -1;
  }
}
