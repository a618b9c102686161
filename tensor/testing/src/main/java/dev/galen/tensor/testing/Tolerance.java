package dev.galen.tensor.testing;

import dev.galen.tensor.DType;

/**
 * How far two right results may lie apart. Every tolerance in Galen comes from here.
 *
 * @param absolute allowed whatever the size
 * @param relative allowed per unit of the expected value
 */
public record Tolerance(double absolute, double relative) {
  /** Exactly equal. */
  public static final Tolerance EXACT = new Tolerance(0, 0);

  /**
   * For a result summed over {@code length} terms of size about 1. Rounding errors of a sum behave
   * like a random walk, so they grow with its root (Higham 2002, section 4.2); the factor 8 covers
   * the walk's tail over millions of elements and the few roundings before and after the sum.
   */
  public static Tolerance of(DType dtype, long length) {
    double bound = 8 * unitRoundoff(dtype) * Math.sqrt(Math.max(1, length));
    return new Tolerance(bound, bound);
  }

  /**
   * For a result of type {@code dtype} that is summed in F32 over {@code length} terms and rounded
   * at the end: a few roundings of the type, which do not grow with the sum, and those of the sum.
   */
  public static Tolerance rounded(DType dtype, long length) {
    if (dtype == DType.F32) {
      return of(DType.F32, length);
    }
    double bound = of(dtype, 1).absolute() + of(DType.F32, length).absolute();
    return new Tolerance(bound, bound);
  }

  /**
   * The relative error, in the norm of a tensor, of what is computed by {@code roundings} roundings
   * one after the other. An error is uniform up to u of its element, so that it has u/sqrt(3) of
   * the tensor's norm, and independent of the others, so that they add up as a random walk. That
   * none is amplified holds where every part is normalised, as in a transformer.
   */
  public static double relativeNorm(DType dtype, long roundings) {
    return unitRoundoff(dtype) * Math.sqrt(roundings / 3.0);
  }

  /** Half the distance from 1 to the next number: the largest relative error of one rounding. */
  public static double unitRoundoff(DType dtype) {
    return switch (dtype) {
      case F64 -> 0x1p-53;
      case F32 -> 0x1p-24;
      case F16 -> 0x1p-11;
      case BF16 -> 0x1p-8;
      default -> 0;
    };
  }

  /** Whether {@code actual} is near enough; two NaN are, and equal infinities. */
  public boolean accepts(double expected, double actual) {
    if (Double.isNaN(expected) || Double.isInfinite(expected)) {
      return Double.compare(expected, actual) == 0;
    }
    return Math.abs(actual - expected) <= absolute + relative * Math.abs(expected);
  }
}
