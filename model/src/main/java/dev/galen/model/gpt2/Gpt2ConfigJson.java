package dev.galen.model.gpt2;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.ClassNames;
import dev.galen.model.SpecialIds;
import dev.galen.model.json.JsonFields;
import dev.galen.model.json.LenientJson;
import dev.galen.tensor.backend.Unary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;

/**
 * {@link Gpt2Config} as HuggingFace's {@code config.json}, and back. Of two names for one size
 * ({@code n_embd} and {@code hidden_size}, {@code n_layer} and {@code num_hidden_layers}, {@code
 * n_head} and {@code num_attention_heads}, {@code n_positions} and {@code max_position_embeddings})
 * either will do, and the second wins over the first, as transformers has it.
 */
public final class Gpt2ConfigJson {
  /** HuggingFace's names of activations. */
  private static final Map<String, Unary> ACTIVATIONS =
      Map.of(
          "gelu_new", Unary.GELU_TANH,
          "gelu_pytorch_tanh", Unary.GELU_TANH,
          "gelu", Unary.GELU_ERF,
          "relu", Unary.RELU,
          "silu", Unary.SILU,
          "swish", Unary.SILU,
          "tanh", Unary.TANH);

  /** Each size's names, the strongest first, the one we write last: GPT2Config.attribute_map. */
  private static final SequencedMap<String, List<String>> SIZES = sizes();

  private Gpt2ConfigJson() {}

  private static SequencedMap<String, List<String>> sizes() {
    var sizes = new LinkedHashMap<String, List<String>>();
    sizes.put("vocab_size", List.of());
    sizes.put("n_positions", List.of("max_position_embeddings"));
    sizes.put("n_embd", List.of("hidden_size"));
    sizes.put("n_layer", List.of("num_hidden_layers"));
    sizes.put("n_head", List.of("num_attention_heads"));
    return sizes;
  }

  /**
   * Reads the config of weights; anything Galen's GPT-2 does not compute is refused by name. Sizes
   * that the file leaves out are GPT-2's own, as with transformers, and have to fit the weights:
   * {@link #assumed} names them. ClassNames that cannot be used are left out; see {@link
   * #readClassifier}.
   */
  public static Gpt2Config read(Path file) throws IOException {
    return read(file, json -> parse(json, classes(json, false)));
  }

  /** The same for a classifier: it has to have usable labels. */
  public static Gpt2Config readClassifier(Path file) throws IOException {
    return read(file, json -> parse(json, classes(json, true)));
  }

  /**
   * The same for a model that does not exist yet: the file gives all sizes or none of them, because
   * nothing else would tell that a name was misspelt.
   */
  public static Gpt2Config readNew(Path file) throws IOException {
    return read(
        file,
        json -> {
          List<String> absent = absent(json);
          if (!absent.isEmpty() && absent.size() < SIZES.size()) {
            throw new IllegalArgumentException(
                "no %s, though other sizes are given; GPT-2's own is not assumed, write it down"
                    .formatted(String.join(" and no ", absent)));
          }
          return parse(json, classes(json, false));
        });
  }

  /**
   * What to say where weights do not fit: the sizes that {@code file} leaves out and that are
   * therefore GPT-2's own, or nothing.
   */
  public static String assumed(Path file) throws IOException {
    return read(
        file,
        json ->
            absent(json).stream()
                .map(key -> key + " is not given, so " + standard(key) + " was assumed")
                .collect(joining("; ")));
  }

  /** Names under which a file may have what {@link #write} spells in another way. */
  public static List<String> otherNames() {
    return SIZES.values().stream().flatMap(List::stream).toList();
  }

