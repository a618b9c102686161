package dev.galen.examples.clinical.augment;

import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.text.Sentences;
import dev.galen.examples.clinical.text.TextRange;
import dev.galen.examples.clinical.text.Word;
import dev.galen.examples.clinical.text.Words;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/**
 * Translates each sentence into another language and back, by two sequence-to-sequence models of
 * Galen's (Sennrich, Haddow and Birch, "Improving Neural Machine Translation Models with
 * Monolingual Data", 2016). A sentence that comes back empty, unchanged or with other numbers,
 * units, negations or drugs stays as it is. A document has one copy.
 */
public final class BackTranslator implements Augmenter {
  private final UnaryOperator<List<String>> forward;
  private final UnaryOperator<List<String>> back;

  /** One that translates sentence by sentence so; null stands for what could not be translated. */
  BackTranslator(UnaryOperator<List<String>> forward, UnaryOperator<List<String>> back) {
    this.forward = forward;
    this.back = back;
  }

  /**
   * Loads the models.
   *
   * @param forward the directory of the model that translates into the other language
   * @param back of the one that translates back
   * @param forwardPrefix what a text given to the first begins with, as T5 wants it; may be empty
   * @param backPrefix of the second
   * @throws IOException if one cannot be read or is no sequence-to-sequence model
   */
  public static BackTranslator load(
      Path forward, Path back, String forwardPrefix, String backPrefix) throws IOException {
    return new BackTranslator(
        Translator.load(forward, forwardPrefix)::translate,
        Translator.load(back, backPrefix)::translate);
  }

  @Override
  public String name() {
    return "back-translation";
  }

  @Override
  public Result apply(Document document, int copy, SplittableRandom random) {
    String text = document.text();
    int words = count(text);
    if (copy > 0) {
      return new Result(null, 0, words);
    }
    List<TextRange> sentences = Sentences.of(text);
    List<String> originals = sentences.stream().map(s -> s.in(text)).toList();
    List<String> returned = back.apply(forward.apply(originals));
    var rewriting = new Rewriting(document);
    int changed = 0;
    for (int i = 0; i < originals.size(); i++) {
      String other = returned.get(i);
      boolean usable =
          other != null
              && !other.isBlank()
              && !other.equals(originals.get(i))
              && FactGuard.agree(originals.get(i), other);
      if (usable) {
        rewriting.add(sentences.get(i), other);
        changed += count(originals.get(i));
      }
    }
    return new Result(rewriting.isEmpty() ? null : rewriting.document(), changed, words);
  }

  static int count(String text) {
    int count = 0;
    for (Word word : Words.of(text)) {
      count += word.kind() == Word.Kind.SIGN ? 0 : 1;
    }
    return count;
  }
}
