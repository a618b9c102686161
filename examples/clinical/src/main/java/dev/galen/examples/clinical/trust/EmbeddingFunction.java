package dev.galen.examples.clinical.trust;

/**
 * A number that follows from T vectors of C numbers each, a text's token embeddings. Points are
 * {@code [T C]}, token after token.
 */
public interface EmbeddingFunction {
  /**
   * Values and gradients.
   *
   * @param values one for each point
   * @param gradients {@code [points][T C]}
   */
  @SuppressWarnings("ArrayRecordComponent") // Carried, never compared.
  record Slopes(double[] values, float[][] gradients) {}

  /** T. */
  int tokens();

  /** C. */
  int channels();

  /** How many points are computed at a time without harm to memory. */
  int batch();

  /** The values at up to {@link #batch} points. */
  double[] values(float[][] points);

  /** The values at up to {@link #batch} points, and their gradients there. */
  Slopes slopes(float[][] points);
}
