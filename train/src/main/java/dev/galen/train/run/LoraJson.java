package dev.galen.train.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.hf.JsonFields;
import dev.galen.model.lora.LoraConfig;
import dev.galen.model.lora.LoraConfig.Bias;
import dev.galen.model.lora.LoraConfig.Initialisation;
import dev.galen.model.lora.LoraTargets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;

/** The section {@code lora} of a run's JSON. */
final class LoraJson {
  static final List<String> ALL =
      List.of(
          "rank",
          "alpha",
          "targets",
          "exclude",
          "layers",
          "layersPattern",
          "dropout",
          "bias",
          "rslora",
          "dora",
          "updateBias",
          "ranks",
          "alphas",
          "modulesToSave",
          "initialisation");

  private LoraJson() {}

  static LoraConfig read(JsonFields fields) {
    JsonNode rank = fields.json().path("rank");
    JsonFields.require(fields.has("rank"), "lora.rank", rank, "a rank of at least 1");
    return LoraConfig.builder(fields.integer("rank").getAsInt(), targets(fields))
        .alpha(fields.number("alpha", 8))
        .dropout(fields.number("dropout", 0))
        .bias(word(Bias.class, "bias", fields.text("bias", "none")))
        .rankStabilised(fields.flag("rslora", false))
        .dora(fields.flag("dora", false))
        .updateBias(fields.flag("updateBias", false))
        .ranks(ranks(fields))
        .alphas(alphas(fields))
        .modulesToSave(fields.texts("modulesToSave"))
        .initialisation(
            word(Initialisation.class, "initialisation", fields.text("initialisation", "kaiming")))
        .build();
  }

  private static LoraTargets targets(JsonFields fields) {
    JsonNode wanted = fields.json().path("targets");
    JsonNode out = fields.json().path("exclude");
    boolean all = !fields.has("targets") || wanted.asText().equals(LoraTargets.ALL_LINEAR);
    return new LoraTargets(
        wanted.isArray() ? fields.texts("targets") : List.of(),
        all || wanted.isArray() ? null : fields.text("targets", null),
        all,
        out.isTextual() ? List.of() : fields.texts("exclude"),
        out.isTextual() ? out.textValue() : null,
        fields.integers("layers"),
        fields.texts("layersPattern"));
  }

  private static <E extends Enum<E>> E word(Class<E> type, String key, String text) {
    for (E each : type.getEnumConstants()) {
      if (word(each).equals(text)) {
        return each;
      }
    }
    var words = List.of(type.getEnumConstants()).stream().map(LoraJson::word).toList();
    throw new IllegalArgumentException(
        "lora.%s is %s, must be one of %s".formatted(key, text, String.join(", ", words)));
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static SequencedMap<String, Integer> ranks(JsonFields fields) {
    var ranks = new LinkedHashMap<String, Integer>();
    for (var field : object(fields, "ranks").json().properties()) {
      ranks.put(field.getKey(), object(fields, "ranks").integer(field.getKey()).orElseThrow());
    }
    return ranks;
  }

  private static SequencedMap<String, Double> alphas(JsonFields fields) {
    var alphas = new LinkedHashMap<String, Double>();
    for (var field : object(fields, "alphas").json().properties()) {
      alphas.put(field.getKey(), object(fields, "alphas").number(field.getKey()).orElseThrow());
    }
    return alphas;
  }

  private static JsonFields object(JsonFields fields, String key) {
    JsonNode value = fields.json().path(key);
    boolean absent = value.isMissingNode() || value.isNull();
    JsonFields.require(absent || value.isObject(), "lora." + key, value, "numbers by pattern");
    for (JsonNode each : value) {
      JsonFields.require(each.isNumber(), "lora." + key, value, "numbers by pattern");
    }
    return new JsonFields(absent ? JsonNodeFactory.instance.objectNode() : (ObjectNode) value);
  }

  static void write(LoraConfig config, ObjectNode json) {
    LoraTargets targets = config.targets();
    json.put("rank", config.rank()).put("alpha", config.alpha());
    if (targets.names().isEmpty()) {
      json.put("targets", targets.allLinear() ? LoraTargets.ALL_LINEAR : targets.pattern());
    } else {
      var names = json.putArray("targets");
      targets.names().forEach(names::add);
    }
    if (targets.excludedPattern() != null) {
      json.put("exclude", targets.excludedPattern());
    } else if (!targets.excluded().isEmpty()) {
      var excluded = json.putArray("exclude");
      targets.excluded().forEach(excluded::add);
    }
    if (!targets.layers().isEmpty()) {
      var layers = json.putArray("layers");
      targets.layers().forEach(layers::add);
    }
    if (!targets.layersPatterns().isEmpty()) {
      var patterns = json.putArray("layersPattern");
      targets.layersPatterns().forEach(patterns::add);
    }
    json.put("dropout", config.dropout());
    json.put("bias", word(config.bias()));
    json.put("rslora", config.rankStabilised());
    json.put("dora", config.dora());
    json.put("updateBias", config.updateBias());
    if (!config.ranks().isEmpty()) {
      ObjectNode ranks = json.putObject("ranks");
      config.ranks().forEach(ranks::put);
    }
    if (!config.alphas().isEmpty()) {
      ObjectNode alphas = json.putObject("alphas");
      config.alphas().forEach(alphas::put);
    }
    if (!config.modulesToSave().isEmpty()) {
      var saved = json.putArray("modulesToSave");
      config.modulesToSave().forEach(saved::add);
    }
    json.put("initialisation", word(config.initialisation()));
  }

  /** On one line: what a resumed run must have the same. */
  static String line(LoraConfig config) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    write(config, json);
    return json.toString();
  }
}
