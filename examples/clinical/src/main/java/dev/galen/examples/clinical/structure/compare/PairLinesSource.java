package dev.galen.examples.clinical.structure.compare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.pipeline.DocumentSource;
import dev.galen.examples.clinical.pipeline.StrictLines;
import dev.galen.train.data.Origin;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Pairs of reports: JSON lines {@code {"id", "left", "right"}}. A pair is a document of the left
 * text with the right one in the field {@code right}; without an id it has the number of its line.
 */
public final class PairLinesSource implements DocumentSource {
  /** The field with the other report. */
  public static final String RIGHT = "right";

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final Path file;

  /** The pairs of a file. */
  public PairLinesSource(Path file) {
    this.file = file;
  }

  @Override
  public void read(Sink sink) throws IOException {
    try (InputStream in = StrictLines.open(file)) {
      var lines = new StrictLines(in);
      while (lines.next()) {
        var here = new Origin(file.toString(), lines.number());
        String line = lines.text();
        if (line != null && line.isBlank()) {
          continue;
        }
        JsonNode row = line == null ? null : row(line);
        if (row == null || !row.path("left").isTextual() || !row.path(RIGHT).isTextual()) {
          sink.reject(
              here,
              line == null
                  ? "not valid UTF-8"
                  : "no pair; expected a JSON object with the texts left and right");
          continue;
        }
        String id = row.hasNonNull("id") ? row.get("id").asText() : "" + lines.number();
        String left = row.get("left").asText();
        sink.accept(new Document(id, left, Map.of(RIGHT, row.get(RIGHT).asText()), here));
      }
    }
    sink.end();
  }

  private static JsonNode row(String line) {
    try {
      return MAPPER.readTree(line);
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  @Override
  public String stamp() throws IOException {
    return file + " " + Files.size(file) + " " + Files.getLastModifiedTime(file);
  }
}
