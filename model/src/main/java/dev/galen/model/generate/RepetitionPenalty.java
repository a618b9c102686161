package dev.galen.model.generate;

import java.util.BitSet;

/**
 * Makes tokens that occur in the prompt or in the text so far less likely, or more with a penalty
 * below 1: their logits are divided by it if positive, else multiplied (Keskar, McCann, Varshney,
 * Xiong, Socher: "CTRL", 2019, arXiv 1909.05858, with HuggingFace's treatment of signs).
 *
 * @param penalty positive; 1 changes nothing
 */
public record RepetitionPenalty(double penalty) implements LogitsProcessor {
  /** Checks the penalty. */
  public RepetitionPenalty {
    if (!(penalty > 0 && penalty < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "repetition penalty is %s, must be a positive number; 1 changes nothing"
              .formatted(penalty));
    }
  }

  @Override
  public float[] apply(float[] logits, int[] ids) {
    var seen = new BitSet(logits.length);
    for (int id : ids) {
      seen.set(id);
    }
    float factor = (float) penalty;
    var processed = logits.clone();
    for (int id = seen.nextSetBit(0); id >= 0; id = seen.nextSetBit(id + 1)) {
      processed[id] = logits[id] < 0 ? logits[id] * factor : logits[id] / factor;
    }
    return processed;
  }
}
