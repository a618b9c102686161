package dev.galen.tokenizer;

import dev.galen.tokenizer.bpe.ByteLevelBpe;
import dev.galen.tokenizer.bpe.MergeLearner;
import dev.galen.tokenizer.bpe.Merges;
import dev.galen.tokenizer.bpe.WordCounts;
import dev.galen.tokenizer.hf.TokenizerDefinition;
import dev.galen.tokenizer.stage.Vocabulary;
import dev.galen.tokenizer.text.ByteLevel;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Stream;

/**
 * Learns a byte-level BPE tokenizer from a corpus.
 *
 * <p>The corpus is cut into words as GPT-2 cuts text. Starting from the 256 bytes, the trainer
 * again and again joins the pair of neighbouring tokens that occurs most often within words, and
 * gives the join the next id. Between pairs that occur equally often the one with the smaller left
 * id goes first, then the one with the smaller right id. So the result depends on the corpus alone,
 * not on the order of its texts, and equals that of HuggingFace's {@code BpeTrainer} with {@code
 * initial_alphabet=ByteLevel.alphabet()}.
 *
 * <p>Ids: special tokens first, then the 256 bytes in the order of their spelling, then the merges.
 * Pair counts are kept up to date from merge to merge, so the corpus is read once.
 */
public final class BpeTrainer {

  private final int vocabularySize;
  private final long minFrequency;
  private final List<String> specialTokens;

  private BpeTrainer(Builder builder) {
    this.vocabularySize = builder.vocabularySize;
    this.minFrequency = builder.minFrequency;
    this.specialTokens = builder.specialTokens;
  }

  /** A builder with HuggingFace's defaults: 30,000 tokens, any frequency, no special tokens. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Trains on texts, one or more lines each; merges never cross from one text to the next. The
   * texts are read once, one at a time, and only their words are held, each with its count.
   *
   * @return the tokenizer; it has fewer tokens than asked for if the corpus runs out of pairs. Its
   *     end of text is {@code <|endoftext|>} if that is among the special tokens.
   * @throws IllegalArgumentException as {@link Corpus#add} does
   */
  public Tokenizer train(Iterable<String> texts) {
    var corpus = corpus();
    texts.forEach(corpus::add);
    return corpus.train();
  }

  /** Trains on texts as {@link #train(Iterable)} does, and closes the stream. */
  public Tokenizer train(Stream<String> texts) {
    var corpus = corpus();
    try (texts) {
      texts.forEachOrdered(corpus::add);
    }
    return corpus.train();
  }

  /** A corpus to which texts are added as the caller reads them. */
  public Corpus corpus() {
    return new Corpus();
  }

  /** The words of the texts added so far. Not thread-safe. */
  public final class Corpus {

    private final WordCounts counts = new WordCounts(Runtime.getRuntime().maxMemory());

    private Corpus() {}

    /**
     * Counts the words of a text.
     *
     * @throws IllegalArgumentException if it holds a lone surrogate, a word of more than 16 MiB, or
     *     if the words are more than the heap can learn from
     */
    public void add(String text) {
      counts.addText(text);
    }

    /** Learns from all that was added; see {@link BpeTrainer#train(Iterable)}. */
    public Tokenizer train() {
      return BpeTrainer.this.train(counts);
    }
  }

  private Tokenizer train(WordCounts counts) {
    var tokens = new ArrayList<>(specialTokens);
    int firstByte = tokens.size();
    for (char c : ByteLevel.alphabet()) {
      tokens.add(String.valueOf(c));
    }
    var learner = new MergeLearner(tokens, counts.words(firstByte));
    learner.learn(vocabularySize, minFrequency);
    var vocabulary = Vocabulary.of(tokens);
    var merges = new Merges(vocabulary);
    learner.merges().forEach(merge -> merges.add(merge.left(), merge.right(), merge.made()));
    var model = new ByteLevelBpe(vocabulary, merges, false);
    return new TokenizerPipeline(TokenizerDefinition.of(model, specialTokens));
  }

  /** Settings of a {@link BpeTrainer}. */
  public static final class Builder {

    private int vocabularySize = 30_000;
    private long minFrequency;
    private List<String> specialTokens = List.of();

    private Builder() {}

    /** How many tokens to stop at: special tokens, the 256 bytes and the merges together. */
    public Builder vocabularySize(int vocabularySize) {
      this.vocabularySize = vocabularySize;
      return this;
    }

    /** How often a pair must occur to be joined; 0 and 1 mean any that occurs. */
    public Builder minFrequency(long minFrequency) {
      this.minFrequency = minFrequency;
      return this;
    }

    /**
     * Tokens that stand outside the text, such as {@code <|endoftext|>}; they get the first ids.
     * The corpus is not searched for them.
     */
    public Builder specialTokens(String... specialTokens) {
      this.specialTokens = List.of(specialTokens);
      return this;
    }

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException if the vocabulary has no room for the bytes and the special
     *     tokens, the frequency is negative, or a special token is doubled or no longer than one
     *     character
     */
    public BpeTrainer build() {
      int least = 256 + specialTokens.size();
      if (vocabularySize < least) {
        throw new IllegalArgumentException(
            "vocabularySize %d is too small: the bytes and %d special tokens take %d"
                .formatted(vocabularySize, specialTokens.size(), least));
      }
      if (minFrequency < 0) {
        throw new IllegalArgumentException("minFrequency " + minFrequency + " is negative");
      }
      if (new LinkedHashSet<>(specialTokens).size() < specialTokens.size()) {
        throw new IllegalArgumentException("a special token is given twice: " + specialTokens);
      }
      for (var token : specialTokens) {
        // One character could be the spelling of a byte, which has an id of its own.
        if (token.length() < 2) {
          throw new IllegalArgumentException(
              "special token \"%s\" is too short: it needs two characters".formatted(token));
        }
      }
      return new BpeTrainer(this);
    }
  }
}
