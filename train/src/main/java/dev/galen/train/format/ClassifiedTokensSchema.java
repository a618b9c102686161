package dev.galen.train.format;

import dev.galen.train.data.ClassifiedTokens;
import dev.galen.train.data.Example;
import java.io.IOException;
import java.util.Set;

/** A sequence that is tokenised already and the one class that it has. */
final class ClassifiedTokensSchema implements RowSchema {

  @Override
  public String name() {
    return "input_ids and label";
  }

  @Override
  public Set<String> fields() {
    return Set.of("input_ids", "label", "attention_mask");
  }

  @Override
  public boolean matches(RowFields row) {
    return row.has("input_ids") && row.has("label");
  }

  /** What the ids were made of may stand beside them. */
  @Override
  public boolean permits(String field, RowFields row) {
    return true;
  }

  @Override
  public Example read(RowFields row) throws IOException {
    TokenSchema.requireNoPadding(row);
    return new ClassifiedTokens(
        row.integers("input_ids"), ClassificationSchema.label(row), row.origin());
  }
}
