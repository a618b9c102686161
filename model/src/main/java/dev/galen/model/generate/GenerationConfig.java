package dev.galen.model.generate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How to continue a text: greedily, by sampling, or by beam search. Defaults are HuggingFace's
 * (greedy, no penalty) but for the length, where 20 tokens in all would cut most answers short, and
 * top-k, where silently dropping all but 50 tokens would surprise.
 *
 * @param maxNewTokens the most tokens to add; fewer come where the text ends or the model takes no
 *     more positions
 * @param sample whether tokens are sampled rather than the likeliest taken
 * @param temperature divides logits before a draw, see {@link Temperature}
 * @param topK the number of tokens to draw from, see {@link TopK}; {@link #ALL_TOKENS} for all
 * @param topP the probability of the tokens to draw from, see {@link TopP}; 1 for all
 * @param repetitionPenalty see {@link RepetitionPenalty}; 1 for none
 * @param beams the number of continuations that beam search keeps; 1 for no search
 * @param lengthPenalty beam search divides a continuation's log-probability by its number of tokens
 *     to this power: above 0 favours longer ones
 * @param earlyStopping when beam search stops
 * @param maxLength the most tokens in all, those of the prompt counted
 * @param biases what changes logits before the repetition penalty
 * @param rules what changes them behind it, in this order
 * @param shapers what else changes them behind the temperature, where tokens are sampled
 * @param limits what takes more tokens out of a draw, behind top-p
 * @param endOfTextIds the tokens after which to stop; empty for the model's own
 * @param stops what else ends a text, such as {@link StopStrings}
 * @param sequences how many texts come back for each prompt: so many draws, or the best of a search
 * @param scores whether each token's log-probability comes back: see {@link Continuation}
 * @param seed of the draws: one seed, one text
 */
public record GenerationConfig(
    int maxNewTokens,
    boolean sample,
    double temperature,
    int topK,
    double topP,
    double repetitionPenalty,
    int beams,
    double lengthPenalty,
    EarlyStopping earlyStopping,
    int maxLength,
    List<TokenRule> biases,
    List<TokenRule> rules,
    List<LogitsProcessor> shapers,
    List<LogitsProcessor> limits,
    Optional<Set<Integer>> endOfTextIds,
    List<StoppingRule> stops,
    int sequences,
    boolean scores,
    long seed) {
  /** The value of {@link #topK} that keeps every token. */
  public static final int ALL_TOKENS = Integer.MAX_VALUE;

  private static final int DEFAULT_MAX_NEW_TOKENS = 128;

  /** Checks what makes no sense. */
  public GenerationConfig {
    if (maxNewTokens < 1) {
      throw new IllegalArgumentException(
          "the number of new tokens is %d, must be at least 1".formatted(maxNewTokens));
    }
    // The processors know their own limits.
    new Temperature(temperature);
    new TopK(topK);
    new TopP(topP);
    new RepetitionPenalty(repetitionPenalty);
    ConfigChecks.requireSearch(beams, lengthPenalty);
    ConfigChecks.requireNoDraws(beams, sample, temperature, topK, topP);
    ConfigChecks.requireSequences(sequences, sample, beams);
    ConfigChecks.requireEnds(maxLength, endOfTextIds.orElse(Set.of()));
    biases = List.copyOf(biases);
    rules = List.copyOf(rules);
    shapers = List.copyOf(shapers);
    limits = List.copyOf(limits);
    stops = List.copyOf(stops);
    endOfTextIds = endOfTextIds.map(Set::copyOf);
  }

  /** Greedy decoding of up to {@code maxNewTokens}. */
  public static GenerationConfig greedy(int maxNewTokens) {
    return builder().maxNewTokens(maxNewTokens).build();
  }

  /** Starts from greedy decoding. */
  public static Builder builder() {
    return new Builder();
  }

  /** What reshapes logits of a text that nothing is known of. */
  public LogitsProcessor processor() {
    return processor(new TokenRule.Text(new int[0], Integer.MAX_VALUE, Set.of()));
  }

  /**
   * What reshapes logits of {@code text}, in HuggingFace's order: biases, repetition penalty and
   * rules, then, only where tokens are sampled, temperature, shapers, top-k, top-p and limits.
   */
  public LogitsProcessor processor(TokenRule.Text text) {
    return ProcessorChain.of(this, text);
  }

  /** Whether a draw's temperature, top-k and top-p are all that is made of logits. */
  boolean isPlain() {
    return !scores
        && repetitionPenalty == 1
        && biases.isEmpty()
        && rules.isEmpty()
        && (!sample || (shapers.isEmpty() && limits.isEmpty()));
  }

  /** Collects settings; each method returns this builder. */
  public static final class Builder {
    private int maxNewTokens = DEFAULT_MAX_NEW_TOKENS;
    private boolean sample;
    private double temperature = 1;
    private int topK = ALL_TOKENS;
    private double topP = 1;
    private double repetitionPenalty = 1;
    private int beams = 1;
    private double lengthPenalty = 1;
    private EarlyStopping earlyStopping = EarlyStopping.UNLIKELY;
    private int maxLength = Integer.MAX_VALUE;
    private final List<TokenRule> biases = new ArrayList<>();
    private final List<TokenRule> rules = new ArrayList<>();
    private final List<LogitsProcessor> shapers = new ArrayList<>();
    private final List<LogitsProcessor> limits = new ArrayList<>();
    private Optional<Set<Integer>> endOfTextIds = Optional.empty();
    private final List<StoppingRule> stops = new ArrayList<>();
    private int sequences = 1;
    private boolean scores;
    private long seed;

    private Builder() {}

    /** The most tokens to add; 128 unless set. */
    public Builder maxNewTokens(int count) {
      maxNewTokens = count;
      return this;
    }

    /** Draws tokens from the model's distribution. */
    public Builder sample() {
      sample = true;
      return this;
    }

    /** Draws tokens, with logits divided by {@code value}. */
    public Builder temperature(double value) {
      temperature = value;
      return sample();
    }

    /** Draws from the {@code k} likeliest tokens. */
    public Builder topK(int k) {
      topK = k;
      return sample();
    }

    /** Draws from the likeliest tokens that hold probability {@code p}. */
    public Builder topP(double p) {
      topP = p;
      return sample();
    }

    /** Penalises tokens that occurred before, however the next one is picked. */
    public Builder repetitionPenalty(double penalty) {
      repetitionPenalty = penalty;
      return this;
    }

    /** Searches with {@code count} beams. */
    public Builder beams(int count) {
      beams = count;
      return this;
    }

    /** The power of its length that a beam's score is divided by; 1 unless set. */
    public Builder lengthPenalty(double penalty) {
      lengthPenalty = penalty;
      return this;
    }

    /** When a beam search stops; {@link EarlyStopping#UNLIKELY} unless set. */
    public Builder earlyStopping(EarlyStopping when) {
      earlyStopping = when;
      return this;
    }

    /** The most tokens in all, those of the prompt counted; no limit unless set. */
    public Builder maxLength(int length) {
      maxLength = length;
      return this;
    }

    /** Changes logits before the repetition penalty. */
    public Builder bias(TokenRule rule) {
      biases.add(rule);
      return this;
    }

    /** Changes logits behind the repetition penalty and the rules so far. */
    public Builder rule(TokenRule rule) {
      rules.add(rule);
      return this;
    }

    /** Changes logits behind the temperature, where tokens are sampled. */
    public Builder shaper(LogitsProcessor processor) {
      shapers.add(processor);
      return this;
    }

    /** Takes tokens out of a draw behind top-p and the limits so far. */
    public Builder limit(LogitsProcessor processor) {
      limits.add(processor);
      return this;
    }

    /** The tokens after which to stop instead of the model's own; an empty set for none. */
    public Builder endOfTextIds(Set<Integer> ids) {
      endOfTextIds = Optional.of(ids);
      return this;
    }

    /** Ends a text where {@code rule} says so, besides the ends. */
    public Builder stop(StoppingRule rule) {
      stops.add(rule);
      return this;
    }

    /** The number of texts for each prompt; 1 unless set. */
    public Builder sequences(int count) {
      sequences = count;
      return this;
    }

    /** Has each token's log-probability come back. */
    public Builder scores() {
      scores = true;
      return this;
    }

    /** The seed of the draws; 0 unless set. */
    public Builder seed(long value) {
      seed = value;
      return this;
    }

    /**
     * The configuration.
     *
     * @throws IllegalArgumentException if a setting makes no sense, or two contradict each other
     */
    public GenerationConfig build() {
      return new GenerationConfig(
          maxNewTokens,
          sample,
          temperature,
          topK,
          topP,
          repetitionPenalty,
          beams,
          lengthPenalty,
          earlyStopping,
          maxLength,
          biases,
          rules,
          shapers,
          limits,
          endOfTextIds,
          stops,
          sequences,
          scores,
          seed);
    }
  }
}
