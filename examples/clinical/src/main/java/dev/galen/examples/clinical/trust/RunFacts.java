package dev.galen.examples.clinical.trust;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.io.ErrorText;
import dev.galen.train.run.FineTuningSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/**
 * What the folder of a run says of it; what it does not say is null or empty.
 *
 * @param name of the folder
 * @param spec of {@code run.json}
 * @param modelType of {@code config.json}
 * @param architecture the model's class in HuggingFace's words
 * @param parameters how many; -1 if not known
 * @param classes of a classifier
 * @param updates that were made, by {@code log.jsonl}; -1 if not known
 * @param figures last measured, by name: those of {@code log.jsonl}, and of {@code report.json}
 * @param limits that {@code report.json} lists
 */
record RunFacts(
    String name,
    FineTuningSpec spec,
    String modelType,
    String architecture,
    long parameters,
    List<String> classes,
    long updates,
    SequencedMap<String, Double> figures,
    List<String> limits) {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final Set<String> NO_FIGURES =
      Set.of("afterStep", "validationTokens", "classified");

  /**
   * Reads a folder.
   *
   * @param reported the folder of another {@code report.json}, or null
   * @throws IOException if there is nothing of a run in it
   */
  static RunFacts read(Path folder, Path reported) throws IOException {
    Path run = folder.resolve("run.json");
    Path config = folder.resolve("config.json");
    Path log = folder.resolve("log.jsonl");
    Path report = (reported == null ? folder : reported).resolve("report.json");
    if (reported != null && !Files.exists(report)) {
      throw new IOException(report + ": no such file");
    }
    if (!Files.isDirectory(folder)) {
      throw new IOException(folder + ": is no folder; name that of a run");
    }
    if (!Files.exists(run) && !Files.exists(config) && !Files.exists(report)) {
      throw new IOException(
          folder + ": holds no run: neither run.json nor config.json nor report.json");
    }
    JsonNode shape = object(config);
    var figures = new LinkedHashMap<String, Double>();
    long updates = figures(log, figures);
    JsonNode told = object(report);
    told.path("measures")
        .properties()
        .forEach(
            each -> {
              if (each.getValue().isNumber()) {
                figures.put(each.getKey(), each.getValue().asDouble());
              }
            });
    FineTuningSpec spec = Files.exists(run) ? FineTuningSpec.read(run) : null;
    if (spec != null && spec.task().equals("classification")) {
      figures.remove("validationPerplexity"); // it is one of tokens
    }
    return new RunFacts(
        folder.toAbsolutePath().normalize().getFileName().toString(),
        spec,
        text(shape, "model_type"),
        shape.path("architectures").path(0).asText(null),
        parameters(folder, config),
        classes(shape),
        updates,
        figures,
        limits(told));
  }

  private static JsonNode object(Path file) throws IOException {
    if (!Files.exists(file)) {
      return MAPPER.createObjectNode();
    }
    try {
      return MAPPER.readTree(Files.readString(file));
    } catch (JsonProcessingException e) {
      throw new IOException(file + ": is no JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw ErrorText.named(file, e);
    }
  }

  private static String text(JsonNode json, String name) {
    return json.path(name).isTextual() ? json.path(name).asText() : null;
  }

  private static long parameters(Path folder, Path config) {
    if (!Files.exists(config)) {
      return -1;
    }
    try {
      return Pretrained.outline(folder).model().parameterCount();
    } catch (IOException | IllegalArgumentException e) {
      return -1; // a model of a kind that is not known here
    }
  }

  private static List<String> classes(JsonNode shape) {
    var classes = new ArrayList<String>();
    for (Map.Entry<String, JsonNode> each : shape.path("id2label").properties()) {
      classes.add(each.getValue().asText());
    }
    return classes;
  }

  /** The last value of each figure; returns the number of the last update. */
  private static long figures(Path log, Map<String, Double> figures) throws IOException {
    if (!Files.exists(log)) {
      return -1;
    }
    long updates = 0;
    String all = new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
    for (String line : all.lines().toList()) {
      JsonNode json;
      try {
        json = MAPPER.readTree(line);
      } catch (JsonProcessingException e) {
        continue; // a line that a kill cut short
      }
      updates = Math.max(updates, json.path("step").asLong(0));
      if (json.has("afterStep")) {
        for (Map.Entry<String, JsonNode> each : json.properties()) {
          if (each.getValue().isNumber() && !NO_FIGURES.contains(each.getKey())) {
            figures.put(each.getKey(), each.getValue().asDouble());
          }
        }
      }
    }
    return updates;
  }

  private static List<String> limits(JsonNode report) {
    var limits = new ArrayList<String>();
    for (JsonNode section : report.path("sections")) {
      if (section.path("title").asText().equals("Limits")) {
        for (JsonNode block : section.path("blocks")) {
          block.path("items").forEach(item -> limits.add(item.asText()));
          if (block.path("kind").asText().equals("paragraph")) {
            limits.add(block.path("text").asText());
          }
        }
      }
    }
    return limits;
  }
}
