package dev.galen.model.generate;

import java.util.Arrays;

/**
 * Excludes tokens that would repeat {@code size} tokens in a row.
 *
 * @param size how many, at least 1
 */
public record NoRepeatNGram(int size) implements LogitsProcessor {
  /** Checks the number. */
  public NoRepeatNGram {
    if (size < 1) {
      throw new IllegalArgumentException(
          "no_repeat_ngram_size is %d, must be at least 1".formatted(size));
    }
  }

  /** The same of what stands in {@code prompt}: HuggingFace's {@code encoder_no_repeat_ngram}. */
  static LogitsProcessor of(int size, int[] prompt) {
    var rule = new NoRepeatNGram(size);
    return (logits, ids) -> rule.exclude(logits, ids, prompt);
  }

  @Override
  public float[] apply(float[] logits, int[] ids) {
    return exclude(logits, ids, ids);
  }

  /** Without what would repeat a part of {@code source} behind {@code ids}. */
  private float[] exclude(float[] logits, int[] ids, int[] source) {
    int before = ids.length - (size - 1);
    if (before < 0 || source.length < size) {
      return logits;
    }
    var processed = logits.clone();
    for (int last = size - 1; last < source.length; last++) {
      if (Arrays.equals(source, last - (size - 1), last, ids, before, ids.length)) {
        processed[source[last]] = Float.NEGATIVE_INFINITY;
      }
    }
    return processed;
  }
}