  private static <T> T read(Path file, Function<JsonFields, T> parse) throws IOException {
    try {
      return parse.apply(new JsonFields(LenientJson.readObject(file)));
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  private static Gpt2Config parse(JsonFields json, ClassNames classes) {
    String type = json.text("model_type", "gpt2");
    if (!type.equals("gpt2")) {
      throw new IllegalArgumentException(
          "model_type is %s, which is not supported yet; this reads gpt2 (GPT-2 of any size and what"
                  .formatted(type)
              + " has its layers, such as DistilGPT-2)");
    }
    if (json.flag("add_cross_attention", false)) {
      throw new IllegalArgumentException("add_cross_attention is not supported");
    }
    for (String key : List.of("quantization_config", "per_layer_config")) {
      if (json.has(key)) {
        throw new IllegalArgumentException(key + " is not supported");
      }
    }
    int channels = size(json, "n_embd");
    return new Gpt2Config(
        size(json, "vocab_size"),
        size(json, "n_positions"),
        channels,
        size(json, "n_layer"),
        size(json, "n_head"),
        json.integer("n_inner").orElse((int) Math.min(4L * channels, Integer.MAX_VALUE)),
        activation(json.text("activation_function", "gelu_new")),
        json.number("resid_pdrop", 0.1),
        json.number("embd_pdrop", 0.1),
        json.number("attn_pdrop", 0.1),
        json.number("layer_norm_epsilon", 1e-5),
        json.number("initializer_range", 0.02),
        json.flag("scale_attn_weights", true),
        json.flag("scale_attn_by_inverse_layer_idx", false),
        json.flag("tie_word_embeddings", true),
        new SpecialIds(
            json.integer("bos_token_id", -1),
            json.integers("eos_token_id"),
            json.integer("pad_token_id", -1)),
        classes);
  }

  private static List<String> absent(JsonFields json) {
    return SIZES.entrySet().stream()
        .filter(names -> !json.has(names.getKey()))
        .filter(names -> names.getValue().stream().noneMatch(json::has))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static int size(JsonFields json, String key) {
    for (String other : SIZES.get(key)) {
      if (json.has(other)) {
        return json.integer(other).getAsInt();
      }
    }
    return json.integer(key).orElseGet(() -> standard(key));
  }

  private static int standard(String key) {
    Gpt2Config gpt2 = Gpt2Config.gpt2();
    return switch (key) {
      case "vocab_size" -> gpt2.vocabularySize();
      case "n_positions" -> gpt2.contextLength();
      case "n_embd" -> gpt2.channels();
      case "n_layer" -> gpt2.layers();
      case "n_head" -> gpt2.heads();
      default -> throw new IllegalArgumentException(key);
    };
  }

  private static Unary activation(String name) {
    Unary activation = ACTIVATIONS.get(name);
    if (activation == null) {
      throw new IllegalArgumentException(
          "activation_function " + name + " is not one of " + ACTIVATIONS.keySet());
    }
    return activation;
  }

  private static ClassNames classes(JsonFields json, boolean used) {
    try {
      return classes(json);
    } catch (IllegalArgumentException e) {
      if (used) {
        throw e;
      }
      return Gpt2Config.gpt2().classes();
    }
  }

  private static ClassNames classes(JsonFields json) {
    if (!json.has("id2label")) {
      int count = json.integer("num_labels", Gpt2Config.gpt2().classes().count());
      if (count < 1) {
        throw new IllegalArgumentException("num_labels is " + count + ", must be positive");
      }
      return ClassNames.of(count);
    }
    JsonNode names = json.json().get("id2label");
    JsonFields.require(names.isObject(), "id2label", names, "an object of names by number");
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      JsonNode name = names.get(Integer.toString(i));
      if (name == null) {
        throw new IllegalArgumentException(
            "id2label has " + names.size() + " entries but none for " + i);
      }
      labels.add(name.asText());
    }
    return new ClassNames(labels);
  }

  /** The file's text for a model of HuggingFace's class {@code architecture}. */
  public static String write(Gpt2Config config, String architecture) {
    return LenientJson.text(json(config, architecture));
  }

  private static ObjectNode json(Gpt2Config config, String architecture) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("activation_function", nameOf(config.activation()));
    json.putArray("architectures").add(architecture);
    json.put("attn_pdrop", config.attentionDropout());
    putId(json, "bos_token_id", config.special().beginning());
    json.put("dtype", "float32");
    json.put("embd_pdrop", config.embeddingDropout());
    putIds(json, "eos_token_id", config.special().ends());
    json.put("initializer_range", config.initializerRange());
    json.put("layer_norm_epsilon", config.layerNormEpsilon());
    json.put("model_type", "gpt2");
    json.put("n_ctx", config.contextLength());
    json.put("n_embd", config.channels());
    json.put("n_head", config.heads());
    if (config.innerChannels() == 4 * config.channels()) {
      json.putNull("n_inner");
    } else {
      json.put("n_inner", config.innerChannels());
    }
    json.put("n_layer", config.layers());
    json.put("n_positions", config.contextLength());
    putId(json, "pad_token_id", config.special().padding());
    json.put("resid_pdrop", config.residualDropout());
    json.put("scale_attn_by_inverse_layer_idx", config.scaleAttentionByLayer());
    json.put("scale_attn_weights", config.scaleAttention());
    json.put("tie_word_embeddings", config.tiedHead());
    json.put("torch_dtype", "float32");
    json.put("vocab_size", config.vocabularySize());
    if (architecture.endsWith("ForSequenceClassification")) {
      ObjectNode names = json.putObject("id2label");
      ObjectNode ids = json.putObject("label2id");
      for (int i = 0; i < config.classes().count(); i++) {
        names.put(Integer.toString(i), config.classes().names().get(i));
        ids.put(config.classes().names().get(i), i);
      }
    }
    return json;
  }

  private static void putIds(ObjectNode json, String key, List<Integer> ids) {
    if (ids.size() < 2) {
      putId(json, key, ids.isEmpty() ? -1 : ids.getFirst());
    } else {
      ids.forEach(json.putArray(key)::add);
    }
  }

  private static void putId(ObjectNode json, String key, int id) {
    if (id < 0) {
      json.putNull(key);
    } else {
      json.put(key, id);
    }
  }

  private static String nameOf(Unary activation) {
    return switch (activation) {
      case GELU_TANH -> "gelu_new";
      case GELU_ERF -> "gelu";
      case RELU -> "relu";
      case SILU -> "silu";
      case TANH -> "tanh";
      default -> throw new IllegalArgumentException(activation + " has no HuggingFace name");
    };
  }
}
