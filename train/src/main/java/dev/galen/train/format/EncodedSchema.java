package dev.galen.train.format;

import com.fasterxml.jackson.databind.JsonNode;
import dev.galen.train.data.EncodedExample;
import dev.galen.train.data.EncodedExample.Form;
import dev.galen.train.data.Example;
import java.io.IOException;
import java.util.Set;

/** A row as a model is given it: ids, what stands beside them, and labels. */
final class EncodedSchema implements RowSchema {
  private static final String LABELS = "labels";
  private static final String MASK = "attention_mask";
  private static final String TYPES = "token_type_ids";

  @Override
  public String name() {
    return "input_ids and labels";
  }

  @Override
  public Set<String> fields() {
    return Set.of("input_ids", LABELS, MASK, TYPES);
  }

  @Override
  public boolean matches(RowFields row) {
    return row.has("input_ids") && row.has(LABELS);
  }

  /** What the ids were made of may stand beside them. */
  @Override
  public boolean permits(String field, RowFields row) {
    return true;
  }

  @Override
  public Example read(RowFields row) throws IOException {
    return example(row);
  }

  static EncodedExample example(RowFields row) throws IOException {
    JsonNode labels = row.value(LABELS);
    if (labels == null || !(labels.isArray() || labels.isNumber())) {
      throw row.error("labels is no number and no list of numbers");
    }
    var values = new double[labels.isArray() ? labels.size() : 1];
    boolean integral = true;
    for (int i = 0; i < values.length; i++) {
      JsonNode label = labels.isArray() ? labels.get(i) : labels;
      if (!label.isNumber()) {
        throw row.error(
            "labels holds "
                + RowFields.describe(label)
                + " at position "
                + i
                + "; expected numbers");
      }
      values[i] = label.doubleValue();
      integral &= label.isIntegralNumber() && label.canConvertToInt();
    }
    Form form =
        labels.isArray()
            ? integral ? Form.INTEGERS : Form.NUMBERS
            : integral ? Form.INTEGER : Form.NUMBER;
    return new EncodedExample(
        row.integers("input_ids"),
        optional(row, MASK),
        optional(row, TYPES),
        values,
        form,
        row.origin());
  }

  private static int[] optional(RowFields row, String field) throws IOException {
    return row.value(field) == null ? null : row.integers(field);
  }
}
