package dev.galen.examples.clinical.baseline;

/**
 * The entries of a vector that are not zero.
 *
 * @param indices their places, ascending
 * @param values beside each
 */
@SuppressWarnings("ArrayRecordComponent") // Carried, never compared.
public record SparseVector(int[] indices, double[] values) {
  /** Checks that each place has a value. */
  public SparseVector {
    if (indices.length != values.length) {
      throw new IllegalArgumentException(
          indices.length + " places and " + values.length + " values of a vector");
    }
  }
}
