package dev.galen.train.format;

import dev.galen.train.data.Example;
import dev.galen.train.data.PromptExample;
import java.io.IOException;
import java.util.Set;

/** A prompt and its completion, shown to the model as they stand. */
final class PromptSchema implements RowSchema {

  @Override
  public String name() {
    return "prompt and completion";
  }

  @Override
  public Set<String> fields() {
    return Set.of("prompt", "completion");
  }

  @Override
  public boolean matches(RowFields row) {
    return row.has("prompt") && row.has("completion");
  }

  @Override
  public Example read(RowFields row) throws IOException {
    return new PromptExample(row.string("prompt"), row.words("completion"), row.origin());
  }
}
