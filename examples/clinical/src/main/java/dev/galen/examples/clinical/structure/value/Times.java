package dev.galen.examples.clinical.structure.value;

import java.util.List;

/**
 * Gives values their times. A time just behind a value belongs to it and to those before it in the
 * sentence that have none; any other belongs to the values that follow in the sentence.
 */
final class Times {
  /** Characters between a value and a time that belongs to it. */
  private static final int NEAR = 25;

  private final String text;
  private final List<Draft> drafts;
  private String current;
  private int first;
  private int end = -1;
  private int start = -1;

  Times(String text, List<Draft> drafts) {
    this.text = text;
    this.drafts = drafts;
  }

  void sentence() {
    current = null;
    first = drafts.size();
  }

  /** Whether "3/14" is a day: the words before say so. */
  boolean isDay(NumberText number) {
    if (number.first < 1 || number.first > 12 || number.second < 1 || number.second > 31) {
      return false;
    }
    for (String word : new String[] {"on ", "since ", "from ", "as of ", "until ", "dated "}) {
      int at = number.start - word.length();
      if (at >= 0 && text.regionMatches(true, at, word, 0, word.length())) {
        return true;
      }
    }
    return number.end < text.length() && text.charAt(number.end) == ':';
  }

  /** Whether "0800" is a time of the day: "at" stands before it or "hours" behind. */
  boolean isHour(NumberText number) {
    if (number.shape != NumberText.Shape.SINGLE
        || number.end - number.start != 4
        || number.first >= 2400
        || number.first % 100 >= 60
        || text.substring(number.start, number.end).indexOf('.') >= 0) {
      return false;
    }
    return text.regionMatches(true, number.start - 3, "at ", 0, 3)
            && Units.at(text, number.end) == null
        || text.regionMatches(true, number.end, " hours", 0, 6)
        || text.regionMatches(true, number.end, " hrs", 0, 4);
  }

  /** A time stands here. */
  void at(int from, int to) {
    String words = text.substring(from, to);
    if (end >= 0 && from - end <= 4 && from >= end && !text.substring(end, from).contains(".")) {
      String joined = text.substring(start, to);
      for (int i = first; i < drafts.size(); i++) {
        if (text.substring(start, end).equals(drafts.get(i).time)) {
          drafts.get(i).time = joined;
        }
      }
      current = current == null ? null : joined;
      end = to;
      return;
    }
    start = from;
    end = to;
    Draft last = drafts.size() > first ? drafts.getLast() : null;
    if (last != null && last.time == null && from - last.end <= NEAR && from >= last.end) {
      for (int i = drafts.size() - 1; i >= first && drafts.get(i).time == null; i--) {
        drafts.get(i).time = words;
      }
      first = drafts.size() - 1;
      current = null;
    } else {
      current = words;
      first = drafts.size();
    }
  }

  /** A value was read. */
  void value(Draft draft) {
    if (current != null && !draft.kind.equals("dose")) {
      draft.time = current;
    }
  }
}
