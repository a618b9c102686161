package dev.galen.examples.search;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** What the scripts beside the resources wrote. */
public final class Fixtures {
  private Fixtures() {}

  /** The JSON of a resource under this package. */
  public static JsonNode read(String name) {
    try (InputStream file = Fixtures.class.getResourceAsStream(name)) {
      return new JsonMapper().readTree(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
