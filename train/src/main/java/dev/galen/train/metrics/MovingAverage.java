package dev.galen.train.metrics;

/**
 * An exponential moving average without the pull of where it began, corrected as Adam corrects its
 * moments: m<sub>t</sub> = w m<sub>t-1</sub> + (1 - w) x<sub>t</sub>, of which m<sub>t</sub> / (1 -
 * w<sup>t</sup>) is given (Kingma and Ba, "Adam", ICLR 2015). The first value counts no more than
 * any other. Not thread-safe.
 */
public final class MovingAverage {
  private final double weight;
  private double sum;
  private double weights;

  /**
   * An average of nothing yet.
   *
   * @param weight of the past, 0 to below 1: it reaches back some 1 / (1 - weight) values
   */
  public MovingAverage(double weight) {
    if (!(weight >= 0 && weight < 1)) {
      throw new IllegalArgumentException("the weight is " + weight + ", must be in [0, 1)");
    }
    this.weight = weight;
  }

  /** Takes a value in and gives the average; one that is NaN or infinite changes nothing. */
  public double add(double value) {
    if (Double.isFinite(value)) {
      sum = weight * sum + (1 - weight) * value;
      weights = weight * weights + (1 - weight);
    }
    return value();
  }

  /** The average so far; NaN before the first value. */
  public double value() {
    return weights == 0 ? Double.NaN : sum / weights;
  }
}
