package dev.galen.examples.clinical.task;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The overlap of two texts' words, as SQuAD measures answers (Rajpurkar et al., "SQuAD: 100,000+
 * Questions for Machine Comprehension of Text", EMNLP 2016): in lower case, without punctuation and
 * articles, F1 = 2PR / (P + R) of the words in common.
 */
final class TokenF1 {
  private static final Pattern PUNCTUATION = Pattern.compile("[!-/:-@\\[-`{-~]");
  private static final Pattern ARTICLES = Pattern.compile("\\b(a|an|the)\\b");
  private static final Pattern SPACE = Pattern.compile("\\s+");

  private TokenF1() {}

  /** From 0 to 1; two texts without words are equal, 1. */
  static double of(String reference, String prediction) {
    List<String> wanted = words(reference);
    List<String> given = words(prediction);
    if (wanted.isEmpty() || given.isEmpty()) {
      return wanted.size() == given.size() ? 1 : 0;
    }
    var left = new HashMap<String, Integer>();
    wanted.forEach(word -> left.merge(word, 1, Integer::sum));
    int common = 0;
    for (String word : given) {
      if (left.merge(word, -1, Integer::sum) >= 0) {
        common++;
      }
    }
    return common == 0 ? 0 : 2.0 * common / (wanted.size() + given.size());
  }

  private static List<String> words(String text) {
    String plain = PUNCTUATION.matcher(text.toLowerCase(Locale.ROOT)).replaceAll("");
    plain = ARTICLES.matcher(plain).replaceAll(" ").strip();
    return plain.isEmpty() ? List.of() : Arrays.asList(SPACE.split(plain));
  }
}
