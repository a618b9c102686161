package dev.galen.model.gpt2;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.tensor.backend.Unary;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@link Gpt2Config} as HuggingFace's {@code config.json}, and back. */
public final class Gpt2ConfigJson {
  private static final ObjectMapper JSON = new ObjectMapper();

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

  private Gpt2ConfigJson() {}

  /** Reads a file; anything Galen's GPT-2 does not compute is refused by name. */
  public static Gpt2Config read(Path file) throws IOException {
    JsonNode json;
    try {
      json = JSON.readTree(Files.readString(file));
    } catch (JsonProcessingException e) {
      throw new IOException(file + ": not valid JSON: " + e.getOriginalMessage(), e);
    } catch (CharacterCodingException e) {
      throw new IOException(file + ": not valid UTF-8", e);
    }
    if (json == null || !json.isObject()) {
      throw new IOException(file + ": expected a JSON object");
    }
    try {
      return parse(json);
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  private static Gpt2Config parse(JsonNode json) {
    String type = json.path("model_type").asText("gpt2");
    if (!type.equals("gpt2")) {
      throw new IllegalArgumentException("model_type is " + type + ", this reads gpt2");
    }
    if (json.path("add_cross_attention").asBoolean(false)) {
      throw new IllegalArgumentException("add_cross_attention is not supported");
    }
    int channels = integer(json, "n_embd", 768);
    return new Gpt2Config(
        integer(json, "vocab_size", 50257),
        integer(json, "n_positions", 1024),
        channels,
        integer(json, "n_layer", 12),
        integer(json, "n_head", 12),
        integer(json, "n_inner", 4 * channels),
        activation(json.path("activation_function").asText("gelu_new")),
        number(json, "resid_pdrop", 0.1),
        number(json, "embd_pdrop", 0.1),
        number(json, "attn_pdrop", 0.1),
        number(json, "layer_norm_epsilon", 1e-5),
        number(json, "initializer_range", 0.02),
        json.path("scale_attn_weights").asBoolean(true),
        json.path("scale_attn_by_inverse_layer_idx").asBoolean(false),
        json.path("tie_word_embeddings").asBoolean(true),
        new SpecialIds(
            integer(json, "bos_token_id", -1),
            integer(json, "eos_token_id", -1),
            integer(json, "pad_token_id", -1)),
        labels(json));
  }

  private static Unary activation(String name) {
    Unary activation = ACTIVATIONS.get(name);
    if (activation == null) {
      throw new IllegalArgumentException(
          "activation_function " + name + " is not one of " + ACTIVATIONS.keySet());
    }
    return activation;
  }

  private static Labels labels(JsonNode json) {
    JsonNode names = json.path("id2label");
    if (!names.isObject()) {
      return Labels.of(integer(json, "num_labels", 2));
    }
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      JsonNode name = names.get(Integer.toString(i));
      if (name == null) {
        throw new IllegalArgumentException(
            "id2label has " + names.size() + " entries but none for " + i);
      }
      labels.add(name.asText());
    }
    return new Labels(labels);
  }

  private static int integer(JsonNode json, String key, int absent) {
    JsonNode value = json.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return absent;
    }
    if (!value.canConvertToInt() || !value.isIntegralNumber()) {
      throw new IllegalArgumentException(key + " is " + value + ", expected an integer");
    }
    return value.intValue();
  }

  private static double number(JsonNode json, String key, double absent) {
    JsonNode value = json.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return absent;
    }
    if (!value.isNumber()) {
      throw new IllegalArgumentException(key + " is " + value + ", expected a number");
    }
    return value.doubleValue();
  }

  /** The file's text for a model of HuggingFace's class {@code architecture}. */
  public static String write(Gpt2Config config, String architecture) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("activation_function", nameOf(config.activation()));
    json.putArray("architectures").add(architecture);
    json.put("attn_pdrop", config.attentionDropout());
    putId(json, "bos_token_id", config.special().beginning());
    json.put("dtype", "float32");
    json.put("embd_pdrop", config.embeddingDropout());
    putId(json, "eos_token_id", config.special().end());
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
      for (int i = 0; i < config.labels().count(); i++) {
        names.put(Integer.toString(i), config.labels().names().get(i));
        ids.put(config.labels().names().get(i), i);
      }
    }
    return json.toPrettyString() + "\n";
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
