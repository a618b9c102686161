package dev.galen.model.lora;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.hf.JsonFields;
import dev.galen.model.lora.LoraConfig.Bias;
import dev.galen.model.lora.LoraConfig.Initialisation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * A {@link LoraConfig} as PEFT 0.21's {@code adapter_config.json}, and back. What would change the
 * results and is not there in Galen is refused by name.
 */
final class AdapterConfigJson {
  static final String NAME = "adapter_config.json";

  /** What says nothing of the results. */
  private static final Set<String> IGNORED =
      Set.of(
          "auto_mapping",
          "base_model_name_or_path",
          "eva_config",
          "fan_in_fan_out",
          "inference_mode",
          "loftq_config",
          "megatron_core",
          "peft_version",
          "qalora_group_size",
          "revision",
          "runtime_config",
          "task_type");

  private static final Set<String> READ =
      Set.of(
          "peft_type",
          "r",
          "lora_alpha",
          "target_modules",
          "exclude_modules",
          "layers_to_transform",
          "layers_pattern",
          "lora_dropout",
          "bias",
          "use_rslora",
          "use_dora",
          "lora_bias",
          "rank_pattern",
          "alpha_pattern",
          "modules_to_save",
          "init_lora_weights");

  /** Others than these change the matrices that an adapter stands beside. */
  private static final Set<String> INITIALISATIONS =
      Set.of("true", "false", "gaussian", "eva", "orthogonal");

  /** Fields that PEFT writes and Galen has no use for, with what they are then. */
  private static final List<String> NULLS =
      List.of(
          "alora_invocation_tokens",
          "arrow_config",
          "auto_mapping",
          "corda_config",
          "eva_config",
          "kasa_config",
          "layer_replication",
          "lora_ga_config",
          "megatron_config",
          "monteclora_config",
          "revision",
          "target_parameters",
          "trainable_token_indices",
          "use_bdlora",
          "velora_config");

  private AdapterConfigJson() {}

  /**
   * What a file says.
   *
   * @throws IllegalArgumentException naming the field, its value and what is expected
   */
  static LoraConfig read(ObjectNode json) {
    var fields = new JsonFields(json);
    String type = fields.text("peft_type", "missing");
    if (!type.equals("LORA")) {
      throw new IllegalArgumentException(
          "peft_type is " + type + ", Galen has LORA (with use_dora)");
    }
    for (var field : json.properties()) {
      boolean known = READ.contains(field.getKey()) || IGNORED.contains(field.getKey());
      JsonFields.require(
          known || isUnset(field.getValue()),
          field.getKey(),
          field.getValue(),
          "nothing: Galen does not have it");
    }
    fields.flag("fan_in_fan_out", false);
    JsonFields.require(fields.has("r"), "r", json.path("r"), "a rank of at least 1");
    return new LoraConfig(
        fields.integer("r").getAsInt(),
        fields.number("lora_alpha", 8),
        targets(fields),
        fields.number("lora_dropout", 0),
        bias(fields),
        fields.flag("use_rslora", false),
        fields.flag("use_dora", false),
        fields.flag("lora_bias", false),
        ranks(json.path("rank_pattern")),
        alphas(json.path("alpha_pattern")),
        fields.texts("modules_to_save").stream().distinct().toList(),
        initialisation(json.path("init_lora_weights")));
  }

  private static boolean isUnset(JsonNode value) {
    return value.isNull()
        || value.isContainerNode() && value.isEmpty()
        || value.isBoolean() && !value.booleanValue();
  }

  private static LoraTargets targets(JsonFields fields) {
    JsonNode wanted = fields.json().path("target_modules");
    JsonFields.require(
        wanted.isTextual() || wanted.isArray() && !wanted.isEmpty(),
        "target_modules",
        wanted,
        "names of layers, a regular expression or all-linear");
    boolean all = wanted.isTextual() && wanted.textValue().equalsIgnoreCase(LoraTargets.ALL_LINEAR);
    JsonNode out = fields.json().path("exclude_modules");
    return new LoraTargets(
        wanted.isArray() ? fields.texts("target_modules") : List.of(),
        wanted.isTextual() && !all ? wanted.textValue() : null,
        all,
        out.isTextual() ? List.of() : fields.texts("exclude_modules"),
        out.isTextual() ? out.textValue() : null,
        fields.integers("layers_to_transform"),
        fields.texts("layers_pattern"));
  }

  private static Bias bias(JsonFields fields) {
    String text = fields.text("bias", "none");
    for (Bias bias : Bias.values()) {
      if (word(bias).equals(text)) {
        return bias;
      }
    }
    throw new IllegalArgumentException("bias is " + text + ", expected none, all or lora_only");
  }

