package toy;

import dev.galen.train.data.Example;
import dev.galen.train.format.RowFields;
import dev.galen.train.format.RowSchema;
import java.io.IOException;
import java.util.Set;

/** A row of {@code reading} and {@code level}. */
final class ReadingSchema implements RowSchema {
  @Override
  public String name() {
    return "reading and level";
  }

  @Override
  public Set<String> fields() {
    return Set.of("reading", "level");
  }

  @Override
  public boolean matches(RowFields row) {
    return row.has("reading") && row.has("level");
  }

  @Override
  public Example read(RowFields row) throws IOException {
    return new Reading(row.words("reading"), row.words("level").equals("high"), row.origin());
  }
}
