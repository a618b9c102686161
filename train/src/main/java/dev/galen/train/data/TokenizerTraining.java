package dev.galen.train.data;

import dev.galen.tokenizer.BpeTrainer;
import dev.galen.tokenizer.Tokenizer;
import java.io.IOException;

/** A byte-level BPE tokenizer of examples' texts, with GPT-2's end of text. */
public final class TokenizerTraining {
  private final BpeTrainer.Corpus corpus;

  /**
   * Nothing learned yet.
   *
   * @param vocabulary tokens, with the 256 bytes and the end of text
   */
  public TokenizerTraining(int vocabulary) {
    corpus =
        BpeTrainer.builder()
            .vocabularySize(vocabulary)
            .specialTokens("<|endoftext|>")
            .build()
            .corpus();
  }

  /** A tokenizer of all texts of {@code examples}. */
  public static Tokenizer of(Examples examples, int vocabulary) throws IOException {
    var training = new TokenizerTraining(vocabulary);
    examples.forEach(training::add);
    return training.train();
  }

  /**
   * Adds one example's text.
   *
   * @throws IllegalArgumentException naming its place if it has none
   */
  public void add(Example example) {
    try {
      corpus.add(example.text());
    } catch (IllegalArgumentException e) {
      String place = example.origin() + ": ";
      String message = e.getMessage();
      throw new IllegalArgumentException(message.startsWith(place) ? message : place + message, e);
    }
  }

  /** The tokenizer of what was added. */
  public Tokenizer train() {
    return corpus.train();
  }
}
