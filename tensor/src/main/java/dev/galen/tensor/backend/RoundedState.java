package dev.galen.tensor.backend;

import dev.galen.tensor.DType;
import dev.galen.tensor.Layout;
import dev.galen.tensor.Shape;

/**
 * A vector of F32 that an optimizer keeps in fewer bits from update to update: in BF16, or in 8
 * bits by blocks (Dettmers et al. 2021, arXiv 2110.02861). A block of {@link #BLOCK} elements has
 * the largest of their magnitudes as its scale, and each element the number of a level, so that
 * {@code x = scale levels[code]}.
 *
 * <p>Rounding is stochastic, up as often as the value lies near the number above: an average that
 * moves by a thousandth an update, less than half of the distance between two numbers, would stand
 * still if it were rounded to the nearest one, and so moves by as much as it should in the mean.
 * The random bits are those of {@link dev.galen.tensor.random.Philox}: element i has the lower half
 * of word {@code i/2 mod 4} of counter {@code counter + i/8} if i is even, and the upper half else.
 *
 * @param codes BF16 or U8 {@code [n]}
 * @param scales F32 {@code [ceil(n / BLOCK)]}; null for BF16
 * @param levels F32 {@code [256]}, rising, the last of them 1; null for BF16
 */
public record RoundedState(Span codes, Span scales, Span levels) {
  /** Elements with a scale of their own. */
  public static final int BLOCK = 256;

  /** Numbers of a byte. */
  public static final int LEVELS = 256;

  /** Checks types and lengths. */
  public RoundedState {
    if (codes.dtype() == DType.U8) {
      require("scales", scales, Math.ceilDiv(codes.length(), BLOCK));
      require("levels", levels, LEVELS);
    } else if (codes.dtype() != DType.BF16) {
      throw new IllegalArgumentException("codes are " + codes.dtype() + ", must be BF16 or U8");
    }
  }

  private static void require(String name, Span span, long length) {
    if (span == null || span.dtype() != DType.F32 || span.length() != length) {
      throw new IllegalArgumentException(
          "%s are %s, must be %d of F32"
              .formatted(
                  name, span == null ? null : span.length() + " of " + span.dtype(), length));
    }
  }

  /**
   * Overwrites {@code values} with what is kept.
   *
   * @param values F32 {@code [n]}
   */
  public void read(Backend backend, Span values) {
    requireValues(values);
    if (codes.dtype() == DType.U8) {
      backend.optimizer().widen(this, values);
    } else {
      Layout layout = Layout.contiguous(Shape.of(Math.toIntExact(values.length())));
      backend.copy().copy(codes, layout, values, layout);
    }
  }

  /**
   * Keeps {@code values}, rounded.
   *
   * @param values F32 {@code [n]}
   * @param seed key of the random bits
   * @param counter the first of {@code ceil(n / 8)} counters of them
   */
  public void write(Backend backend, Span values, long seed, long counter) {
    requireValues(values);
    backend.optimizer().round(values, this, seed, counter);
  }

  private void requireValues(Span values) {
    if (values.dtype() != DType.F32 || values.length() != codes.length()) {
      throw new IllegalArgumentException(
          "values are %d of %s, must be %d of F32"
              .formatted(values.length(), values.dtype(), codes.length()));
    }
  }
}
