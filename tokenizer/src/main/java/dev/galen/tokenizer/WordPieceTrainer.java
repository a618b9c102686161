package dev.galen.tokenizer;

import dev.galen.tokenizer.bpe.MergeLearner;
import dev.galen.tokenizer.bpe.WordCounts.Word;
import dev.galen.tokenizer.hf.TrainedTokenizers;
import dev.galen.tokenizer.normalize.BertNormalizer;
import dev.galen.tokenizer.split.BertSplit;
import dev.galen.tokenizer.stage.Vocabulary;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Learns a WordPiece tokenizer such as BERT's from a corpus.
 *
 * <p>The corpus is normalized and cut as BERT does it. Starting from its characters, those that do
 * not begin a word spelled with {@code ##}, the trainer again and again joins the pair of
 * neighbouring tokens that occurs most often within words, as HuggingFace's {@code
 * WordPieceTrainer} does. Between pairs that occur equally often the one with the smaller left id
 * goes first, then the one with the smaller right id, and of equally frequent characters the one
 * with the smaller code point is kept; so the same texts in any order give the same tokens.
 *
 * <p>Ids: {@code [PAD] [UNK] [CLS] [SEP] [MASK]}, the characters, then the joins.
 */
public final class WordPieceTrainer {

  private static final List<String> SPECIAL = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");
  private static final String PREFIX = "##";

  private final int vocabularySize;
  private final long minFrequency;
  private final int alphabet;
  private final boolean lowersCase;

  private WordPieceTrainer(Builder builder) {
    this.vocabularySize = builder.vocabularySize;
    this.minFrequency = builder.minFrequency;
    this.alphabet = builder.alphabet;
    this.lowersCase = builder.lowersCase;
  }

  /** A builder: 30,000 tokens, any frequency, the 1,000 most frequent characters, lower case. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Trains on texts.
   *
   * @return the tokenizer; it has fewer tokens than asked for if the corpus runs out of pairs
   * @throws IllegalArgumentException as {@link Corpus#add} does
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
        new WordCorpus(new BertNormalizer(true, true, lowersCase, lowersCase), new BertSplit());

    private Corpus() {}

    /**
     * Counts the words of a text.
     *
     * @throws IllegalArgumentException if it holds a lone surrogate
     */
    public void add(String text) {
      words.add(text);
    }

    /** Learns from all that was added. */
    public Tokenizer train() {
      return WordPieceTrainer.this.train(words.counts());
    }
  }

  private Tokenizer train(Map<String, Long> counts) {
    var tokens = new ArrayList<>(SPECIAL);
    var ids = new HashMap<String, Integer>();
    for (int c : characters(counts)) {
      add(Character.toString(c), tokens, ids);
    }
    var words = new ArrayList<Word>(counts.size());
    for (var word : counts.entrySet()) {
      int[] spelled = spell(word.getKey(), tokens, ids);
      words.add(Word.of(spelled, word.getValue()));
    }
    new MergeLearner(tokens, words, PREFIX).learn(vocabularySize, Math.max(minFrequency, 1));
    return new TokenizerPipeline(TrainedTokenizers.bert(Vocabulary.of(tokens), lowersCase));
  }

  /** The most frequent characters, smallest first. */
  private List<Integer> characters(Map<String, Long> counts) {
    var frequency = new HashMap<Integer, Long>();
    counts.forEach(
        (word, count) -> word.codePoints().forEach(c -> frequency.merge(c, count, Long::sum)));
    var all = new ArrayList<>(frequency.keySet());
    all.sort(
        (a, b) -> {
          int byFrequency = Long.compare(frequency.get(b), frequency.get(a));
          return byFrequency != 0 ? byFrequency : Integer.compare(a, b);
        });
    var kept = new ArrayList<>(all.subList(0, Math.min(alphabet, all.size())));
    kept.sort(null);
    return kept;
  }

  /** The tokens of a word's characters; one that is not kept is left out. */
  private static int[] spell(String word, List<String> tokens, Map<String, Integer> ids) {
    var spelled = new ArrayList<Integer>();
    for (int at = 0; at < word.length(); ) {
      var character = Character.toString(word.codePointAt(at));
      if (ids.containsKey(character)) {
        spelled.add(add(at == 0 ? character : PREFIX + character, tokens, ids));
      }
      at += character.length();
    }
    return spelled.stream().mapToInt(id -> id).toArray();
  }

  private static int add(String token, List<String> tokens, Map<String, Integer> ids) {
    var known = ids.putIfAbsent(token, tokens.size());
    if (known != null) {
      return known;
    }
    tokens.add(token);
    return tokens.size() - 1;
  }

  /** Settings of a {@link WordPieceTrainer}. */
  public static final class Builder {

    private int vocabularySize = 30_000;
    private long minFrequency;
    private int alphabet = 1_000;
    private boolean lowersCase = true;

    private Builder() {}

    /** How many tokens to stop at: special tokens, characters and joins together. */
    public Builder vocabularySize(int vocabularySize) {
      this.vocabularySize = vocabularySize;
      return this;
    }

    /** How often a pair must occur to be joined; 0 and 1 mean any that occurs. */
    public Builder minFrequency(long minFrequency) {
      this.minFrequency = minFrequency;
      return this;
    }

    /** How many different characters to keep; a word with another one is unknown. */
    public Builder alphabet(int alphabet) {
      this.alphabet = alphabet;
      return this;
    }

    /** Whether texts become lower case and lose their accents, as in BERT's uncased models. */
    public Builder lowersCase(boolean lowersCase) {
      this.lowersCase = lowersCase;
      return this;
    }

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException if the vocabulary has no room for the special tokens and one
     *     more, or a number is negative
     */
    public WordPieceTrainer build() {
      if (vocabularySize <= SPECIAL.size()) {
        throw new IllegalArgumentException(
            "vocabularySize %d is too small: the special tokens take %d"
                .formatted(vocabularySize, SPECIAL.size()));
      }
      if (minFrequency < 0 || alphabet < 1) {
        throw new IllegalArgumentException(
            "minFrequency %d and alphabet %d: the one may not be negative, the other is 1 or more"
                .formatted(minFrequency, alphabet));
      }
      return new WordPieceTrainer(this);
    }
  }
}