  private static Initialisation initialisation(JsonNode value) {
    String text = value.isMissingNode() || value.isNull() ? "true" : value.asText();
    JsonFields.require(
        INITIALISATIONS.contains(text.toLowerCase(Locale.ROOT)),
        "init_lora_weights",
        value,
        "true, false, gaussian, eva or orthogonal: others change the model's own weights");
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "false" -> Initialisation.RANDOM;
      case "gaussian" -> Initialisation.GAUSSIAN;
      default -> Initialisation.KAIMING;
    };
  }

  private static SequencedMap<String, Integer> ranks(JsonNode json) {
    var ranks = new LinkedHashMap<String, Integer>();
    requireMap("rank_pattern", json);
    for (var field : json.properties()) {
      JsonNode rank = field.getValue();
      JsonFields.require(
          rank.isIntegralNumber() && rank.canConvertToInt(), "rank_pattern", json, "integers");
      ranks.put(field.getKey(), rank.intValue());
    }
    return ranks;
  }

  private static SequencedMap<String, Double> alphas(JsonNode json) {
    var alphas = new LinkedHashMap<String, Double>();
    requireMap("alpha_pattern", json);
    for (var field : json.properties()) {
      JsonFields.require(field.getValue().isNumber(), "alpha_pattern", json, "numbers");
      alphas.put(field.getKey(), field.getValue().doubleValue());
    }
    return alphas;
  }

  private static void requireMap(String key, JsonNode json) {
    JsonFields.require(
        json.isMissingNode() || json.isNull() || json.isObject(),
        key,
        json,
        "an object with a number for each pattern");
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /**
   * The file of an adapter, its fields in order.
   *
   * @param targets the layers that have an update, which stand for all-linear
   * @param inputFirst whether their matrices lie by inputs, as GPT-2's do
   * @param base what the model is called, or null
   * @param task PEFT's name of what the model is for, or null
   */
  static ObjectNode write(
      LoraConfig config, Collection<String> targets, boolean inputFirst, String base, String task) {
    var fields = new TreeMap<String, Object>();
    NULLS.forEach(name -> fields.put(name, null));
    LoraTargets wanted = config.targets();
    fields.put("alpha_pattern", config.alphas());
    fields.put("base_model_name_or_path", base);
    fields.put("bias", word(config.bias()));
    fields.put("ensure_weight_tying", false);
    fields.put(
        "exclude_modules",
        wanted.excludedPattern() != null ? wanted.excludedPattern() : listed(wanted.excluded()));
    fields.put("fan_in_fan_out", inputFirst);
    fields.put("inference_mode", true);
    fields.put(
        "init_lora_weights",
        switch (config.initialisation()) {
          case KAIMING -> true;
          case RANDOM -> false;
          case GAUSSIAN -> "gaussian";
        });
    fields.put("layers_pattern", listed(wanted.layersPatterns()));
    fields.put("layers_to_transform", listed(wanted.layers()));
    fields.put("loftq_config", Map.of());
    fields.put("lora_alpha", number(config.alpha()));
    fields.put("lora_bias", config.updateBias());
    fields.put("lora_dropout", config.dropout());
    fields.put("megatron_core", "megatron.core");
    fields.put("modules_to_save", listed(config.modulesToSave()));
    fields.put("peft_type", "LORA");
    fields.put("peft_version", "0.21.0");
    fields.put("qalora_group_size", 16);
    fields.put("r", config.rank());
    fields.put("rank_pattern", config.ranks());
    fields.put(
        "target_modules",
        wanted.pattern() != null
            ? wanted.pattern()
            : wanted.allLinear() ? new ArrayList<>(targets) : wanted.names());
    fields.put("task_type", task);
    fields.put("use_dora", config.dora());
    fields.put("use_qalora", false);
    fields.put("use_rslora", config.rankStabilised());
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    fields.forEach((name, value) -> json.set(name, node(value)));
    return json;
  }

  private static List<?> listed(List<?> values) {
    return values.isEmpty() ? null : values;
  }

  /** PEFT's alpha is an integer where it is whole. */
  private static Object number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e9 ? (Object) (int) value : value;
  }

  private static JsonNode node(Object value) {
    var nodes = JsonNodeFactory.instance;
    return switch (value) {
      case null -> nodes.nullNode();
      case Boolean b -> nodes.booleanNode(b);
      case Integer i -> nodes.numberNode(i);
      case Double d -> nodes.numberNode(d);
      case String s -> nodes.textNode(s);
      case List<?> list -> {
        var array = nodes.arrayNode();
        list.forEach(each -> array.add(node(each)));
        yield array;
      }
      case Map<?, ?> map -> {
        ObjectNode object = nodes.objectNode();
        map.forEach(
            (key, each) ->
                object.set((String) key, node(each instanceof Double d ? number(d) : each)));
        yield object;
      }
      default -> throw new AssertionError(value.getClass());
    };
  }
}
