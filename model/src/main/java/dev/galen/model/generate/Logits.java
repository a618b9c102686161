package dev.galen.model.generate;

import java.util.Arrays;

/** What processors and samplers compute from a row of logits, on the host. */
final class Logits {
  private Logits() {}

  /** Throws unless every logit is a number below infinity. */
  static void requireNumbers(float[] logits) {
    for (int id = 0; id < logits.length; id++) {
      requireNumber(id, logits[id]);
    }
  }

  /** Throws unless the logit of token {@code id} is a number below infinity. */
  static void requireNumber(int id, float logit) {
    if (!(logit < Float.POSITIVE_INFINITY)) {
      throw new NonFiniteLogitException(
          "the model's logit of token %d is %s; its weights are damaged".formatted(id, logit));
    }
  }

  /** Throws where rules have excluded every token, so that there is none to choose. */
  static void requireChoice(float best) {
    if (best == Float.NEGATIVE_INFINITY) {
      throw new IllegalArgumentException(
          "no token is left to choose: the rules (suppressed tokens, bad words, n-grams, ends that"
              + " may not come yet) exclude all of them");
    }
  }

  /** {@code e^s / sum e^s}, in double, with the maximum subtracted first. */
  static double[] softmax(float[] logits) {
    float max = Float.NEGATIVE_INFINITY;
    for (float logit : logits) {
      max = Math.max(max, logit);
    }
    var probabilities = new double[logits.length];
    double sum = 0;
    for (int id = 0; id < logits.length; id++) {
      // After top-k nearly all are excluded: without this test their exp would be most of the cost.
      if (logits[id] > Float.NEGATIVE_INFINITY) {
        probabilities[id] = Math.exp((double) logits[id] - max);
        sum += probabilities[id];
      }
    }
    for (int id = 0; id < logits.length; id++) {
      probabilities[id] /= sum;
    }
    return probabilities;
  }

  /** {@code ln softmax(logits)} of one token, in nats. */
  static double logProbability(float[] logits, int id) {
    double max = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      max = Math.max(max, logit);
    }
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - max);
    }
    return logits[id] - max - Math.log(sum);
  }

  /** The ids that are not excluded, lowest logit first; of equals the higher id first. */
  static int[] ascending(float[] logits) {
    // Primitive keys sort several times faster than boxed ids with a comparator.
    var keys = new long[logits.length];
    int count = 0;
    for (int id = 0; id < logits.length; id++) {
      if (logits[id] > Float.NEGATIVE_INFINITY) {
        keys[count++] = (long) sortable(logits[id]) << 32 | (Integer.MAX_VALUE - id);
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
  private static int sortable(float logit) {
    int bits = Float.floatToIntBits(logit + 0f);
    return bits ^ (bits >> 31 & Integer.MAX_VALUE);
  }
}
