package dev.galen.model.nn;

import java.util.List;

/**
 * How a rotary embedding is stretched to texts longer than those a model was first trained on: what
 * becomes of the frequencies {@code theta^(-2i/D)}, i = 0 .. D/2 - 1. Each form is that of
 * HuggingFace's {@code rope_type} of its name.
 */
public sealed interface RotaryScaling {
  /** As they are. */
  RotaryScaling NONE = new None();

  /**
   * The angle of one position to the next.
   *
   * @param headSize D
   * @param length the number of positions of the text
   * @return {@code [D/2]}
   */
  double[] frequencies(int headSize, double theta, int length);

  /** What cosines and sines are multiplied by, and with them queries and keys. */
  default double attentionFactor() {
    return 1;
  }

  /** The longest text that has the frequencies of a short one. */
  default int constantUpTo() {
    return Integer.MAX_VALUE;
  }

  /**
   * The largest context of a model.
   *
   * @param positions {@code max_position_embeddings} of its config, which some count before they
   *     are stretched and some behind
   */
  default int contextLength(int positions) {
    return positions;
  }

  private static double[] unscaled(int headSize, double theta) {
    var frequencies = new double[headSize / 2];
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = Math.pow(theta, -2.0 * i / headSize);
    }
    return frequencies;
  }

  private static int stretched(int positions, double factor) {
    return (int) Math.min(positions * Math.max(1, factor), Integer.MAX_VALUE);
  }

  /** {@code default}: no scaling. */
  record None() implements RotaryScaling {
    @Override
    public double[] frequencies(int headSize, double theta, int length) {
      return unscaled(headSize, theta);
    }
  }

  /**
   * {@code linear}: positions divided by a factor (Chen et al. 2023, arXiv 2306.15595).
   *
   * @param factor by which texts are longer
   */
  record Linear(double factor) implements RotaryScaling {
    @Override
    public double[] frequencies(int headSize, double theta, int length) {
      double[] frequencies = unscaled(headSize, theta);
      for (int i = 0; i < frequencies.length; i++) {
        frequencies[i] /= factor;
      }
      return frequencies;
    }

    @Override
    public int contextLength(int positions) {
      return stretched(positions, factor);
    }
  }

  /**
   * {@code dynamic}: in a text of N positions, more than the original P, theta is multiplied by
   * {@code (factor N / P - (factor - 1))^(D / (D - 2))} ("NTK-aware" scaling, Peng et al. 2023,
   * arXiv 2309.00071, appendix B.1).
   *
   * @param factor by which texts are longer
   * @param original P
   */
  record DynamicNtk(double factor, int original) implements RotaryScaling {
    @Override
    public double[] frequencies(int headSize, double theta, int length) {
      double stretch = factor * Math.max(length, original) / original - (factor - 1);
      return unscaled(headSize, theta * Math.pow(stretch, headSize / (headSize - 2.0)));
    }

    @Override
    public int constantUpTo() {
      return original;
    }

    @Override
    public int contextLength(int positions) {
      return stretched(positions, factor);
    }
  }

  /**
   * {@code yarn} (Peng et al. 2023, arXiv 2309.00071): frequencies that turn more than {@code
   * betaFast} times in the original P positions stay, those that turn less than {@code betaSlow}
   * times are divided by the factor, and between them it changes evenly from one to the next.
   *
   * @param factor by which texts are longer
   * @param original P
   * @param attentionFactor see {@link #attentionFactor()}
   * @param betaFast turns
   * @param betaSlow turns
   * @param truncate whether the ends of what is in between are rounded outwards to whole numbers
   */
  record Yarn(
      double factor,
      int original,
      double attentionFactor,
      double betaFast,
      double betaSlow,
      boolean truncate)
      implements RotaryScaling {

    /**
     * The attention factor of a config that gives none: {@code 0.1 mscale ln(factor) + 1}, or the
     * quotient of two of these.
     *
     * @param mscale of the numerator, 0 if it is not given
     * @param mscaleAllDim of the denominator, 0 if it is not given
     */
    public static double attentionFactor(double factor, double mscale, double mscaleAllDim) {
      return mscale != 0 && mscaleAllDim != 0
          ? magnitude(factor, mscale) / magnitude(factor, mscaleAllDim)
          : magnitude(factor, 1);
    }

    private static double magnitude(double factor, double mscale) {
      return factor <= 1 ? 1 : 0.1 * mscale * Math.log(factor) + 1;
    }

    @Override
    public double[] frequencies(int headSize, double theta, int length) {
      double low = turningAt(betaFast, headSize, theta);
      double high = turningAt(betaSlow, headSize, theta);
      if (truncate) {
        low = Math.floor(low);
        high = Math.ceil(high);
      }
      low = Math.max(low, 0);
      high = Math.min(high, headSize - 1);
      double width = low == high ? 0.001 : high - low;
      double[] frequencies = unscaled(headSize, theta);
      for (int i = 0; i < frequencies.length; i++) {
        double divided = Math.clamp((i - low) / width, 0, 1);
        frequencies[i] *= divided / factor + (1 - divided);
      }
      return frequencies;
    }

    /** The index, no whole number, of the frequency that turns so many times in P positions. */
    private double turningAt(double turns, int headSize, double theta) {
      return headSize * Math.log(original / (turns * 2 * Math.PI)) / (2 * Math.log(theta));
    }

    @Override
    public int contextLength(int positions) {
      return Math.max(positions, stretched(original, factor));
    }
  }

  /**
   * {@code llama3} (Grattafiori et al. 2024, arXiv 2407.21783): frequencies with a wave longer than
   * {@code P / lowFactor} of the original P positions are divided by the factor, those with one
   * shorter than {@code P / highFactor} stay, and in between it changes evenly with the frequency.
   *
   * @param factor by which texts are longer
   * @param lowFactor see above
   * @param highFactor see above
   * @param original P
   */
  record Llama3(double factor, double lowFactor, double highFactor, int original)
      implements RotaryScaling {
    @Override
    public double[] frequencies(int headSize, double theta, int length) {
      double[] frequencies = unscaled(headSize, theta);
      for (int i = 0; i < frequencies.length; i++) {
        double waves = original * frequencies[i] / (2 * Math.PI);
        double kept = Math.clamp((waves - lowFactor) / (highFactor - lowFactor), 0, 1);
        frequencies[i] *= (1 - kept) / factor + kept;
      }
      return frequencies;
    }

    @Override
    public int contextLength(int positions) {
      return Math.max(positions, stretched(original, factor));
    }
  }

  /**
   * {@code longrope} (Ding et al. 2024, arXiv 2402.13753): each frequency is divided by a factor of
   * its own, by one of {@code longFactors} in a text of more than the original P positions.
   *
   * @param shortFactors {@code [D/2]}
   * @param longFactors {@code [D/2]}
   * @param original P
   * @param attentionFactor see {@link #attentionFactor()}
   */
  record LongRope(
      List<Double> shortFactors, List<Double> longFactors, int original, double attentionFactor)
      implements RotaryScaling {
    /** Keeps its own copies. */
    public LongRope {
      shortFactors = List.copyOf(shortFactors);
      longFactors = List.copyOf(longFactors);
    }

    /** The attention factor of a config that gives none. */
    public static double attentionFactor(double factor, int original) {
      return factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(original));
    }

    @Override
    public double[] frequencies(int headSize, double theta, int length) {
      List<Double> factors = length > original ? longFactors : shortFactors;
      double[] frequencies = unscaled(headSize, theta);
      for (int i = 0; i < frequencies.length; i++) {
        frequencies[i] /= factors.get(i);
      }
      return frequencies;
    }

    @Override
    public int constantUpTo() {
      return original;
    }
  }
}
