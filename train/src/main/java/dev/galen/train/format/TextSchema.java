package dev.galen.train.format;

import com.fasterxml.jackson.databind.JsonNode;
import dev.galen.train.data.Example;
import dev.galen.train.data.TextExample;
import dev.galen.train.text.PythonText;
import java.io.IOException;
import java.util.Set;

/** Running text. Rows of blank text are passed over: data sets of running text hold many. */
final class TextSchema implements RowSchema {

  @Override
  public String name() {
    return "text";
  }

  @Override
  public Set<String> fields() {
    return Set.of("text");
  }

  @Override
  public boolean matches(RowFields row) {
    return row.has("text");
  }

  /** What the text was made of, as Alpaca's is of its instruction, may stand beside it. */
  @Override
  public boolean permits(String field, RowFields row) {
    JsonNode text = row.value("text");
    JsonNode part = row.value(field);
    return text != null
        && text.isTextual()
        && part.isTextual()
        && text.textValue().contains(PythonText.strip(part.textValue()));
  }

  @Override
  public Example read(RowFields row) throws IOException {
    String text = row.string("text");
    return PythonText.isBlank(text) ? null : new TextExample(text, row.origin());
  }
}
