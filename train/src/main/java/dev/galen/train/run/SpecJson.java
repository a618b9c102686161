package dev.galen.train.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.hf.JsonFields;
import dev.galen.model.hf.LenientJson;
import dev.galen.tensor.backend.WeightFormat;
import dev.galen.train.TrainingConfig;
import dev.galen.train.data.Packing;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * {@link FineTuningSpec} as JSON, and back. What is left out has its default; a name that is none
 * of these is refused, because nothing else would tell that it was misspelt.
 */
final class SpecJson {
  private static final List<String> ALL =
      List.of(
          "task", "model", "data", "training", "lora", "output", "device", "maxNewTokens", "watch");
  private static final List<String> MODEL =
      List.of(
          "directory",
          "config",
          "preset",
          "tokenizer",
          "dropout",
          "newTokens",
          "vocabularyMultiple",
          "weights");
  private static final List<String> DATA = DataJson.NAMES;

  private SpecJson() {}

  static FineTuningSpec read(Path file) throws IOException {
    return spec(LenientJson.readObject(file), file.toString());
  }

  static FineTuningSpec parse(String text, String source) throws IOException {
    try {
      return spec(LenientJson.parseObject(text), source);
    } catch (IllegalArgumentException e) {
      throw new IOException(source + ": " + e.getMessage(), e);
    }
  }

  private static FineTuningSpec spec(ObjectNode json, String source) throws IOException {
    try {
      return spec(json);
    } catch (IllegalArgumentException e) {
      throw new IOException(source + ": " + e.getMessage(), e);
    }
  }

  private static FineTuningSpec spec(ObjectNode json) {
    requireKnown("", json, ALL);
    var fields = new JsonFields(json);
    ModelSource model = model(section(json, "model", MODEL));
    TrainingConfig.Builder training = FineTuningSpec.defaults(model);
    TrainingJson.read(section(json, "training", TrainingJson.all()), training);
    if (!fields.has("output")) {
      throw new IllegalArgumentException("there is no output; name the folder to write to");
    }
    return new FineTuningSpec(
        fields.text("task", FineTuningSpec.LANGUAGE_MODEL),
        model,
        data(section(json, "data", DATA)),
        training.output(path(fields, "output")).build(),
        fields.text("device", null),
        json.hasNonNull("lora") ? LoraJson.read(section(json, "lora", LoraJson.ALL)) : null,
        integer(fields, "maxNewTokens"),
        json.hasNonNull("watch")
            ? WatchJson.read(section(json, "watch", WatchJson.ALL))
            : Watching.NONE);
  }

  private static ModelSource model(JsonFields fields) {
    return new ModelSource(
        fields.text("directory", null),
        path(fields, "config"),
        fields.text("preset", null),
        path(fields, "tokenizer"),
        fields.has("dropout") ? (Double) fields.number("dropout").getAsDouble() : null,
        newTokens(fields),
        fields.has("weights")
            ? TrainingJson.named(fields, "weights", WeightFormat.values())
            : WeightFormat.F32);
  }

  private static NewTokens newTokens(JsonFields fields) {
    var tokens = new ArrayList<String>();
    JsonNode list = fields.json().path("newTokens");
    boolean holds = list.isMissingNode() || list.isNull() || list.isArray();
    JsonFields.require(holds, "model.newTokens", list, "a list of texts");
    for (JsonNode token : list) {
      JsonFields.require(token.isTextual(), "model.newTokens", token, "texts");
      tokens.add(token.textValue());
    }
    Integer multiple = integer(fields, "vocabularyMultiple");
    return new NewTokens(tokens, multiple == null ? 1 : multiple);
  }

  private static DataSource data(JsonFields fields) {
    var train = new ArrayList<Path>();
    JsonNode files = fields.json().path("train");
    JsonFields.require(
        files.isMissingNode() || files.isArray(), "data.train", files, "a list of files");
    for (JsonNode file : files) {
      JsonFields.require(file.isTextual(), "data.train", file, "files");
      train.add(path("data.train", file.textValue()));
    }
    Packing packing = fields.has("packing") ? Packing.named(fields.text("packing", null)) : null;
    return DataJson.read(
        new DataSource(train, path(fields, "validation"), integer(fields, "length"), packing),
        integer(fields, "stride"),
        path(fields, "cache"),
        fields);
  }

  private static JsonFields section(ObjectNode json, String name, List<String> known) {
    JsonNode section = json.path(name);
    JsonFields.require(
        section.isMissingNode() || section.isNull() || section.isObject(),
        name,
        section,
        "an object");
    ObjectNode object =
        section instanceof ObjectNode given ? given : JsonNodeFactory.instance.objectNode();
    requireKnown(name + ".", object, known);
    return new JsonFields(object);
  }

  private static void requireKnown(String prefix, ObjectNode json, List<String> known) {
    for (var field : json.properties()) {
      if (!known.contains(field.getKey())) {
        throw new IllegalArgumentException(
            "there is no setting %s%s; these are: %s"
                .formatted(prefix, field.getKey(), String.join(", ", known)));
      }
    }
  }

  private static Integer integer(JsonFields fields, String name) {
    return fields.has(name) ? (Integer) fields.integer(name).getAsInt() : null;
  }

  private static Path path(JsonFields fields, String name) {
    return fields.has(name) ? path(name, fields.text(name, null)) : null;
  }

  private static Path path(String name, String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(name + " is no file name: " + e.getMessage(), e);
    }
  }

  static String text(FineTuningSpec spec) {
    return LenientJson.text(json(spec));
  }

  static String yaml(FineTuningSpec spec) {
    return RecipeYaml.of(json(spec));
  }

  private static ObjectNode json(FineTuningSpec spec) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("task", spec.task());
    ObjectNode model = json.putObject("model");
    put(model, "directory", spec.model().directory());
    put(model, "config", spec.model().config());
    put(model, "preset", spec.model().preset());
    put(model, "tokenizer", spec.model().tokenizer());
    if (spec.model().dropout() != null) {
      model.put("dropout", spec.model().dropout());
    }
    if (!spec.model().newTokens().areNone()) {
      var tokens = model.putArray("newTokens");
      spec.model().newTokens().tokens().forEach(tokens::add);
      if (spec.model().newTokens().multiple() > 1) {
        model.put("vocabularyMultiple", spec.model().newTokens().multiple());
      }
    }
    if (spec.model().weights().isPacked()) {
      model.put("weights", TrainingJson.word(spec.model().weights()));
    }
    ObjectNode data = json.putObject("data");
    var train = data.putArray("train");
    spec.data().train().forEach(file -> train.add(file.toString()));
    put(data, "validation", spec.data().validation());
    if (spec.data().length() != null) {
      data.put("length", spec.data().length());
    }
    if (spec.data().packing() != null) {
      data.put("packing", spec.data().packing().word());
    }
    DataJson.write(spec.data(), data);
    TrainingJson.write(spec.training(), json.putObject("training"));
    if (spec.lora() != null) {
      LoraJson.write(spec.lora(), json.putObject("lora"));
    }
    put(json, "output", spec.output());
    put(json, "device", spec.device());
    if (spec.maxNewTokens() != null) {
      json.put("maxNewTokens", spec.maxNewTokens());
    }
    if (!spec.watching().equals(Watching.NONE)) {
      WatchJson.write(spec.watching(), json.putObject("watch"));
    }
    return json;
  }

  private static void put(ObjectNode json, String name, Object value) {
    if (value != null) {
      json.put(name, value.toString());
    }
  }
}
