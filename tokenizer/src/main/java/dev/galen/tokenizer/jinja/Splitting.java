package dev.galen.tokenizer.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** {@code split} and {@code replace}. */
final class Splitting {
  private Splitting() {}

  static List<Object> split(String text, boolean fromEnd, Arguments arguments, Budget budget) {
    Arguments.Bound bound = arguments.bind(0, "sep", "maxsplit");
    String separator = bound.text("sep", null);
    long most = bound.number("maxsplit", -1);
    if (separator != null && separator.isEmpty()) {
      throw new JinjaException("empty separator");
    }
    long limit = most < 0 ? Long.MAX_VALUE : most;
    List<Object> parts = new ArrayList<>();
    if (separator == null) {
      return fromEnd ? wordsFromEnd(text, limit, budget) : words(text, limit, budget);
    }
    if (fromEnd) {
      int end = text.length();
      for (int at = text.lastIndexOf(separator, end - separator.length());
          at >= 0 && parts.size() < limit;
          at = text.lastIndexOf(separator, end - separator.length())) {
        budget.spend(PythonText.PART);
        parts.add(text.substring(at + separator.length(), end));
        end = at;
      }
      parts.add(text.substring(0, end));
      Collections.reverse(parts);
      return parts;
    }
    int start = 0;
    for (int at = text.indexOf(separator);
        at >= 0 && parts.size() < limit;
        at = text.indexOf(separator, start)) {
      budget.spend(PythonText.PART);
      parts.add(text.substring(start, at));
      start = at + separator.length();
    }
    parts.add(text.substring(start));
    return parts;
  }

  private static List<Object> words(String text, long limit, Budget budget) {
    List<Object> words = new ArrayList<>();
    int end = text.length();
    int start = skip(text, 0, end, true);
    while (start < end && words.size() < limit) {
      int next = skip(text, start, end, false);
      budget.spend(PythonText.PART);
      words.add(text.substring(start, next));
      start = skip(text, next, end, true);
    }
    if (start < end) {
      words.add(text.substring(start));
    }
    return words;
  }

  private static int skip(String text, int from, int end, boolean space) {
    int at = from;
    while (at < end && PythonText.isSpace(text.charAt(at)) == space) {
      at++;
    }
    return at;
  }

  private static List<Object> wordsFromEnd(String text, long limit, Budget budget) {
    List<Object> words = new ArrayList<>();
    int end = skipBack(text, text.length(), true);
    while (end > 0 && words.size() < limit) {
      int next = skipBack(text, end, false);
      budget.spend(PythonText.PART);
      words.add(text.substring(next, end));
      end = skipBack(text, next, true);
    }
    if (end > 0) {
      words.add(text.substring(0, end));
    }
    Collections.reverse(words);
    return words;
  }

  private static int skipBack(String text, int from, boolean space) {
    int at = from;
    while (at > 0 && PythonText.isSpace(text.charAt(at - 1)) == space) {
      at--;
    }
    return at;
  }

  static String replace(String text, String old, String by, long count, Budget budget) {
    var out = new StringBuilder();
    long left = count < 0 ? Long.MAX_VALUE : count;
    int start = 0;
    while (left-- > 0) {
      boolean empty = old.isEmpty();
      int at = text.indexOf(old, start);
      if (at < 0) {
        break;
      }
      budget.spend(by.length());
      out.append(text, start, at).append(by);
      start = at + old.length();
      if (empty) {
        if (at >= text.length()) {
          return out.toString();
        }
        int next = at + Character.charCount(text.codePointAt(at));
        out.append(text, at, next);
        start = next;
      }
    }
    return out.append(text.substring(start)).toString();
  }
}
