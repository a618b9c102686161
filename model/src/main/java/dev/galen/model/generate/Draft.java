package dev.galen.model.generate;

import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.Set;

/** A text that is being made, token by token. */
final class Draft {
  private final int prompt;
  private final int[] source;
  private final int start;
  private final int limit;
  private int[] ids;
  private int length;
  private double[] logProbabilities = {};
  private boolean done;

  /**
   * The beginning of a text.
   *
   * @param prompt which of the prompts it is for
   * @param source that prompt
   * @param beginning the first ids, at least one
   * @param limit the most tokens, those of the beginning counted
   */
  Draft(int prompt, int[] source, int[] beginning, int limit) {
    this.prompt = prompt;
    this.source = source;
    this.start = beginning.length;
    this.limit = limit;
    this.ids = Arrays.copyOf(beginning, limit);
    this.length = start;
    this.done = start >= limit;
  }

  /** Which of the prompts it is for. */
  int prompt() {
    return prompt;
  }

  /** What rules know of it. */
  TokenRule.Text text(Set<Integer> ends) {
    return new TokenRule.Text(Arrays.copyOf(ids, start), limit, ends, source);
  }

  int[] source() {
    return source;
  }

  /** The tokens so far. */
  int[] ids() {
    return Arrays.copyOf(ids, length);
  }

  int start() {
    return start;
  }

  int length() {
    return length;
  }

  int last() {
    return ids[length - 1];
  }

  int limit() {
    return limit;
  }

  /** Whether nothing is added any more. */
  boolean isDone() {
    return done;
  }

  void add(int id) {
    ids[length++] = id;
    done = length == limit;
  }

  void end() {
    done = true;
  }

  /** Keeps what the next token was worth. */
  void addLogProbability(double value) {
    logProbabilities = Arrays.copyOf(logProbabilities, length - start + 1);
    logProbabilities[length - start] = value;
  }

  Continuation continuation() {
    return new Continuation(prompt, ids(), start, logProbabilities, OptionalDouble.empty());
  }
}
