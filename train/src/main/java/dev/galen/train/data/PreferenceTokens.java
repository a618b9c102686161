package dev.galen.train.data;

import java.util.Arrays;

/**
 * A pair of completions as one {@link TokenSequence}. Its ids are two halves of one length, so that
 * a batch is as long as half of its longest sequence: the prompt with the better completion, and
 * the prompt with the worse one, each filled up with 0. Its seven labels are three lengths and the
 * bits of two doubles, what a reference model says of both.
 *
 * @param ids of both halves
 * @param prompt tokens of the prompt, at least 1
 * @param first tokens of the prompt with the better completion
 * @param second tokens of the prompt with the worse one
 * @param referenceChosen ln p of the better completion by the reference, in nats; NaN unless known
 * @param referenceRejected that of the worse one
 */
@SuppressWarnings("ArrayRecordComponent") // Carried, never compared.
public record PreferenceTokens(
    int[] ids,
    int prompt,
    int first,
    int second,
    double referenceChosen,
    double referenceRejected) {
  private static final int LABELS = 7;

  /** Refuses a prompt and completions without a token. */
  public PreferenceTokens {
    if (prompt < 1 || first <= prompt || second <= prompt) {
      throw new IllegalArgumentException(
          ("a preference needs a prompt and two completions of at least one token each, got %d,"
                  + " %d and %d tokens")
              .formatted(prompt, first - prompt, second - prompt));
    }
    if (ids.length != 2 * Math.max(first, second)) {
      throw new IllegalArgumentException(
          "%d ids for halves of %d and %d tokens".formatted(ids.length, first, second));
    }
  }

  /** Of the ids of a prompt and its completions; the reference is not known yet. */
  public static PreferenceTokens of(int[] prompt, int[] chosen, int[] rejected) {
    int half = prompt.length + Math.max(chosen.length, rejected.length);
    int[] ids = Arrays.copyOf(prompt, 2 * half);
    System.arraycopy(chosen, 0, ids, prompt.length, chosen.length);
    System.arraycopy(prompt, 0, ids, half, prompt.length);
    System.arraycopy(rejected, 0, ids, half + prompt.length, rejected.length);
    int first = prompt.length + chosen.length;
    int second = prompt.length + rejected.length;
    return new PreferenceTokens(ids, prompt.length, first, second, Double.NaN, Double.NaN);
  }

  /** What {@link #sequence} made. */
  public static PreferenceTokens of(TokenSequence sequence) {
    int[] labels = sequence.labels();
    if (labels.length != LABELS) {
      throw new IllegalArgumentException(
          "a sequence has %d labels; a pair of completions has %d"
              .formatted(labels.length, LABELS));
    }
    return new PreferenceTokens(
        sequence.inputIds(), labels[0], labels[1], labels[2], number(labels, 3), number(labels, 5));
  }

  /** The same with what a reference says. */
  public PreferenceTokens withReference(double chosen, double rejected) {
    return new PreferenceTokens(ids, prompt, first, second, chosen, rejected);
  }

  /** As one sequence. */
  public TokenSequence sequence() {
    var labels = new int[LABELS];
    labels[0] = prompt;
    labels[1] = first;
    labels[2] = second;
    put(labels, 3, referenceChosen);
    put(labels, 5, referenceRejected);
    return new TokenSequence(ids, labels, 0, null, null);
  }

  /** The prompt with the better completion; the prompt's labels do not count. */
  public TokenSequence chosen() {
    return part(0, first);
  }

  /** The prompt with the worse one. */
  public TokenSequence rejected() {
    return part(ids.length / 2, second);
  }

  private TokenSequence part(int from, int length) {
    int[] part = Arrays.copyOfRange(ids, from, from + length);
    int[] labels = part.clone();
    Arrays.fill(labels, 0, prompt, TokenSequence.IGNORE_INDEX);
    return new TokenSequence(part, labels);
  }

  /** Writes the bits of a double into two ints. */
  static void put(int[] into, int at, double value) {
    long bits = Double.doubleToRawLongBits(value);
    into[at] = (int) (bits >>> Integer.SIZE);
    into[at + 1] = (int) bits;
  }

  /** The double whose bits lie in two ints. */
  public static double number(int[] from, int at) {
    return Double.longBitsToDouble(
        (long) from[at] << Integer.SIZE | Integer.toUnsignedLong(from[at + 1]));
  }
}
