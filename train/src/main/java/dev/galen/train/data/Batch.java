package dev.galen.train.data;

import dev.galen.model.Inputs;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Backend;

/**
 * Sequences side by side, as a {@link Collator} makes them: what a model's {@link Inputs} are, on
 * the heap. Arrays are row-major.
 *
 * @param rows B, the number of sequences
 * @param cols T, the length of the longest sequence
 * @param inputIds token ids, [B, T]
 * @param labels {@link TokenSequence#IGNORE_INDEX} where nothing is to be learned; [B, T] or, one
 *     for each sequence, [B]
 * @param attentionMask 1 for a token, 0 for padding, [B, T]; padding is on the right
 * @param lastTokens where each sequence's last token stands in {@code inputIds}, [B]; null where
 *     labels are [B, T]
 * @param tokens the number of labels that count
 */
@SuppressWarnings("ArrayRecordComponent") // Carried, never compared.
public record Batch(
    int rows,
    int cols,
    int[] inputIds,
    int[] labels,
    byte[] attentionMask,
    int[] lastTokens,
    int tokens) {

  /** Checks that the arrays are of the size that rows and columns say. */
  public Batch {
    int size = Math.multiplyExact(rows, cols);
    int labelled = lastTokens == null ? size : rows;
    if (inputIds.length != size || labels.length != labelled || attentionMask.length != size) {
      throw new IllegalArgumentException(
          "%d x %d needs %d ids, %d labels and a mask of %d; got %d, %d and %d"
              .formatted(
                  rows,
                  cols,
                  size,
                  labelled,
                  size,
                  inputIds.length,
                  labels.length,
                  attentionMask.length));
    }
    if (lastTokens != null && lastTokens.length != rows) {
      throw new IllegalArgumentException(lastTokens.length + " last tokens of " + rows + " rows");
    }
  }

  /**
   * Checks that a batch can be counted: its positions are numbered by 32-bit integers.
   *
   * @param rows B, the number of sequences
   * @param cols T, the length of the longest
   * @throws IllegalArgumentException if there are more
   */
  public static void requirePositions(int rows, int cols) {
    if ((long) rows * cols > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          ("a batch of %,d sequences, padded to the longest of %,d tokens, has %,d positions, and"
                  + " at most %,d can be; lower the batch size to %,d, or the length")
              .formatted(
                  rows, cols, (long) rows * cols, Integer.MAX_VALUE, Integer.MAX_VALUE / cols));
    }
  }

  /** The batch as a model's inputs, in the innermost memory scope. */
  public Inputs inputs(Backend backend) {
    Inputs ids = Inputs.of(Tensors.of(backend, inputIds, rows, cols));
    Inputs labelled =
        lastTokens == null
            ? ids.withLabels(Tensors.of(backend, labels, rows, cols))
            : ids.withLabels(Tensors.of(backend, labels, rows))
                .withLastTokens(Tensors.of(backend, lastTokens, rows));
    return padded()
        ? labelled.withMask(Tensors.of(backend, attentionMask, rows, cols), Inputs.Padding.RIGHT)
        : labelled;
  }

  /** Positions that hold a token. */
  public long positions() {
    long positions = 0;
    for (byte mask : attentionMask) {
      positions += mask;
    }
    return positions;
  }

  /** Whether any row is padded; when none is, the attention mask can be left out. */
  public boolean padded() {
    return positions() < attentionMask.length;
  }
}
