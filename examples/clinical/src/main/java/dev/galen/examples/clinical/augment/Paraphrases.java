package dev.galen.examples.clinical.augment;

import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.document.RejectedException;
import dev.galen.examples.clinical.pipeline.DocumentSource;
import dev.galen.examples.clinical.text.TextRange;
import dev.galen.train.data.Origin;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Paraphrases that are given, such as back-translations made elsewhere: documents that have the id
 * or a field in common with the original and another text. A copy has the paraphrase's text, and
 * the original's fields; spans stay where the paraphrase has their text once.
 */
public final class Paraphrases implements Augmenter {
  private final Map<String, List<String>> texts = new HashMap<>();
  private final String key;

  /**
   * Reads the paraphrases, which are held in memory.
   *
   * @param key the field by which they belong to a document, or {@code id}
   * @throws IOException if they cannot be read, or none of them has the key
   */
  public Paraphrases(DocumentSource source, String key) throws IOException {
    this.key = key;
    source.read(
        new DocumentSource.Sink() {
          @Override
          public void accept(Document document) {
            String value = value(document);
            if (value != null && !document.text().isBlank()) {
              List<String> known = texts.computeIfAbsent(value, v -> new ArrayList<>());
              if (!known.contains(document.text())) {
                known.add(document.text());
              }
            }
          }

          @Override
          public void reject(Origin origin, String problem) throws IOException {
            throw origin.error(problem);
          }

          @Override
          public void end() {}
        });
    if (texts.isEmpty()) {
      throw new IOException("--key is " + key + "; none of the paraphrases has such a field");
    }
  }

  private String value(Document document) {
    return key.equals("id") ? document.id() : document.field(key);
  }

  @Override
  public String name() {
    return "paraphrase";
  }

  @Override
  public Result apply(Document document, int copy, SplittableRandom random)
      throws RejectedException {
    String value = value(document);
    if (value == null) {
      throw new RejectedException("no field " + key + ", by which paraphrases are found");
    }
    int words = BackTranslator.count(document.text());
    List<String> others =
        texts.getOrDefault(value, List.of()).stream()
            .filter(other -> !other.strip().equals(document.text().strip()))
            .toList();
    if (copy >= others.size()) {
      return new Result(null, 0, words);
    }
    var rewriting = new Rewriting(document);
    rewriting.add(new TextRange(0, document.text().length()), others.get(copy));
    return new Result(rewriting.document(), words, words);
  }
}
