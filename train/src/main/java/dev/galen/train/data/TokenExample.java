package dev.galen.train.data;

import java.util.Arrays;
import java.util.Objects;

/**
 * One sequence that is tokenised already and goes to the model as it is. The arrays are not copied.
 *
 * @param inputIds token ids, [T]
 * @param labels labels aligned with the ids, [T], -100 where a position does not count; null when
 *     the ids are the labels
 * @param documents the lengths of texts that stand side by side in the ids, each of which sees
 *     itself alone; null where it is one text
 * @param origin where the sequence comes from
 */
@SuppressWarnings("ArrayRecordComponent") // Carried, never compared.
public record TokenExample(int[] inputIds, int[] labels, int[] documents, Origin origin)
    implements Example {

  /** Checks that there are ids, and as many labels as ids. */
  public TokenExample {
    Objects.requireNonNull(origin, "origin");
    if (inputIds.length == 0) {
      throw new IllegalArgumentException(origin + ": input_ids is empty; expected token ids");
    }
    if (labels != null && labels.length != inputIds.length) {
      throw new IllegalArgumentException(
          origin
              + ": labels has "
              + labels.length
              + " entries and input_ids has "
              + inputIds.length
              + "; they must be as long as each other (-100 where a position does not count)");
    }
  }

  /** One text. */
  public TokenExample(int[] inputIds, int[] labels, Origin origin) {
    this(inputIds, labels, null, origin);
  }

  /** A sequence made in the program. */
  public TokenExample(int[] inputIds, int[] labels) {
    this(inputIds, labels, Origin.MEMORY);
  }

  /** The ids in words. */
  @Override
  public String key() {
    return Arrays.toString(inputIds);
  }

  /** None. */
  @Override
  public boolean tokenised() {
    return true;
  }

  @Override
  public String text() {
    throw new IllegalArgumentException(
        origin + ": tokenised data hold no text; give the tokenizer with --tokenizer");
  }
}
