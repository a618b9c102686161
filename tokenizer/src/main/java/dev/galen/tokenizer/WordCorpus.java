package dev.galen.tokenizer;

import dev.galen.tokenizer.stage.Normalizer;
import dev.galen.tokenizer.stage.PreTokenizer;
import dev.galen.tokenizer.text.Text;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** How often each word of a corpus occurs, in an order that does not depend on the texts' own. */
final class WordCorpus {

  private final Normalizer normalizer;
  private final PreTokenizer preTokenizer;
  private final Map<String, Long> counts = new TreeMap<>();

  WordCorpus(Normalizer normalizer, PreTokenizer preTokenizer) {
    this.normalizer = normalizer;
    this.preTokenizer = preTokenizer;
  }

  /**
   * Counts the words of a text.
   *
   * @throws IllegalArgumentException if it holds a lone surrogate
   */
  void add(String text) {
    var normalized = normalizer.normalize(Text.of(text));
    if (normalized.length() > 0) {
      preTokenizer.split(
          normalized,
          0,
          normalized.length(),
          (from, start, end) ->
              counts.merge(
                  new String(from.utf8(), start, end - start, StandardCharsets.UTF_8),
                  1L,
                  Long::sum));
    }
  }

  Map<String, Long> counts() {
    return counts;
  }
}
