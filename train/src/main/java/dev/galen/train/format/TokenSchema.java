package dev.galen.train.format;

import static java.util.stream.Collectors.toSet;

import dev.galen.train.data.EncodedExample;
import dev.galen.train.data.EncodedExample.Form;
import dev.galen.train.data.Example;
import dev.galen.train.data.TokenExample;
import dev.galen.train.data.TokenSequence;
import java.io.IOException;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A sequence that is tokenised already. The model gets the ids as they are, so whatever stands
 * beside them, as the columns that a tokenizer's {@code map} leaves, is what they were made of.
 */
final class TokenSchema implements RowSchema {

  private static final String IDS = "input_ids";
  private static final String LABELS = "labels";
  private static final String MASK = "attention_mask";
  private static final String TYPES = "token_type_ids";

  @Override
  public String name() {
    return IDS;
  }

  /** What other trainers read beside ids, and what would change the loss here. */
  private static final Set<String> UNUSED =
      Set.of(
          "label_ids",
          "loss_mask",
          "loss_weights",
          "completion_mask",
          "assistant_masks",
          "position_ids",
          TYPES);

  @Override
  public Set<String> fields() {
    return Stream.concat(Stream.of(IDS, LABELS, MASK), UNUSED.stream()).collect(toSet());
  }

  @Override
  public boolean matches(RowFields row) {
    return row.has(IDS);
  }

  /** Labels alone are something else: PubMedQA calls the names of paragraphs so. */
  @Override
  public boolean misses(String field, RowFields row) {
    return !field.equals(LABELS) && !field.equals(MASK);
  }

  @Override
  public boolean permits(String field, RowFields row) {
    return true;
  }

  @Override
  public Example read(RowFields row) throws IOException {
    int[] ids = row.integers(IDS);
    int[] labels = row.value(LABELS) == null ? null : row.integers(LABELS);
    requireNothingUnused(row);
    requireAsMany(row, TYPES, ids);
    int[] mask = requireAsMany(row, MASK, ids);
    if (mask == null || Arrays.stream(mask).allMatch(mark -> mark == 1)) {
      return new TokenExample(ids, labels, row.origin());
    }
    return labels == null
        ? new EncodedExample(ids, mask, null, shown(ids, mask), Form.INTEGERS, row.origin())
        : EncodedSchema.example(row);
  }

  /** What a mask hides is not learned: the ids that it shows are the labels. */
  private static double[] shown(int[] ids, int[] mask) {
    var labels = new double[ids.length];
    for (int i = 0; i < ids.length; i++) {
      labels[i] = mask[i] == 0 ? TokenSequence.IGNORE_INDEX : ids[i];
    }
    return labels;
  }

  /** Zeros, which tokenizers write for a single text, say nothing. */
  private static void requireNothingUnused(RowFields row) throws IOException {
    for (String field : UNUSED) {
      boolean zeros =
          field.equals(TYPES)
              && row.value(field) != null
              && Arrays.stream(row.integers(field)).allMatch(id -> id == 0);
      if (row.value(field) != null && !zeros) {
        throw row.error(
            field
                + " is not used; say by labels what is learned, with -100 where a position does"
                + " not count, and take the field out");
      }
    }
  }

  /** The integers of a field that may be missing; as many as ids, or the row is refused. */
  private static int[] requireAsMany(RowFields row, String field, int[] ids) throws IOException {
    int[] beside = row.value(field) == null ? null : row.integers(field);
    if (beside != null && beside.length != ids.length) {
      throw row.error(
          "%s has %d entries and input_ids has %d; they must be as long as each other"
              .formatted(field, beside.length, ids.length));
    }
    return beside;
  }

  /** Refuses an attention mask that hides anything, or is not as long as the ids. */
  static void requireNoPadding(RowFields row) throws IOException {
    int[] mask = requireAsMany(row, MASK, row.integers(IDS));
    for (int i = 0; mask != null && i < mask.length; i++) {
      if (mask[i] != 1) {
        throw row.error(
            "attention_mask is "
                + mask[i]
                + " at position "
                + i
                + "; expected sequences without padding, which is added batch by batch");
      }
    }
  }
}
