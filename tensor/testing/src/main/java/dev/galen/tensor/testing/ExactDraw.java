package dev.galen.tensor.testing;

import dev.galen.tensor.backend.RandomKernels;
import dev.galen.tensor.backend.Sampling;
import java.util.BitSet;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * What {@link RandomKernels#sample} must draw from a row of F32 scores, computed in F64 by sorting,
 * and what else rounding may let a backend draw.
 *
 * <p>A backend may have each weight {@code w = e^(score - max)} with an error of {@code 2^-22} of
 * itself, its exponential's, of {@code |score - max| 2^-24}, the difference's, and of {@code
 * 2^-bits} where it counts in whole numbers. With all these errors adding up to E, a sum N of
 * weights over their total W lies within {@code 2 E / (W - E)} of {@code N / W}, because {@code |(N
 * + n) / (W + t) - N / W| = |n W - t N| / (W (W + t))} with {@code |n|, |t| <= E} and {@code N <=
 * W}. HuggingFace's top-p rounds the probabilities that it adds to F32 besides.
 *
 * @param index the index drawn, or -1
 * @param accepted all indices that rounding may lead to; nothing but {@code index} for most draws
 */
public record ExactDraw(int index, BitSet accepted) {
  /** The draw of {@code uniform} from {@code scores}, which holds no NaN and no infinity. */
  public static ExactDraw of(
      float[] scores, double temperature, int topK, double topP, float uniform) {
    int cols = scores.length;
    var divided = new double[cols];
    for (int j = 0; j < cols; j++) {
      divided[j] = scores[j] / (float) temperature + 0f; // -0 equals 0
    }
    int[] order =
        IntStream.range(0, cols)
            .boxed()
            .sorted(Comparator.<Integer>comparingDouble(j -> -divided[j]).thenComparing(j -> j))
            .mapToInt(j -> j)
            .toArray();
    double max = divided[order[0]];
    if (max == Double.NEGATIVE_INFINITY) {
      return new ExactDraw(-1, new BitSet());
    }
    double least = divided[order[Math.min(topK, cols) - 1]];
    var left = new BitSet();
    for (int j = 0; j < cols; j++) {
      left.set(j, divided[j] >= least && divided[j] > Double.NEGATIVE_INFINITY);
    }
    if (topP == 1) {
      return inverse(divided, max, left, uniform);
    }
    var ofTopK = new Weights(divided, max, left);
    double dispensable = Sampling.dispensable(topP);
    boolean certain = true;
    var kept = (BitSet) left.clone();
    double sum = 0;
    for (int rank = left.cardinality() - 1; rank > 0; rank--) {
      sum += ofTopK.of(order[rank]) / ofTopK.total;
      certain &= Math.abs(sum - dispensable) > ofTopK.error + sum * 0x1p-24;
      if (sum <= dispensable) {
        kept.clear(order[rank]);
      }
    }
    ExactDraw draw = inverse(divided, max, kept, uniform);
    return certain ? draw : new ExactDraw(draw.index, left);
  }

  private static ExactDraw inverse(double[] scores, double max, BitSet kept, float uniform) {
    var weights = new Weights(scores, max, kept);
    var accepted = new BitSet();
    int index = -1;
    double before = 0;
    for (int j = kept.nextSetBit(0); j >= 0; j = kept.nextSetBit(j + 1)) {
      double upTo = before + weights.of(j) / weights.total;
      if (before - weights.error <= uniform && uniform < upTo + weights.error) {
        accepted.set(j);
      }
      if (index < 0 && upTo > uniform) {
        index = j;
      }
      before = upTo;
    }
    return new ExactDraw(index < 0 ? kept.length() - 1 : index, accepted);
  }

  /** The weights of some indices, their sum, and how far a share of it may be off. */
  private static final class Weights {
    private final double[] scores;
    private final double max;
    private final double total;
    private final double error;

    Weights(double[] scores, double max, BitSet kept) {
      this.scores = scores;
      this.max = max;
      double sum = 0;
      double errors = kept.cardinality() * Math.scalb(1.0, -Sampling.bits(scores.length));
      for (int j = kept.nextSetBit(0); j >= 0; j = kept.nextSetBit(j + 1)) {
        sum += of(j);
        errors += of(j) * (0x1p-22 + (max - scores[j]) * 0x1p-24);
      }
      total = sum;
      error = 2 * errors / (sum - errors);
    }

    double of(int j) {
      return Math.exp(scores[j] - max);
    }
  }
}
