package dev.galen.train.data;

import java.util.Arrays;

/**
 * One sequence for the model. A language model's labels follow HuggingFace's convention: they are
 * aligned with the ids and <em>not</em> shifted. The model shifts: its output at position t is
 * compared with {@code labels[t + 1]}, so {@code labels[0]} never counts. The arrays are not
 * copied.
 *
 * @param inputIds token ids, [T]
 * @param labels what each position should have been, [T]; {@link #IGNORE_INDEX} where it does not
 *     count. For a classifier the text's class, [1], or of each class the bits of a float; for a
 *     model with a decoder the ids that it is to write, of any number
 * @param leftOut tokens that had to be left out to fit the greatest length
 * @param tokenTypes which segment of a pair each token belongs to, [T]; null where all is one
 * @param attentionMask 1 for a token, 0 for padding, [T]; null where nothing is padded
 * @param documents the lengths of the texts that stand side by side in it, each of which is to see
 *     itself alone, as {@link Packing} leaves them; null where it is one text
 */
@SuppressWarnings("ArrayRecordComponent") // Carried, never compared.
public record TokenSequence(
    int[] inputIds,
    int[] labels,
    int leftOut,
    int[] tokenTypes,
    int[] attentionMask,
    int[] documents) {

  /** The label of a position that counts neither in the loss nor in the token count. */
  public static final int IGNORE_INDEX = -100;

  /** Checks that there are ids and labels, and as many types and marks as ids. */
  public TokenSequence {
    requireLabels(inputIds, labels.length > 0);
    for (int[] beside : new int[][] {tokenTypes, attentionMask}) {
      if (beside != null && beside.length != inputIds.length) {
        throw new IllegalArgumentException(
            "%d token types or marks of a mask for %d ids"
                .formatted(beside.length, inputIds.length));
      }
    }
    if (documents != null && Arrays.stream(documents).sum() != inputIds.length) {
      throw new IllegalArgumentException(
          "documents of %d ids in all for %d ids"
              .formatted(Arrays.stream(documents).sum(), inputIds.length));
    }
  }

  /** One text. */
  public TokenSequence(
      int[] inputIds, int[] labels, int leftOut, int[] tokenTypes, int[] attentionMask) {
    this(inputIds, labels, leftOut, tokenTypes, attentionMask, null);
  }

  /** A single text with as many labels as ids, or one. */
  public TokenSequence(int[] inputIds, int[] labels, int leftOut) {
    requireLabels(inputIds, labels.length == inputIds.length || labels.length == 1);
    this(inputIds, labels, leftOut, null, null, null);
  }

  private static void requireLabels(int[] inputIds, boolean labelled) {
    if (inputIds.length == 0 || !labelled) {
      throw new IllegalArgumentException(
          inputIds.length
              + " ids, and labels of another number; expected at least one id and as many labels,"
              + " or one for the whole text");
    }
  }

  /** A sequence of which nothing was left out. */
  public TokenSequence(int[] inputIds, int[] labels) {
    this(inputIds, labels, 0);
  }

  /** A sequence whose every id is also its label: running text. The array is shared. */
  static TokenSequence text(int[] inputIds) {
    return new TokenSequence(inputIds, inputIds);
  }

  /**
   * Texts side by side, which the row holds one behind the other. The label of a text's first token
   * never counts: nothing of its own stands before it. The labels are changed.
   *
   * @param mask of the ids, or null
   * @param documents the length of each
   */
  static TokenSequence packed(int[] inputIds, int[] labels, int[] mask, int[] documents) {
    int at = 0;
    for (int length : documents) {
      labels[at] = IGNORE_INDEX;
      at += length;
    }
    return new TokenSequence(
        inputIds, labels, 0, null, mask, documents.length == 1 ? null : documents);
  }

  /** A prompt, whose labels are ignored, and the completion to learn. */
  static TokenSequence prompted(int[] prompt, int[] completion, int leftOut) {
    int[] ids = Arrays.copyOf(prompt, prompt.length + completion.length);
    System.arraycopy(completion, 0, ids, prompt.length, completion.length);
    int[] labels = ids.clone();
    Arrays.fill(labels, 0, prompt.length, IGNORE_INDEX);
    return new TokenSequence(ids, labels, leftOut);
  }

  /** Whether anything had to be left out to fit the greatest length. */
  public boolean shortened() {
    return leftOut > 0;
  }

  /** The number of ids, T. */
  public int length() {
    return inputIds.length;
  }

  /** A text and its class. */
  public static TokenSequence classified(int[] inputIds, int label, int leftOut) {
    return new TokenSequence(inputIds, new int[] {label}, leftOut);
  }

  /**
   * The number of a language model's labels that count after the shift: those that are not ignored,
   * from 1 on.
   */
  public int tokens() {
    int count = 0;
    for (int t = 1; t < labels.length; t++) {
      if (labels[t] != IGNORE_INDEX) {
        count++;
      }
    }
    return count;
  }
}
