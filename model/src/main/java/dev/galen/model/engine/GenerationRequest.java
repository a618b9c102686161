package dev.galen.model.engine;

import dev.galen.model.generate.GenerationConfig;
import java.time.Duration;
import java.util.Optional;

/**
 * Texts that somebody asks for.
 *
 * @param prompt at least one id; what the encoder reads, where the model has one
 * @param config how to continue it; {@code beams} and {@code sequences} must be 1
 * @param sequences n: how many texts come back
 * @param bestOf how many are made, of which the {@code sequences} with the highest mean
 *     log-probability of a token come back
 * @param topLogProbabilities how many of the likeliest tokens come with each; {@link
 *     #NO_LOG_PROBABILITIES} for no log-probability at all
 * @param priority higher ones first; 0 unless set
 * @param deadline how long it may take from now on; empty for no bound
 * @param adapter the name of the adapter to use; empty for the base model
 * @param constraint which tokens may come; empty for all
 */
@SuppressWarnings("ArrayRecordComponent") // Carried, never compared.
public record GenerationRequest(
    int[] prompt,
    GenerationConfig config,
    int sequences,
    int bestOf,
    int topLogProbabilities,
    int priority,
    Optional<Duration> deadline,
    Optional<String> adapter,
    Optional<TokenConstraint> constraint) {
  /** No log-probabilities are wanted. */
  public static final int NO_LOG_PROBABILITIES = -1;

  /** More texts of one request than anybody asks for. */
  private static final int MOST_SEQUENCES = 128;

  /** Checks what makes no sense. */
  public GenerationRequest {
    if (prompt.length == 0) {
      throw new IllegalArgumentException("the prompt is empty; it needs at least one token");
    }
    prompt = prompt.clone();
    if (config.beams() != 1 || config.sequences() != 1) {
      throw new IllegalArgumentException(
          "num_beams is %d and num_return_sequences %d, must be 1: an engine makes no beam search,"
                  .formatted(config.beams(), config.sequences())
              + " and a request says how many texts it wants");
    }
    if (sequences < 1 || bestOf < sequences || bestOf > MOST_SEQUENCES) {
      throw new IllegalArgumentException(
          "n is %d and best_of %d, must be 1 <= n <= best_of <= %d"
              .formatted(sequences, bestOf, MOST_SEQUENCES));
    }
    if (topLogProbabilities < NO_LOG_PROBABILITIES) {
      throw new IllegalArgumentException(
          "the number of top log-probabilities is %d, must be at least 0"
              .formatted(topLogProbabilities));
    }
    if (deadline.isPresent() && !deadline.get().isPositive()) {
      throw new IllegalArgumentException(
          "the deadline is %s from now, must be above zero".formatted(deadline.get()));
    }
  }

  /** One text for {@code prompt}. */
  public static GenerationRequest of(int[] prompt, GenerationConfig config) {
    return builder(prompt, config).build();
  }

  /** Starts from one text without anything special. */
  public static Builder builder(int[] prompt, GenerationConfig config) {
    return new Builder(prompt, config);
  }

  /** Whether log-probabilities come back. */
  public boolean hasLogProbabilities() {
    return topLogProbabilities != NO_LOG_PROBABILITIES;
  }

  /** Collects settings; each method returns this builder. */
  public static final class Builder {
    private final int[] prompt;
    private final GenerationConfig config;
    private int sequences = 1;
    private int bestOf;
    private int topLogProbabilities = NO_LOG_PROBABILITIES;
    private int priority;
    private Optional<Duration> deadline = Optional.empty();
    private Optional<String> adapter = Optional.empty();
    private Optional<TokenConstraint> constraint = Optional.empty();

    private Builder(int[] prompt, GenerationConfig config) {
      this.prompt = prompt;
      this.config = config;
    }

    /** n: the number of texts; 1 unless set. */
    public Builder sequences(int count) {
      sequences = count;
      return this;
    }

    /** Makes {@code count} texts, of which the best come back; as many as come back unless set. */
    public Builder bestOf(int count) {
      bestOf = count;
      return this;
    }

    /** Has each token's log-probability come back, and the {@code count} likeliest tokens. */
    public Builder topLogProbabilities(int count) {
      topLogProbabilities = count;
      return this;
    }

    /** Higher ones first; 0 unless set. */
    public Builder priority(int value) {
      priority = value;
      return this;
    }

    /** How long it may take from when it is submitted. */
    public Builder deadline(Duration fromNow) {
      deadline = Optional.of(fromNow);
      return this;
    }

    /** The adapter to use. */
    public Builder adapter(String name) {
      adapter = Optional.of(name);
      return this;
    }

    /** Which tokens may come. */
    public Builder constraint(TokenConstraint value) {
      constraint = Optional.of(value);
      return this;
    }

    /**
     * The request.
     *
     * @throws IllegalArgumentException if something makes no sense
     */
    public GenerationRequest build() {
      return new GenerationRequest(
          prompt,
          config,
          sequences,
          bestOf == 0 ? sequences : bestOf,
          topLogProbabilities,
          priority,
          deadline,
          adapter,
          constraint);
    }
  }
}
