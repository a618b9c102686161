package dev.galen.examples.clinical.manifest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.examples.clinical.manifest.SourceManifest.SourceHash;
import dev.galen.examples.clinical.pipeline.RunCounts;
import dev.galen.tensor.io.AtomicFile;
import dev.galen.train.data.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A manifest as JSON. */
final class ManifestJson {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final int VERSION = 1;

  private ManifestJson() {}

  static void write(SourceManifest manifest, Path file) throws IOException {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("version", VERSION);
    json.put("name", manifest.name());
    json.put("licence", manifest.licence());
    json.put("citation", manifest.citation());
    json.put("consent", manifest.consent());
    json.put("deidentified", manifest.deidentified());
    json.put("deidentified_by", manifest.deidentifiedBy());
    json.put("identified_on_request", manifest.identifiedOnRequest());
    json.put("sha256", manifest.sha256());
    json.put("bytes", manifest.bytes());
    ObjectNode counts = json.putObject("counts");
    counts.put("read", manifest.counts().read());
    counts.put("written", manifest.counts().written());
    counts.put("rejected", manifest.counts().rejected());
    counts.put("quarantined", manifest.counts().quarantined());
    manifest.steps().forEach(json.putArray("steps")::add);
    var sources = json.putArray("sources");
    for (SourceHash source : manifest.sources()) {
      ObjectNode one = sources.addObject();
      one.put("file", source.file());
      one.put("sha256", source.sha256());
      one.put("bytes", source.bytes());
    }
    AtomicFile.writeString(
        file, MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
  }

  static SourceManifest read(Path file) throws IOException {
    var origin = new Origin(file.toString(), 0);
    JsonNode json;
    try {
      json = MAPPER.readTree(Files.readString(file));
    } catch (JsonProcessingException e) {
      throw origin.error("is no JSON; make the data again");
    }
    if (json.path("version").asInt() != VERSION) {
      throw origin.error(
          "has version " + json.path("version").asText("none") + "; expected " + VERSION);
    }
    JsonNode counts = json.path("counts");
    List<String> steps = new ArrayList<>();
    json.path("steps").forEach(step -> steps.add(step.asText()));
    List<SourceHash> sources = new ArrayList<>();
    for (JsonNode source : json.path("sources")) {
      sources.add(
          new SourceHash(
              source.path("file").asText(),
              source.path("sha256").asText(),
              source.path("bytes").asLong()));
    }
    JsonNode deidentified = json.path("deidentified");
    if (!deidentified.isBoolean()) {
      throw origin.error("deidentified is neither true nor false");
    }
    return new SourceManifest(
        text(json, "name", origin),
        text(json, "licence", origin),
        json.path("citation").asText(),
        text(json, "consent", origin),
        deidentified.asBoolean(),
        json.path("deidentified_by").asText(),
        json.path("identified_on_request").asBoolean(),
        text(json, "sha256", origin),
        json.path("bytes").asLong(),
        new RunCounts(
            counts.path("read").asLong(),
            counts.path("written").asLong(),
            counts.path("rejected").asLong(),
            counts.path("quarantined").asLong()),
        steps,
        sources);
  }

  private static String text(JsonNode json, String name, Origin origin) throws IOException {
    if (!json.path(name).isTextual()) {
      throw origin.error("has no " + name + "; expected a string");
    }
    return json.path(name).asText();
  }
}
