package dev.galen.model.generate;

/**
 * Divides logits: below 1 sharpens the distribution, above 1 flattens it.
 *
 * @param value the divisor, positive
 */
public record Temperature(double value) implements LogitsProcessor {
  /** Checks the divisor. */
  public Temperature {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "temperature is %s, must be a positive number; for no randomness decode greedily"
              .formatted(value));
    }
  }

  @Override
  public float[] apply(float[] logits, int[] ids) {
    float divisor = (float) value;
    var processed = new float[logits.length];
    for (int i = 0; i < logits.length; i++) {
      processed[i] = logits[i] / divisor;
    }
    return processed;
  }
}
