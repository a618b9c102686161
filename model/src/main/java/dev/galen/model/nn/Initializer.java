package dev.galen.model.nn;

/**
 * How a parameter starts when no file gives its values.
 *
 * @param mean the value it is drawn around
 * @param deviation the standard deviation, 0 for a constant
 */
public record Initializer(double mean, double deviation) {
  /** All 0: biases. */
  public static final Initializer ZEROS = new Initializer(0, 0);

  /** All 1: the weights of normalisations. */
  public static final Initializer ONES = new Initializer(1, 0);

  /** Normal around 0. */
  public static Initializer normal(double deviation) {
    return new Initializer(0, deviation);
  }
}
