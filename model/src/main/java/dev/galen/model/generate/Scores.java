package dev.galen.model.generate;

import java.util.Arrays;

/** What processors and samplers compute from a row of scores, on the host. */
final class Scores {
  private Scores() {}

  /** Throws unless every score is a number below infinity. */
  static void requireNumbers(float[] scores) {
    for (int id = 0; id < scores.length; id++) {
      requireNumber(id, scores[id]);
    }
  }

  /** Throws unless the score of token {@code id} is a number below infinity. */
  static void requireNumber(int id, float score) {
    if (!(score < Float.POSITIVE_INFINITY)) {
      throw new NonFiniteLogitException(
          "the model's score of token %d is %s; its weights are damaged".formatted(id, score));
    }
  }

  /** {@code e^s / sum e^s}, in double, with the maximum subtracted first. */
  static double[] softmax(float[] scores) {
    float max = Float.NEGATIVE_INFINITY;
    for (float score : scores) {
      max = Math.max(max, score);
    }
    var probabilities = new double[scores.length];
    double sum = 0;
    for (int id = 0; id < scores.length; id++) {
      // After top-k nearly all are excluded: without this test their exp would be most of the cost.
      if (scores[id] > Float.NEGATIVE_INFINITY) {
        probabilities[id] = Math.exp((double) scores[id] - max);
        sum += probabilities[id];
      }
    }
    for (int id = 0; id < scores.length; id++) {
      probabilities[id] /= sum;
    }
    return probabilities;
  }

  /** The ids that are not excluded, lowest score first; of equals the higher id first. */
  static int[] ascending(float[] scores) {
    // Primitive keys sort several times faster than boxed ids with a comparator.
    var keys = new long[scores.length];
    int count = 0;
    for (int id = 0; id < scores.length; id++) {
      if (scores[id] > Float.NEGATIVE_INFINITY) {
        keys[count++] = (long) sortable(scores[id]) << 32 | (Integer.MAX_VALUE - id);
      }
    }
    Arrays.sort(keys, 0, count);
    var ids = new int[count];
    for (int i = 0; i < count; i++) {
      ids[i] = Integer.MAX_VALUE - (int) keys[i];
    }
    return ids;
  }

  /** Maps a float to an int of the same order; adding 0 makes -0 equal to 0. */
  private static int sortable(float score) {
    int bits = Float.floatToIntBits(score + 0f);
    return bits ^ (bits >> 31 & Integer.MAX_VALUE);
  }
}
