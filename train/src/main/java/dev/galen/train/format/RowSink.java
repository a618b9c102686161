package dev.galen.train.format;

import dev.galen.train.data.Origin;
import java.io.IOException;
import java.util.Map;

/** Takes the rows that a {@link DataFormat} reads. */
public interface RowSink {

  /** Whether a column of this name is looked at; of others the name alone is, with null. */
  boolean reads(String column);

  /**
   * Takes one row.
   *
   * @param row columns by name, in their order: strings, booleans, numbers of the JDK, null, and
   *     lists and maps of these
   * @param origin where the row stands
   * @throws IOException in one line that names the place if the row is not as it should be
   */
  void row(Map<String, ?> row, Origin origin) throws IOException;
}
