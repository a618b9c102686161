package dev.galen.model.hf;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.ClassNames;
import dev.galen.model.Model;
import dev.galen.model.ModelConfig;
import dev.galen.model.ProblemType;
import dev.galen.model.SequenceClassifier;
import dev.galen.model.SpecialIds;
import dev.galen.model.TokenClassifier;
import dev.galen.tensor.backend.Unary;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * The fields of a {@code config.json} that architectures share, as {@link Architecture#read} asks
 * for them. A field of another type than it should be is an {@link IllegalArgumentException} that
 * names it.
 */
public final class ConfigJson {
  /** HuggingFace's default. */
  private static final int CLASSES = 2;

  /** HuggingFace's names of activations. */
  private static final Map<String, Unary> ACTIVATIONS =
      Map.of(
          "gelu_new", Unary.GELU_TANH,
          "gelu_pytorch_tanh", Unary.GELU_TANH,
          "gelu_fast", Unary.GELU_TANH,
          "gelu_accurate", Unary.GELU_TANH,
          "gelu", Unary.GELU_ERF,
          "gelu_python", Unary.GELU_ERF,
          "relu", Unary.RELU,
          "silu", Unary.SILU,
          "swish", Unary.SILU,
          "tanh", Unary.TANH);

  private final JsonFields fields;
  private final Map<String, String> otherNames;
  private final boolean classifies;
  private final SequencedMap<String, Integer> assumed = new LinkedHashMap<>();
  private int given;

  /**
   * Fields to be read.
   *
   * @param otherNames see {@link Architecture#otherNames}
   * @param classifies whether the model needs usable classes
   */
  ConfigJson(JsonFields fields, Map<String, String> otherNames, boolean classifies) {
    this.fields = fields;
    this.otherNames = otherNames;
    this.classifies = classifies;
  }

  /** All fields, by type. */
  public JsonFields fields() {
    return fields;
  }

  /**
   * A size under its own or another name, or the architecture's standard, which is remembered as an
   * assumption.
   */
  public int size(String key, int standard) {
    for (Map.Entry<String, String> other : otherNames.entrySet()) {
      if (other.getValue().equals(key) && fields.has(other.getKey())) {
        given++;
        return fields.integer(other.getKey()).getAsInt();
      }
    }
    if (fields.has(key)) {
      given++;
      return fields.integer(key).getAsInt();
    }
    assumed.put(key, standard);
    return standard;
  }

  /** An activation by HuggingFace's name. */
  public Unary activation(String key, String standard) {
    return activationOf(key, fields.text(key, standard));
  }

  /** The activation that HuggingFace calls {@code name}, which a config has in {@code key}. */
  public static Unary activationOf(String key, String name) {
    Unary activation = ACTIVATIONS.get(name);
    if (activation == null) {
      throw new IllegalArgumentException(
          key + " " + name + " is not one of " + ACTIVATIONS.keySet());
    }
    return activation;
  }

  /** HuggingFace's name of an activation. */
  public static String nameOf(Unary activation) {
    return switch (activation) {
      case GELU_TANH -> "gelu_new";
      case GELU_ERF -> "gelu";
      case RELU -> "relu";
      case SILU -> "silu";
      case TANH -> "tanh";
      default -> throw new IllegalArgumentException(activation + " has no HuggingFace name");
    };
  }

  /** The ids that have a meaning. */
  public SpecialIds special() {
    return new SpecialIds(
        fields.integer("bos_token_id", -1),
        fields.integers("eos_token_id"),
        fields.integer("pad_token_id", -1));
  }

  /** Refuses fields that are given and that no model here obeys. */
  public void refuse(String... keys) {
    for (String key : keys) {
      if (fields.has(key)) {
        throw new IllegalArgumentException(key + " is not supported");
      }
    }
  }

  /** The classes; where the model has no use for them, unusable ones are passed over. */
  public ClassNames classes() {
    try {
      return readClasses().withProblem(problem());
    } catch (IllegalArgumentException e) {
      if (classifies) {
        throw e;
      }
      return ClassNames.of(CLASSES);
    }
  }

  private ProblemType problem() {
    return fields.has("problem_type") ? ProblemType.named(fields.text("problem_type", "")) : null;
  }

  private ClassNames readClasses() {
    if (!fields.has("id2label")) {
      int count = fields.integer("num_labels", CLASSES);
      if (count < 1) {
        throw new IllegalArgumentException("num_labels is " + count + ", must be positive");
      }
      return ClassNames.of(count);
    }
    JsonNode names = fields.json().get("id2label");
    JsonFields.require(names.isObject(), "id2label", names, "an object of names by number");
    List<String> classes = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      JsonNode name = names.get(Integer.toString(i));
      if (name == null) {
        throw new IllegalArgumentException(
            "id2label has " + names.size() + " entries but none for " + i);
      }
      classes.add(name.asText());
    }
    return new ClassNames(classes);
  }

  private void requireAllSizesOrNone() {
    if (!assumed.isEmpty() && given > 0) {
      throw new IllegalArgumentException(
          "no %s, though other sizes are given; the standard one is not assumed, write it down"
              .formatted(String.join(" and no ", assumed.keySet())));
    }
  }

  /** What to say where weights do not fit: sizes that were not given, or nothing. */
  public String assumed() {
    return assumed.entrySet().stream()
        .map(e -> e.getKey() + " is not given, so " + e.getValue() + " was assumed")
        .collect(joining("; "));
  }

  /**
   * Reads the config of a model that does not exist yet: the file gives all sizes or none of them,
   * because nothing else would tell that a name was misspelt.
   */
  public static <C extends ModelConfig> C readNew(Architecture<C> architecture, JsonFields fields) {
    var json = new ConfigJson(fields, architecture.otherNames(), false);
    try {
      C config = architecture.read(json);
      json.requireAllSizesOrNone();
      return config;
    } catch (IllegalArgumentException e) {
      json.requireAllSizesOrNone(); // a size that was assumed may be why the others are refused
      throw e;
    }
  }

  /** The fields of a {@code config.json} for {@code model}, which {@code head} made. */
  static <C extends ModelConfig, M extends Model> ObjectNode write(
      Architecture<C> architecture, Head<C, M> head, M model) {
    C config = head.config().apply(model);
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    architecture.write(config).forEach((key, value) -> json.set(key, LenientJson.tree(value)));
    json.put("model_type", architecture.modelType());
    json.putArray("architectures").add(head.className());
    json.put("dtype", "float32");
    json.put("torch_dtype", "float32");
    if (model instanceof SequenceClassifier || model instanceof TokenClassifier) {
      if (model instanceof SequenceClassifier classifier) {
        json.put("problem_type", problem(classifier).configName());
      }
      List<String> names = config.classes().names();
      ObjectNode byId = json.putObject("id2label");
      ObjectNode byName = json.putObject("label2id");
      for (int i = 0; i < names.size(); i++) {
        byId.put(Integer.toString(i), names.get(i));
        byName.put(names.get(i), i);
      }
    }
    return sorted(json);
  }

  /** What it predicts, be it that nothing has said so yet. */
  private static ProblemType problem(SequenceClassifier classifier) {
    if (classifier.problemType() != null) {
      return classifier.problemType();
    }
    return classifier.classes().count() == 1 ? ProblemType.REGRESSION : ProblemType.SINGLE_LABEL;
  }

  /** By name, as transformers writes them. */
  private static ObjectNode sorted(ObjectNode json) {
    ObjectNode sorted = JsonNodeFactory.instance.objectNode();
    json.properties().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(field -> sorted.set(field.getKey(), field.getValue()));
    return sorted;
  }
}
