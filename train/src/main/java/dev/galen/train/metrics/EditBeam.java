package dev.galen.train.metrics;

import java.util.Arrays;

/**
 * The edit distance of a sequence of words from a reference, looked for near the diagonal only, and
 * the edits that make it: TER's inner loop (Levenshtein, 1966).
 *
 * <p>The beam reaches {@value #BEAM} words to both sides of the diagonal of the table, as in
 * sacrebleu, so that very long sentences stay affordable; of equal ways a match or substitution
 * comes before a deletion, a deletion before an insertion, which decides what is shifted. Rows of
 * the last sequence are kept as far as the next one begins in the same way. Not thread-safe.
 */
final class EditBeam {
  private static final int BEAM = 25;
  private static final int FAR = 1_000_000_000;

  /** An edit that makes the reference of the sequence. */
  static final byte KEEP = 1;

  static final byte SUBSTITUTE = 2;
  static final byte DELETE = 3;
  static final byte INSERT = 4;

  private final int[] reference;
  private int[] words = {};
  private int[][] cost; // [words + 1, reference + 1]
  private byte[][] edit; // the same; anything where the beam does not reach

  /**
   * @param reference its words as numbers
   */
  EditBeam(int[] reference) {
    this.reference = reference;
    allocate(0);
  }

  private void allocate(int length) {
    cost = new int[length + 1][reference.length + 1];
    edit = new byte[length + 1][reference.length + 1];
    for (int i = 1; i <= length; i++) {
      Arrays.fill(cost[i], FAR);
    }
    for (int j = 0; j <= reference.length; j++) {
      cost[0][j] = j;
      edit[0][j] = INSERT;
    }
  }

  /** How many edits make the reference of {@code sequence}. */
  int distance(int[] sequence) {
    int known = 0;
    if (sequence.length == words.length) {
      while (known < words.length && sequence[known] == words[known]) {
        known++;
      }
    } else {
      allocate(sequence.length);
    }
    words = sequence;
    for (int i = known + 1; i <= sequence.length; i++) {
      row(i);
    }
    return cost[sequence.length][reference.length];
  }

  private void row(int i) {
    double ratio = (double) reference.length / words.length;
    int width = BEAM < ratio / 2 ? (int) Math.ceil(ratio / 2 + BEAM) : BEAM;
    int diagonal = (int) Math.floor(i * ratio);
    int from = Math.max(0, diagonal - width);
    int to = Math.min(reference.length + 1, diagonal + width);
    if (i == words.length) {
      to = reference.length + 1;
    }
    int[] above = cost[i - 1];
    int[] costs = cost[i];
    byte[] edits = edit[i];
    Arrays.fill(costs, from, to, FAR); // the rest of the row is out of reach of every sequence
    for (int j = from; j < to; j++) {
      if (j == 0) {
        costs[0] = above[0] + 1;
        edits[0] = DELETE;
        continue;
      }
      boolean same = words[i - 1] == reference[j - 1];
      consider(costs, edits, j, above[j - 1] + (same ? 0 : 1), same ? KEEP : SUBSTITUTE);
      consider(costs, edits, j, above[j] + 1, DELETE);
      consider(costs, edits, j, costs[j - 1] + 1, INSERT);
    }
  }

  private static void consider(int[] costs, byte[] edits, int j, int cost, byte edit) {
    if (cost < costs[j]) {
      costs[j] = cost;
      edits[j] = edit;
    }
  }

  /** The edits that {@link #distance} counted, from the first word to the last. */
  byte[] edits() {
    var edits = new byte[words.length + reference.length];
    int at = edits.length;
    int i = words.length;
    int j = reference.length;
    while (i > 0 || j > 0) {
      byte one = edit[i][j];
      edits[--at] = one;
      i -= one == INSERT ? 0 : 1;
      j -= one == DELETE ? 0 : 1;
    }
    return Arrays.copyOfRange(edits, at, edits.length);
  }
}
