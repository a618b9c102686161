package dev.galen.model.generate;

import java.util.List;
import java.util.Map;

/**
 * Adds to the logit of a token that would complete a sequence; negative infinity forbids it.
 *
 * @param biases by sequence, each of at least one id
 */
public record SequenceBias(Map<List<Integer>, Float> biases) implements LogitsProcessor {
  /** Keeps its own copy. */
  public SequenceBias {
    biases = Map.copyOf(biases);
    if (biases.keySet().stream().anyMatch(List::isEmpty)) {
      throw new IllegalArgumentException("a sequence of tokens is empty");
    }
  }

  @Override
  public float[] apply(float[] logits, int[] ids) {
    var processed = logits.clone();
    biases.forEach(
        (sequence, bias) -> {
          for (int id : sequence) {
            if (id < 0 || id >= logits.length) {
              throw new IllegalArgumentException(
                  "a sequence of tokens has id %d, the model knows 0 to %d"
                      .formatted(id, logits.length - 1));
            }
          }
          if (follows(sequence, ids)) {
            processed[sequence.getLast()] += bias;
          }
        });
    return processed;
  }

  /** Whether all but the last of {@code sequence} end the text so far. */
  private static boolean follows(List<Integer> sequence, int[] ids) {
    int start = ids.length - (sequence.size() - 1);
    if (start < 0) {
      return false;
    }
    for (int i = 0; i < sequence.size() - 1; i++) {
      if (ids[start + i] != sequence.get(i)) {
        return false;
      }
    }
    return true;
  }
}
