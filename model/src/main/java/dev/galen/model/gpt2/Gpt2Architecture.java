package dev.galen.model.gpt2;

import dev.galen.model.hf.Architecture;
import dev.galen.model.hf.ConfigJson;
import dev.galen.model.hf.Head;
import dev.galen.model.hf.JsonFields;
import dev.galen.model.hf.TensorNames;
import dev.galen.tensor.io.TensorFiles;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * GPT-2 of any size as HuggingFace's directories hold it, and what has its layers, such as
 * DistilGPT-2. Sizes that a config leaves out are those of the smallest one, as with transformers.
 */
public final class Gpt2Architecture implements Architecture<Gpt2Config> {
  static final String MODEL_TYPE = "gpt2";

  private static final Gpt2Config STANDARD = Gpt2Config.gpt2();
  private static final Head<Gpt2Config, Gpt2CausalLm> LANGUAGE_MODEL =
      new Head<>(
          Gpt2CausalLm.class,
          "GPT2LMHeadModel",
          List.of(),
          Gpt2CausalLm::new,
          Gpt2CausalLm::config);
  private static final Head<Gpt2Config, Gpt2Classifier> CLASSIFIER =
      new Head<>(
          Gpt2Classifier.class,
          "GPT2ForSequenceClassification",
          List.of(Gpt2TensorNames.CLASSIFIER_HEAD),
          Gpt2Classifier::new,
          Gpt2Classifier::config);
  private static final Head<Gpt2Config, Gpt2> TRUNK =
      new Head<>(Gpt2.class, "GPT2Model", List.of(), Gpt2::new, Gpt2::config);

  @Override
  public String modelType() {
    return MODEL_TYPE;
  }

  @Override
  public Class<Gpt2Config> configType() {
    return Gpt2Config.class;
  }

  @Override
  public Map<String, String> otherNames() {
    return Map.of(
        "hidden_size", "n_embd",
        "num_hidden_layers", "n_layer",
        "num_attention_heads", "n_head",
        "max_position_embeddings", "n_positions");
  }

  @Override
  public Gpt2Config read(ConfigJson json) {
    JsonFields fields = json.fields();
    if (fields.flag("add_cross_attention", false)) {
      throw new IllegalArgumentException("add_cross_attention is not supported");
    }
    json.refuse("quantization_config", "per_layer_config");
    int channels = json.size("n_embd", STANDARD.channels());
    int widened = (int) Math.min(4L * channels, Integer.MAX_VALUE);
    return new Gpt2Config(
        json.size("vocab_size", STANDARD.vocabularySize()),
        json.size("n_positions", STANDARD.contextLength()),
        channels,
        json.size("n_layer", STANDARD.layers()),
        json.size("n_head", STANDARD.heads()),
        fields.integer("n_inner").orElse(widened),
        json.activation("activation_function", "gelu_new"),
        fields.number("resid_pdrop", 0.1),
        fields.number("embd_pdrop", 0.1),
        fields.number("attn_pdrop", 0.1),
        fields.number("layer_norm_epsilon", 1e-5),
        fields.number("initializer_range", 0.02),
        fields.flag("scale_attn_weights", true),
        fields.flag("scale_attn_by_inverse_layer_idx", false),
        fields.flag("tie_word_embeddings", true),
        json.special(),
        json.classes());
  }

  @Override
  public SequencedMap<String, Object> write(Gpt2Config config) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("activation_function", ConfigJson.nameOf(config.activation()));
    fields.put("attn_pdrop", config.attentionDropout());
    fields.putAll(config.special().fields());
    fields.put("embd_pdrop", config.embeddingDropout());
    fields.put("initializer_range", config.initializerRange());
    fields.put("layer_norm_epsilon", config.layerNormEpsilon());
    fields.put("n_ctx", config.contextLength());
    fields.put("n_embd", config.channels());
    fields.put("n_head", config.heads());
    boolean widened = config.innerChannels() == 4 * config.channels();
    fields.put("n_inner", widened ? null : config.innerChannels());
    fields.put("n_layer", config.layers());
    fields.put("n_positions", config.contextLength());
    fields.put("resid_pdrop", config.residualDropout());
    fields.put("scale_attn_by_inverse_layer_idx", config.scaleAttentionByLayer());
    fields.put("scale_attn_weights", config.scaleAttention());
    fields.put("tie_word_embeddings", config.tiedHead());
    fields.put("vocab_size", config.vocabularySize());
    return fields;
  }

  @Override
  public List<Head<Gpt2Config, ?>> heads() {
    return List.of(LANGUAGE_MODEL, CLASSIFIER, TRUNK);
  }

  @Override
  public TensorNames<Gpt2Config> names(
      TensorFiles files, Gpt2Config config, Head<Gpt2Config, ?> head) {
    if (head.equals(LANGUAGE_MODEL)) {
      return Gpt2TensorNames.ofLanguageModel(files, config);
    }
    return head.equals(TRUNK)
        ? Gpt2TensorNames.ofTrunk(files, config)
        : Gpt2TensorNames.ofClassifier(files, config);
  }

  @Override
  public SequencedMap<String, Gpt2Config> presets() {
    var presets = new LinkedHashMap<String, Gpt2Config>();
    presets.put("gpt2", STANDARD);
    presets.put("gpt2-medium", Gpt2Config.gpt2Medium());
    presets.put("gpt2-large", Gpt2Config.gpt2Large());
    presets.put("gpt2-xl", Gpt2Config.gpt2Xl());
    presets.put("tiny", Gpt2Config.tiny(STANDARD.vocabularySize()));
    return presets;
  }
}
