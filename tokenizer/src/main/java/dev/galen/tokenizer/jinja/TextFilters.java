package dev.galen.tokenizer.jinja;

import java.util.ArrayList;
import java.util.List;

/** The filters that lay out a text. */
final class TextFilters {

  private TextFilters() {}

  static Object indent(Arguments arguments, Budget budget) {
    Arguments.Bound bound = arguments.bind(1, "s", "width", "first", "blank");
    String text = bound.text("s", null);
    Object width = bound.get("width", 4L);
    String indention =
        width instanceof String given
            ? given
            : " ".repeat((int) Math.clamp(bound.number("width", 4), 0, 10_000));
    // A last newline stays: Python's splitlines would swallow it.
    List<Object> lines = PythonText.splitLines(text + "\n", false, budget);
    budget.spend(text.length() + (long) indention.length() * lines.size());
    List<String> out = new ArrayList<>(lines.size());
    for (Object line : lines) {
      boolean indents = !out.isEmpty() && (bound.flag("blank") || !((String) line).isEmpty());
      out.add(indents ? indention + line : (String) line);
    }
    String joined = String.join("\n", out);
    return bound.flag("first") ? indention + joined : joined;
  }

  static Object truncate(Arguments arguments, Budget budget) {
    Arguments.Bound bound = arguments.bind(1, "s", "length", "killwords", "end", "leeway");
    String text = bound.text("s", null);
    String end = bound.text("end", "...");
    long length = bound.number("length", 255);
    long leeway = bound.get("leeway") == null ? 5 : bound.number("leeway", 5);
    int endLength = PythonText.length(end);
    if (length < endLength) {
      throw new JinjaException("expected length >= %d, got %d".formatted(endLength, length));
    }
    if (leeway < 0) {
      throw new JinjaException("expected leeway >= 0, got " + leeway);
    }
    budget.spend(text.length());
    if (PythonText.length(text) <= length + leeway) {
      return text;
    }
    String cut = text.substring(0, text.offsetByCodePoints(0, (int) length - endLength));
    int space = bound.flag("killwords") ? -1 : cut.lastIndexOf(' ');
    return (space < 0 ? cut : cut.substring(0, space)) + end;
  }

  /** How many runs of letters, digits and underscores there are. */
  static Object countWords(String text) {
    long words = 0;
    boolean inWord = false;
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int c = text.codePointAt(i);
      boolean word = c == '_' || Letters.is("isalnum", Character.toString(c));
      words += word && !inWord ? 1 : 0;
      inWord = word;
    }
    return words;
  }
}
