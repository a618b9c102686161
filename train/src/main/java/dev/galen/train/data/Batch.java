package dev.galen.train.data;

import static dev.galen.train.data.TokenSequence.IGNORE_INDEX;

import java.util.Arrays;
import java.util.List;

/**
 * Sequences side by side, padded on the right to the longest of them; row-major, [B, T].
 *
 * @param rows B, the number of sequences
 * @param cols T, the length of the longest sequence
 * @param inputIds token ids, [B, T]; the padding id behind the end of a sequence
 * @param labels labels aligned with the ids, [B, T]; {@link TokenSequence#IGNORE_INDEX} behind the
 *     end of a sequence
 * @param attentionMask 1 for a token, 0 for padding, [B, T]
 * @param tokens the number of label positions that count after the shift: labels that are not
 *     ignored, the first column left out
 */
@SuppressWarnings("ArrayRecordComponent") // Carried, never compared.
public record Batch(
    int rows, int cols, int[] inputIds, int[] labels, byte[] attentionMask, int tokens) {

  /** Checks that the arrays are of the size that rows and columns say. */
  public Batch {
    int size = Math.multiplyExact(rows, cols);
    if (inputIds.length != size || labels.length != size || attentionMask.length != size) {
      throw new IllegalArgumentException(
          "%d x %d needs arrays of %d; got %d ids, %d labels, a mask of %d"
              .formatted(rows, cols, size, inputIds.length, labels.length, attentionMask.length));
    }
  }

  /**
   * Pads sequences to a batch.
   *
   * @param sequences at least one
   * @param paddingId what stands behind the end of a shorter sequence, see {@link
   *     SequenceEncoder#paddingId}
   */
  public static Batch of(List<TokenSequence> sequences, int paddingId) {
    if (sequences.isEmpty()) {
      throw new IllegalArgumentException("no sequence; a batch needs at least one");
    }
    int rows = sequences.size();
    int cols = sequences.stream().mapToInt(TokenSequence::length).max().getAsInt();
    requirePositions(rows, cols);
    int size = rows * cols;
    var inputIds = new int[size];
    var labels = new int[size];
    var attentionMask = new byte[size];
    Arrays.fill(inputIds, paddingId);
    Arrays.fill(labels, IGNORE_INDEX);
    int tokens = 0;
    for (int row = 0; row < rows; row++) {
      TokenSequence sequence = sequences.get(row);
      int from = row * cols;
      System.arraycopy(sequence.inputIds(), 0, inputIds, from, sequence.length());
      System.arraycopy(sequence.labels(), 0, labels, from, sequence.length());
      Arrays.fill(attentionMask, from, from + sequence.length(), (byte) 1);
      tokens += sequence.tokens();
    }
    return new Batch(rows, cols, inputIds, labels, attentionMask, tokens);
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
