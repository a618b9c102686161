package dev.galen.train.format;

import dev.galen.train.data.Example;
import dev.galen.train.data.TokenExample;
import java.io.IOException;
import java.util.Set;

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

  @Override
  public Set<String> fields() {
    return Set.of(IDS, LABELS, MASK);
  }

  @Override
  public boolean matches(RowFields row) {
    return row.has(IDS);
  }

  /** Labels alone are something else: PubMedQA calls the names of paragraphs so. */
  @Override
  public boolean misses(String field, RowFields row) {
    return field.equals(IDS);
  }

  @Override
  public boolean permits(String field, RowFields row) {
    return true;
  }

  @Override
  public Example read(RowFields row) throws IOException {
    int[] ids = row.integers(IDS);
    int[] labels = row.value(LABELS) == null ? null : row.integers(LABELS);
    requireNoPadding(row);
    return new TokenExample(ids, labels, row.origin());
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
