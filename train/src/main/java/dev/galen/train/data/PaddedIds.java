package dev.galen.train.data;

import java.util.Arrays;
import java.util.List;

/**
 * Ids side by side, filled up on the right to the longest; row-major, [B, T].
 *
 * @param cols T
 * @param ids token ids
 * @param mask 1 for a token, 0 for padding
 * @param types which segment each token belongs to; null where no sequence says
 */
@SuppressWarnings("ArrayRecordComponent") // Carried, never compared.
record PaddedIds(int cols, int[] ids, byte[] mask, int[] types) {
  static PaddedIds of(List<TokenSequence> sequences, int paddingId) {
    if (sequences.isEmpty()) {
      throw new IllegalArgumentException("no sequence; a batch needs at least one");
    }
    int rows = sequences.size();
    int cols = sequences.stream().mapToInt(TokenSequence::length).max().getAsInt();
    Batch.requirePositions(rows, cols);
    var ids = new int[rows * cols];
    var mask = new byte[rows * cols];
    Arrays.fill(ids, paddingId);
    for (int row = 0; row < rows; row++) {
      TokenSequence sequence = sequences.get(row);
      int[] own = sequence.inputIds();
      System.arraycopy(own, 0, ids, row * cols, own.length);
      Arrays.fill(mask, row * cols, row * cols + own.length, (byte) 1);
      int[] marks = sequence.attentionMask();
      for (int i = 0; marks != null && i < marks.length; i++) {
        mask[row * cols + i] = (byte) marks[i];
      }
    }
    return new PaddedIds(cols, ids, mask, types(sequences, cols));
  }

  private static int[] types(List<TokenSequence> sequences, int cols) {
    int[] types = null;
    for (int row = 0; row < sequences.size(); row++) {
      int[] own = sequences.get(row).tokenTypes();
      if (own != null) {
        types = types == null ? new int[sequences.size() * cols] : types;
        System.arraycopy(own, 0, types, row * cols, own.length);
      }
    }
    return types;
  }
}
