package dev.galen.tensor.backend.reference;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** One row of {@link ReferenceRandom#sample}, in double precision and by sorting. */
final class ReferenceSampling {
  private ReferenceSampling() {}

  /**
   * The index drawn by {@code uniform}, or -1.
   *
   * @param scores logits divided by the temperature; overwritten
   */
  static int draw(double[] scores, int topK, double topP, double uniform) {
    double max = Double.NEGATIVE_INFINITY;
    for (double score : scores) {
      max = Math.max(max, score); // NaN where one is
    }
    if (!Double.isFinite(max)) {
      return -1;
    }
    if (topK < scores.length) {
      keepTopK(scores, topK);
    }
    if (topP < 1) {
      keepTopP(scores, topP, max);
    }
    double[] probabilities = softmax(scores, max);
    double left = uniform;
    int likely = -1;
    for (int j = 0; j < scores.length && left >= 0; j++) {
      if (probabilities[j] > 0) {
        likely = j;
        left -= probabilities[j];
      }
    }
    // Where rounding left a crumb, this is the last that is possible, never an excluded one.
    return likely;
  }

  private static void keepTopK(double[] scores, int topK) {
    double[] sorted = scores.clone();
    Arrays.sort(sorted);
    double lowest = sorted[scores.length - topK];
    for (int j = 0; j < scores.length; j++) {
      if (scores[j] < lowest) {
        scores[j] = Double.NEGATIVE_INFINITY;
      }
    }
  }

  /** Sums are of and in F32 where they are compared, as HuggingFace's are. */
  private static void keepTopP(double[] scores, double topP, double max) {
    double[] probabilities = softmax(scores, max);
    int[] ascending =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(
                Comparator.<Integer>comparingDouble(j -> scores[j] + 0.0) // -0 equals 0
                    .thenComparing(Comparator.reverseOrder()))
            .mapToInt(j -> j)
            .toArray();
    float dispensable = (float) (1 - topP);
    double sum = 0;
    for (int rank = 0; rank < ascending.length - 1; rank++) {
      sum += (float) probabilities[ascending[rank]];
      if ((float) sum > dispensable) {
        break;
      }
      scores[ascending[rank]] = Double.NEGATIVE_INFINITY;
    }
  }

  private static double[] softmax(double[] scores, double max) {
    var probabilities = new double[scores.length];
    double sum = 0;
    for (int j = 0; j < scores.length; j++) {
      probabilities[j] = Math.exp(scores[j] - max);
      sum += probabilities[j];
    }
    for (int j = 0; j < scores.length; j++) {
      probabilities[j] /= sum;
    }
    return probabilities;
  }
}
