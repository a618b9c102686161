package dev.galen.model.generate;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The rules of HuggingFace's generate that go by where a text stands. */
public final class TokenRules {
  private TokenRules() {}

  /** Nothing ends a text of fewer than {@code length} tokens, the prompt's counted. */
  public static TokenRule minLength(int length) {
    return text -> noEndBefore(length, text.ends());
  }

  /** Nothing ends a text before {@code count} new tokens. */
  public static TokenRule minNewTokens(int count) {
    return text -> noEndBefore(Math.addExact(text.prompt().length, count), text.ends());
  }

  private static LogitsProcessor noEndBefore(int length, Set<Integer> ends) {
    return (logits, ids) -> ids.length < length ? without(logits, ends) : logits;
  }

  /** One of {@code ids} comes as the second token of a text; not for longer prompts. */
  public static TokenRule forcedBeginning(int id) {
    return text -> forced(1, Set.of(id));
  }

  /** One of {@code ids} comes last where a text reaches its limit. */
  public static TokenRule forcedEnd(Set<Integer> ids) {
    return text -> forced(text.limit() - 1, ids);
  }

  private static LogitsProcessor forced(int length, Set<Integer> forced) {
    return (logits, ids) -> {
      if (ids.length != length) {
        return logits;
      }
      var processed = new float[logits.length];
      Arrays.fill(processed, Float.NEGATIVE_INFINITY);
      for (int id : forced) {
        if (id < 0 || id >= logits.length) {
          throw new IllegalArgumentException(
              "the token to force is %d, the model knows 0 to %d".formatted(id, logits.length - 1));
        }
        processed[id] = 0;
      }
      return processed;
    };
  }

  /** Never one of {@code ids}. */
  public static TokenRule suppressed(Set<Integer> ids) {
    return text -> (logits, soFar) -> without(logits, ids);
  }

  /** Not one of {@code ids} as the first new token. */
  public static TokenRule suppressedFirst(Set<Integer> ids) {
    return suppressedFirst(ids, false);
  }

  /**
   * Not one of {@code ids} as the first new token that can be chosen.
   *
   * @param beginningIsForced whether a {@link #forcedBeginning} comes first in texts that begin
   *     with one token
   */
  public static TokenRule suppressedFirst(Set<Integer> ids, boolean beginningIsForced) {
    return text -> {
      int length = text.prompt().length;
      int first = beginningIsForced && length == 1 ? length + 1 : length;
      return (logits, soFar) -> soFar.length == first ? without(logits, ids) : logits;
    };
  }

  /** None of these sequences; one that is an end alone is left out. */
  public static TokenRule badWords(List<List<Integer>> words) {
    return text ->
        new SequenceBias(
            words.stream()
                .filter(word -> word.size() != 1 || !text.ends().contains(word.getFirst()))
                .distinct()
                .collect(Collectors.toMap(word -> word, word -> Float.NEGATIVE_INFINITY)));
  }

  /** See {@link SequenceBias}. */
  public static TokenRule biased(Map<List<Integer>, Float> biases) {
    var bias = new SequenceBias(biases);
    return text -> bias;
  }

  /**
   * Ends become likelier, by the {@code factor} to the number of tokens beyond {@code start}. One
   * that is excluded, as {@link #minNewTokens} does, stays excluded; transformers has NaN there and
   * ends the text.
   */
  public static TokenRule endDecay(int start, double factor) {
    return text -> {
      int from = Math.addExact(text.prompt().length, start);
      return (logits, ids) -> {
        if (ids.length <= from) {
          return logits;
        }
        var processed = logits.clone();
        float growth = (float) (Math.pow(factor, ids.length - from) - 1);
        for (int end : text.ends()) {
          // One that another rule has excluded stays so: minus infinity and infinity make no
          // number.
          if (end < logits.length && logits[end] > Float.NEGATIVE_INFINITY) {
            processed[end] += Math.abs(logits[end]) * growth;
          }
        }
        return processed;
      };
    };
  }

  /**
   * Tokens of the prompt, or of what an encoder was given, become likelier, with a penalty above 1
   * on all others.
   */
  public static TokenRule promptPenalty(double penalty) {
    var inverse = new RepetitionPenalty(1 / penalty);
    return text -> (logits, ids) -> inverse.apply(logits, text.source());
  }

  /** No {@code size} tokens in a row that stand in the prompt, or in what an encoder was given. */
  public static TokenRule noPromptNGram(int size) {
    new NoRepeatNGram(size); // checks
    return text -> NoRepeatNGram.of(size, text.source());
  }

  /** Logits become log-probabilities again, which matters to beams. */
  public static TokenRule renormalized() {
    return text ->
        (logits, ids) -> {
          double[] probabilities = Logits.softmax(logits);
          var processed = new float[logits.length];
          for (int id = 0; id < logits.length; id++) {
            processed[id] = (float) Math.log(probabilities[id]);
          }
          return processed;
        };
  }

  private static float[] without(float[] logits, Set<Integer> excluded) {
    var processed = logits.clone();
    for (int id : excluded) {
      if (id >= 0 && id < logits.length) {
        processed[id] = Float.NEGATIVE_INFINITY;
      }
    }
    return processed;
  }
}
