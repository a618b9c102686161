package dev.galen.train.optim;

import java.util.Iterator;
import java.util.regex.Pattern;

/**
 * A pattern of parameters' names. {@code *} stands for any text, dots included, and {@code ?} for
 * one character; {@code transformer.h.0} also fits all below it.
 */
public final class NamePattern {
  private NamePattern() {}

  /** Refuses an empty one. */
  public static void require(String pattern) {
    if (pattern.isBlank()) {
      throw new IllegalArgumentException("a pattern of parameter names is empty");
    }
  }

  /** Whether a name, or a path above it, is as the pattern says. */
  public static boolean fits(String pattern, String name) {
    var regex = new StringBuilder();
    for (char c : pattern.toCharArray()) {
      regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
    }
    return name.matches(regex + "(\\..*)?");
  }

  /**
   * Refuses a pattern that no name fits, which is most likely misspelt.
   *
   * @param setting that it is of, for the message
   */
  public static void requireAny(String setting, String pattern, Iterable<String> names) {
    for (String name : names) {
      if (fits(pattern, name)) {
        return;
      }
    }
    Iterator<String> first = names.iterator();
    throw new IllegalArgumentException(
        "%s is %s, which fits no parameter of the model; names are like %s"
            .formatted(setting, pattern, first.hasNext() ? first.next() : ""));
  }
}
