package dev.galen.train.format;

import static java.util.stream.Collectors.toSet;

import dev.galen.train.data.Example;
import dev.galen.train.data.TokenExample;
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
          "token_type_ids");

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
    if (labels != null && isPadded(row)) {
      return EncodedSchema.example(row);
    }
    requireNoPadding(row);
    return new TokenExample(ids, labels, row.origin());
  }

  /** Zeros, which tokenizers write for a single text, say nothing. */
  private static void requireNothingUnused(RowFields row) throws IOException {
    for (String field : UNUSED) {
      boolean zeros =
          field.equals("token_type_ids")
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

  /** Whether a mask hides something: where labels are given, none of it is learned unasked. */
  private static boolean isPadded(RowFields row) throws IOException {
    return row.value(MASK) != null && Arrays.stream(row.integers(MASK)).anyMatch(m -> m == 0);
  }

  /** Refuses an attention mask that hides anything. */
  static void requireNoPadding(RowFields row) throws IOException {
    int[] mask = row.value(MASK) == null ? new int[0] : row.integers(MASK);
    for (int i = 0; i < mask.length; i++) {
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
