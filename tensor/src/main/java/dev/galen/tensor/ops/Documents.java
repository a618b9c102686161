package dev.galen.tensor.ops;

import java.util.Arrays;

/**
 * Texts side by side in rows {@code [B, T]}, each of which attends to itself alone. They fill every
 * row to its end; what pads a row is one more.
 *
 * @param lengths positions of each, at least 1, row by row; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // Carried, never compared.
public record Documents(int[] lengths) {
  /** Refuses a text without a position. */
  public Documents {
    for (int length : lengths) {
      if (length < 1) {
        throw new IllegalArgumentException(
            "a document of %d positions; it needs at least 1".formatted(length));
      }
    }
  }

  /**
   * Throws unless they fill {@code batch} rows of {@code time} positions, none over a row's end.
   */
  public void requireRows(int batch, int time) {
    long filled = 0;
    for (int length : lengths) {
      if (time == 0 || filled % time + length > time) {
        throw new IllegalArgumentException(
            "a document of %d positions reaches over the end of a row of %d"
                .formatted(length, time));
      }
      filled += length;
    }
    Checks.require(
        filled == (long) batch * time,
        "documents of %d positions in all for %d rows of %d",
        filled,
        batch,
        time);
  }

  /** The place of each position in its own text, from 0: {@code [B T]}. */
  public int[] positions() {
    int[] positions = new int[Arrays.stream(lengths).sum()];
    int at = 0;
    for (int length : lengths) {
      for (int t = 0; t < length; t++) {
        positions[at++] = t;
      }
    }
    return positions;
  }
}
