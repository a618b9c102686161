package dev.galen.train.format;

import com.fasterxml.jackson.databind.JsonNode;
import dev.galen.train.data.Example;
import dev.galen.train.data.PromptExample;
import java.io.IOException;
import java.util.Set;

/**
 * A prompt and its completion, shown to the model as they stand. Rows for preference training (KTO)
 * say beside whether the completion is wanted; as these they would all be learned.
 */
final class PromptSchema implements RowSchema {

  @Override
  public String name() {
    return "prompt and completion";
  }

  @Override
  public Set<String> fields() {
    return Set.of("prompt", "completion", "label");
  }

  @Override
  public boolean matches(RowFields row) {
    return row.has("prompt") && row.has("completion");
  }

  /** A label is a preference only here. */
  @Override
  public boolean misses(String field, RowFields row) {
    return !field.equals("label");
  }

  @Override
  public Example read(RowFields row) throws IOException {
    requireWanted(row);
    return new PromptExample(row.string("prompt"), row.words("completion"), row.origin());
  }

  /** Refuses a label that says whether the completion is wanted. */
  static void requireWanted(RowFields row) throws IOException {
    JsonNode label = row.value("label");
    if (label != null && label.asText().strip().matches("(?i)true|false")) {
      throw row.error(
          "label is "
              + label.asText().strip()
              + ", which says whether the completion is wanted, and all completions are learned;"
              + " keep the wanted ones, without label");
    }
  }
}
