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
 * Paraphrases that are given, such as back-translations made elsewhere: documents that have the id,
 * a field or the text in common with the original, and say something in other words. A copy has
 * those words, and all else of the original; spans stay where a text's paraphrase has their text
 * once.
 */
public final class Paraphrases implements Augmenter {
  private final Map<String, List<String>> texts = new HashMap<>();
  private final String key;
  private final String said;

  /**
   * Reads the paraphrases, which are held in memory.
   *
   * @param key the field by which they belong to a document, or {@code id} or {@code text}
   * @param said the field that they say in other words, or {@code text}
   * @throws IOException if they cannot be read, or none of them has the key
   */
  public Paraphrases(DocumentSource source, String key, String said) throws IOException {
    if (key.equals(said)) {
      throw new IllegalArgumentException(
          "paraphrases of " + said + " cannot be found by it; give another --key");
    }
    this.key = key;
    this.said = said;
    source.read(
        new DocumentSource.Sink() {
          @Override
          public void accept(Document document) {
            String value = value(document, key);
            String words = value(document, said);
            if (value != null && words != null && !words.isBlank()) {
              List<String> known = texts.computeIfAbsent(value, v -> new ArrayList<>());
              if (!known.contains(words)) {
                known.add(words);
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
      throw new IOException(
          "--key is %s; none of the paraphrases has it and %s".formatted(key, said));
    }
  }

  private static String value(Document document, String field) {
    return switch (field) {
      case "id" -> document.id();
      case "text" -> document.text();
      default -> document.field(field);
    };
  }

  @Override
  public String name() {
    return "paraphrase";
  }

  @Override
  public Result apply(Document document, int copy, SplittableRandom random)
      throws RejectedException {
    String value = value(document, key);
    String written = value(document, said);
    if (value == null || written == null) {
      throw new RejectedException("no field " + (value == null ? key : said));
    }
    int words = BackTranslator.count(written);
    List<String> others =
        texts.getOrDefault(value, List.of()).stream()
            .filter(other -> !other.strip().equals(written.strip()))
            .toList();
    if (copy >= others.size()) {
      return new Result(null, 0, words);
    }
    if (!said.equals("text")) {
      return new Result(document.with(said, others.get(copy)), words, words);
    }
    var rewriting = new Rewriting(document);
    rewriting.add(new TextRange(0, document.text().length()), others.get(copy));
    return new Result(rewriting.document(), words, words);
  }
}
