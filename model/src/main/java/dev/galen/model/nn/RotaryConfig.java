package dev.galen.model.nn;

/**
 * What the angles of a {@link Rotary} follow from.
 *
 * @param theta the base of the frequencies: {@code rope_theta} of HuggingFace's configs
 * @param scaling how they are stretched to longer texts
 */
public record RotaryConfig(double theta, RotaryScaling scaling) {
  /** Frequencies as they are. */
  public static RotaryConfig of(double theta) {
    return new RotaryConfig(theta, RotaryScaling.NONE);
  }
}
