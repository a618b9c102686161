package dev.galen.train.data;

import dev.galen.tokenizer.BpeTrainer;
import dev.galen.tokenizer.Tokenizer;
import dev.galen.tokenizer.UnigramTrainer;
import dev.galen.tokenizer.WordPieceTrainer;
import java.io.IOException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A tokenizer that is learned from examples' texts. */
public final class TokenizerTraining {

  /** What is learned. */
  public enum Kind {
    /** Byte-level BPE, with GPT-2's end of text. */
    BPE,
    /** BERT's WordPiece, in lower case. */
    WORDPIECE,
    /** BERT's WordPiece, with capital letters and accents. */
    WORDPIECE_CASED,
    /** A unigram language model such as T5's. */
    UNIGRAM
  }

  private final Consumer<String> add;
  private final Supplier<Tokenizer> train;

  /**
   * A byte-level BPE tokenizer; nothing learned yet.
   *
   * @param vocabulary tokens, with the 256 bytes and the end of text
   */
  public TokenizerTraining(int vocabulary) {
    this(Kind.BPE, vocabulary);
  }

  /**
   * Nothing learned yet.
   *
   * @param vocabulary how many tokens there are to be, with the special ones
   * @throws IllegalArgumentException if that is too few
   */
  public TokenizerTraining(Kind kind, int vocabulary) {
    switch (kind) {
      case BPE -> {
        var corpus =
            BpeTrainer.builder()
                .vocabularySize(vocabulary)
                .specialTokens("<|endoftext|>")
                .build()
                .corpus();
        add = corpus::add;
        train = corpus::train;
      }
      case UNIGRAM -> {
        var corpus = UnigramTrainer.of(vocabulary).corpus();
        add = corpus::add;
        train = corpus::train;
      }
      default -> {
        var corpus =
            WordPieceTrainer.builder()
                .vocabularySize(vocabulary)
                .lowersCase(kind == Kind.WORDPIECE)
                .build()
                .corpus();
        add = corpus::add;
        train = corpus::train;
      }
    }
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
      add.accept(example.text());
    } catch (IllegalArgumentException e) {
      String place = example.origin() + ": ";
      String message = e.getMessage();
      throw new IllegalArgumentException(message.startsWith(place) ? message : place + message, e);
    }
  }

  /** The tokenizer of what was added. */
  public Tokenizer train() {
    return train.get();
  }
}
