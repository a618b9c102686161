package dev.galen.train.format;

import com.fasterxml.jackson.databind.JsonNode;
import dev.galen.train.data.Example;
import dev.galen.train.data.Origin;
import java.io.IOException;

/**
 * What a row belongs to, in the place of its example.
 *
 * @param key the group
 * @param origin where the row stands
 */
record RowGroup(String key, Origin origin) implements Example {

  static RowGroup of(RowFields row, String field) throws IOException {
    JsonNode value = row.value(field);
    if (value == null || value.isContainerNode() || value.asText().isBlank()) {
      throw row.error(
          "the field %s is %s; expected the group of each row"
              .formatted(field, row.has(field) ? RowFields.describe(value) : "missing"));
    }
    return new RowGroup(value.asText().intern(), row.origin()); // few of them, and a row each
  }

  @Override
  public String text() {
    throw new IllegalArgumentException(origin + ": a group has no text");
  }
}
