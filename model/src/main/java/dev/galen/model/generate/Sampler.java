package dev.galen.model.generate;

import dev.galen.tensor.random.Philox;

/** Picks the next token. */
@FunctionalInterface
public interface Sampler {
  /**
   * The id of the picked token.
   *
   * @param scores V logits; negative infinity excludes a token
   * @throws IllegalArgumentException if a score is not a number, or infinite
   */
  int pick(float[] scores);

  /** The highest score, the first of equals. */
  static Sampler greedy() {
    return scores -> {
      Scores.requireNumbers(scores);
      int best = 0;
      for (int id = 1; id < scores.length; id++) {
        if (scores[id] > scores[best]) {
          best = id;
        }
      }
      return best;
    };
  }

  /**
   * A draw from {@code softmax(scores)}. Every pick takes one counter of {@code random}, so that
   * one seed gives one text. {@link dev.galen.tensor.ops.SampleOp} draws alike from scores that lie
   * on a device.
   */
  static Sampler from(Philox random) {
    return scores -> {
      Scores.requireNumbers(scores);
      double[] probabilities = Scores.softmax(scores);
      double left = random.nextUniform();
      int likely = 0;
      for (int id = 0; id < scores.length; id++) {
        if (probabilities[id] > 0) {
          likely = id;
          left -= probabilities[id];
          if (left < 0) {
            break;
          }
        }
      }
      // Where rounding left a crumb, this is the last possible token, never an excluded one.
      return likely;
    };
  }
}
