package dev.galen.examples.clinical.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.galen.tensor.io.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How far a run is.
 *
 * @param stamp the source and the settings
 * @param bytes of the output
 * @param rejectBytes of the rejects
 * @param quarantineBytes of the quarantine
 * @param counts so far
 */
record RunState(
    String stamp, long bytes, long rejectBytes, long quarantineBytes, RunCounts counts) {
  private static final JsonMapper MAPPER = new JsonMapper();

  /** The state of an earlier run of the same, if its files are all there; else a beginning. */
  static RunState of(Path file, String stamp, Path part, Path rejects, Path quarantine)
      throws IOException {
    var beginning = new RunState(stamp, 0, 0, 0, RunCounts.NONE);
    if (!Files.exists(file)) {
      return beginning;
    }
    RunState state;
    try {
      state = read(MAPPER.readTree(Files.readString(file)));
    } catch (JsonProcessingException e) {
      return beginning;
    }
    boolean same =
        stamp.equals(state.stamp)
            && Files.exists(part)
            && Files.exists(rejects)
            && Files.size(part) >= state.bytes
            && Files.exists(quarantine)
            && Files.size(rejects) >= state.rejectBytes
            && Files.size(quarantine) >= state.quarantineBytes;
    return same ? state : beginning;
  }

  private static RunState read(JsonNode json) {
    return new RunState(
        json.path("stamp").asText(),
        json.path("bytes").asLong(),
        json.path("rejectBytes").asLong(),
        json.path("quarantineBytes").asLong(),
        new RunCounts(
            json.path("read").asLong(),
            json.path("written").asLong(),
            json.path("rejected").asLong(),
            json.path("quarantined").asLong()));
  }

  void write(Path file) throws IOException {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("stamp", stamp);
    json.put("bytes", bytes);
    json.put("rejectBytes", rejectBytes);
    json.put("quarantineBytes", quarantineBytes);
    json.put("read", counts.read());
    json.put("written", counts.written());
    json.put("rejected", counts.rejected());
    json.put("quarantined", counts.quarantined());
    AtomicFile.writeString(file, MAPPER.writeValueAsString(json));
  }
}
