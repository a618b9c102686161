package dev.galen.model.generate;

import dev.galen.tensor.random.Philox;

/** Picks the next token. */
@FunctionalInterface
public interface Sampler {
  /**
   * The id of the picked token.
   *
   * @param logits V logits; negative infinity excludes a token
   * @throws IllegalArgumentException if a logit is not a number, or infinite, or all are excluded
   */
  int pick(float[] logits);

  /** The highest logit, the first of equals. */
  static Sampler greedy() {
    return logits -> {
      Logits.requireNumbers(logits);
      int best = 0;
      for (int id = 1; id < logits.length; id++) {
        if (logits[id] > logits[best]) {
          best = id;
        }
      }
      Logits.requireChoice(logits[best]);
      return best;
    };
  }

  /**
   * A draw from {@code softmax(logits)}. Every pick takes one counter of {@code random}, so that
   * one seed gives one text. {@link dev.galen.tensor.ops.SampleOp} draws alike from logits that lie
   * on a device.
   */
  static Sampler from(Philox random) {
    return logits -> {
      Logits.requireNumbers(logits);
      double[] probabilities = Logits.softmax(logits);
      double left = random.nextUniform();
      int likely = 0;
      for (int id = 0; id < logits.length; id++) {
        if (probabilities[id] > 0) {
          likely = id;
          left -= probabilities[id];
          if (left < 0) {
            break;
          }
        }
      }
      Logits.requireChoice(logits[likely]);
      // Where rounding left a crumb, this is the last possible token, never an excluded one.
      return likely;
    };
  }
}
