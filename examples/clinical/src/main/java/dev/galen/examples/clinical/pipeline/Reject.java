package dev.galen.examples.clinical.pipeline;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.galen.train.data.Origin;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Lines of the files of rejects and of the quarantine. */
public final class Reject {
  private static final JsonMapper MAPPER = new JsonMapper();

  private Reject() {}

  /** {@code {"file", "line", "problem"}}. */
  public static String json(Origin origin, String problem) throws IOException {
    var line = JsonNodeFactory.instance.objectNode();
    line.put("file", origin.file());
    line.put("line", origin.line());
    line.put("problem", problem);
    return MAPPER.writeValueAsString(line);
  }

  /** How often each problem is told in a file of rejects. */
  static Map<String, Long> problems(Path file) throws IOException {
    var problems = new HashMap<String, Long>();
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (String line; (line = lines.readLine()) != null; ) {
        problems.merge(MAPPER.readTree(line).path("problem").asText(), 1L, Long::sum);
      }
    }
    return problems;
  }

  /** {@code {"id", "reason"}}. */
  static String quarantine(String id, String reason) throws IOException {
    var line = JsonNodeFactory.instance.objectNode();
    line.put("id", id);
    line.put("reason", reason);
    return MAPPER.writeValueAsString(line);
  }
}
