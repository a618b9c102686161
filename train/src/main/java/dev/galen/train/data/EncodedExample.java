package dev.galen.train.data;

import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * What a model is given, as it is: ids with what stands beside them. The arrays are not copied.
 *
 * @param inputIds token ids, [T]; at least one
 * @param attentionMask 1 for a token, 0 for padding, [T]; null where nothing is padded
 * @param tokenTypes which segment each token belongs to, [T]; null where all is one
 * @param labels classes or ids, -100 where one does not count, or numbers; at least one
 * @param form what the labels are
 * @param origin where the record comes from
 */
@SuppressWarnings("ArrayRecordComponent") // Carried, never compared.
public record EncodedExample(
    int[] inputIds,
    int[] attentionMask,
    int[] tokenTypes,
    double[] labels,
    Form form,
    Origin origin)
    implements Example {

  /** How the labels were written. */
  public enum Form {
    /** A single integer. */
    INTEGER,
    /** A single number that is no integer. */
    NUMBER,
    /** A list of integers. */
    INTEGERS,
    /** A list with a number that is no integer, or is written with a point. */
    NUMBERS
  }

  /** Checks that there are ids and labels, and as many marks and types as ids. */
  public EncodedExample {
    Objects.requireNonNull(origin, "origin");
    if (inputIds.length == 0 || labels.length == 0) {
      throw new IllegalArgumentException(
          "%s: %s is empty".formatted(origin, inputIds.length == 0 ? "input_ids" : "labels"));
    }
    requireLength("attention_mask", attentionMask, inputIds, origin);
    requireLength("token_type_ids", tokenTypes, inputIds, origin);
    for (int mark : attentionMask == null ? new int[0] : attentionMask) {
      if (mark != 0 && mark != 1) {
        throw new IllegalArgumentException(
            "%s: attention_mask holds %d, expected 0 and 1".formatted(origin, mark));
      }
    }
  }

  private static void requireLength(String name, int[] beside, int[] ids, Origin origin) {
    if (beside != null && beside.length != ids.length) {
      throw new IllegalArgumentException(
          "%s: %s has %d entries and input_ids has %d; they must be as long as each other"
              .formatted(origin, name, beside.length, ids.length));
    }
  }

  /** Whether all labels are integers. */
  public boolean isIntegral() {
    return form == Form.INTEGER || form == Form.INTEGERS;
  }

  /** The labels as integers. */
  int[] integers() {
    return Arrays.stream(labels).mapToInt(label -> (int) label).toArray();
  }

  /** The labels as the bits of floats, as {@link TokenSequence} carries them. */
  int[] floatBits() {
    return Arrays.stream(labels).mapToInt(x -> Float.floatToRawIntBits((float) x)).toArray();
  }

  /** The sequence with these labels. */
  TokenSequence sequence(int[] labels) {
    return new TokenSequence(inputIds, labels, 0, tokenTypes, attentionMask);
  }

  /** The ids: the same sequence stays in one part, whatever its labels. */
  @Override
  public String key() {
    return Arrays.toString(inputIds);
  }

  @Override
  public boolean tokenised() {
    return true;
  }

  @Override
  public String text() {
    throw new IllegalArgumentException(
        origin + ": is tokenised already; a tokenizer learns from text");
  }

  @Override
  public Optional<String> category() {
    return form == Form.INTEGER ? Optional.of(Integer.toString((int) labels[0])) : Optional.empty();
  }
}
