package dev.galen.train.format;

import com.fasterxml.jackson.databind.JsonNode;
import dev.galen.train.data.ClassifiedExample;
import dev.galen.train.data.Example;
import dev.galen.train.text.PythonText;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** A text and the one class that it has: a name, or a number from 0. */
final class ClassificationSchema implements RowSchema {

  @Override
  public String name() {
    return "text and label";
  }

  @Override
  public Set<String> fields() {
    return Set.of("text", "label", "labels", "text_pair");
  }

  @Override
  public boolean matches(RowFields row) {
    return row.has("text") && row.has("label");
  }

  @Override
  public Example read(RowFields row) throws IOException {
    for (String field : List.of("labels", "text_pair")) {
      if (row.value(field) != null) {
        throw row.error(field + " beside text and label is not used; take it out of the row");
      }
    }
    return new ClassifiedExample(row.words("text"), label(row), row.origin());
  }

  static String label(RowFields row) throws IOException {
    JsonNode label = row.value("label");
    if (label != null && label.isIntegralNumber()) {
      if (!label.canConvertToInt() || label.intValue() < 0) {
        throw row.error(
            "label is " + label.asText() + "; expected a name, or the number of a class from 0");
      }
      return label.asText();
    }
    if (label != null && !label.isTextual()) {
      throw row.error(
          "the field label is "
              + RowFields.describe(label)
              + "; expected a name, or the number of a class from 0");
    }
    return PythonText.strip(row.words("label"));
  }
}
