package dev.galen.train.metrics;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Whether a text is what it should be, to the letter or after some of it is left out, as the {@code
 * exact_match} of HuggingFace's evaluate has it.
 *
 * @param ignoreCase compares lower case letters
 * @param ignorePunctuation leaves out ASCII's punctuation
 * @param ignoreNumbers leaves out the digits 0 to 9
 * @param ignored what else is left out first, in this order
 */
public record ExactMatch(
    boolean ignoreCase, boolean ignorePunctuation, boolean ignoreNumbers, List<Pattern> ignored) {
  private static final Pattern PUNCTUATION = Pattern.compile("[!-/:-@\\[-`{-~]");
  private static final Pattern DIGITS = Pattern.compile("[0-9]");

  /** Copies the list. */
  public ExactMatch {
    ignored = List.copyOf(ignored);
  }

  /** To the letter. */
  public static final ExactMatch STRICT = new ExactMatch(false, false, false, List.of());

  /** Whether {@code prediction} matches one of {@code references}. */
  public boolean matches(List<String> references, String prediction) {
    var said = plain(prediction);
    return references.stream().anyMatch(reference -> plain(reference).equals(said));
  }

  private String plain(String text) {
    var plain = text;
    for (var pattern : ignored) {
      plain = pattern.matcher(plain).replaceAll("");
    }
    plain = ignoreCase ? plain.toLowerCase(Locale.ROOT) : plain;
    plain = ignorePunctuation ? PUNCTUATION.matcher(plain).replaceAll("") : plain;
    return ignoreNumbers ? DIGITS.matcher(plain).replaceAll("") : plain;
  }
}
