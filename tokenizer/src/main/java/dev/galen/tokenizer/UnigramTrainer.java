package dev.galen.tokenizer;

import dev.galen.tokenizer.hf.TrainedTokenizers;
import dev.galen.tokenizer.normalize.UnicodeForm;
import dev.galen.tokenizer.split.CharacterSplit;
import dev.galen.tokenizer.split.Metaspace;
import dev.galen.tokenizer.split.PreTokenizerChain;
import dev.galen.tokenizer.unigram.UnigramLearner;
import java.util.List;
import java.util.Map;

/**
 * Learns a unigram tokenizer such as T5's from a corpus (Kudo 2018, "Subword Regularization").
 *
 * <p>Texts are put into Unicode's form NFKC and cut at whitespace; every word begins with U+2581.
 * From their substrings expectation maximization finds the pieces that make the texts likeliest.
 * The same texts in any order give the same pieces.
 *
 * <p>Ids: {@code <pad> </s> <unk>}, then the pieces, likeliest first. {@code </s>} goes behind
 * every text.
 */
public final class UnigramTrainer {

  private static final List<String> SPECIAL = List.of("<pad>", "</s>", "<unk>");
  private static final int SPACE = 0x2581;

  private final int vocabularySize;

  private UnigramTrainer(int vocabularySize) {
    this.vocabularySize = vocabularySize;
  }

  /**
   * A trainer.
   *
   * @param vocabularySize how many tokens there are to be, with the three special ones
   * @throws IllegalArgumentException if there is no room for a piece
   */
  public static UnigramTrainer of(int vocabularySize) {
    if (vocabularySize <= SPECIAL.size()) {
      throw new IllegalArgumentException(
          "vocabularySize %d is too small: the special tokens take %d"
              .formatted(vocabularySize, SPECIAL.size()));
    }
    return new UnigramTrainer(vocabularySize);
  }

  /**
   * Trains on texts.
   *
   * @return the tokenizer; it has fewer tokens than asked for if the corpus has fewer pieces
   * @throws IllegalArgumentException as {@link Corpus#add} does, or if the texts have more
   *     different characters than the vocabulary has room for
   */
  public Tokenizer train(Iterable<String> texts) {
    var corpus = corpus();
    texts.forEach(corpus::add);
    return corpus.train();
  }

  /** A corpus to which texts are added as the caller reads them. */
  public Corpus corpus() {
    return new Corpus();
  }

  /** The words of the texts added so far. Not thread-safe. */
  public final class Corpus {

    private final WordCorpus words =
        new WordCorpus(
            new UnicodeForm(UnicodeForm.Kind.NFKC),
            new PreTokenizerChain(
                List.of(
                    CharacterSplit.WHITESPACE,
                    new Metaspace(SPACE, Metaspace.Prepend.ALWAYS, true))));

    private Corpus() {}

    /**
     * Counts the words of a text.
     *
     * @throws IllegalArgumentException if it holds a lone surrogate
     */
    public void add(String text) {
      words.add(text);
    }

    /** Learns from all that was added; see {@link UnigramTrainer#train(Iterable)}. */
    public Tokenizer train() {
      return UnigramTrainer.this.train(words.counts());
    }
  }

  private Tokenizer train(Map<String, Long> words) {
    SPECIAL.forEach(words::remove); // a word that is spelled like one of them would be it
    var pieces = new UnigramLearner(words, vocabularySize - SPECIAL.size()).learn();
    return new TokenizerPipeline(TrainedTokenizers.unigram(SPECIAL, pieces));
  }
}
