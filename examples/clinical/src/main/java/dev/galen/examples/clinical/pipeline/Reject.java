package dev.galen.examples.clinical.pipeline;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.galen.train.data.Origin;
import java.io.IOException;

/** A line of a file of rejects: {@code {"file", "line", "problem"}}. */
final class Reject {
  private static final JsonMapper MAPPER = new JsonMapper();

  private Reject() {}

  static String json(Origin origin, String problem) throws IOException {
    var line = JsonNodeFactory.instance.objectNode();
    line.put("file", origin.file());
    line.put("line", origin.line());
    line.put("problem", problem);
    return MAPPER.writeValueAsString(line);
  }
}
