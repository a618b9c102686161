package dev.galen.model.t5;

import dev.galen.model.ClassNames;
import dev.galen.model.SpecialIds;
import dev.galen.model.hf.Architecture;
import dev.galen.model.hf.ConfigJson;
import dev.galen.model.hf.Head;
import dev.galen.model.hf.JsonFields;
import dev.galen.model.hf.TensorNames;
import dev.galen.tensor.backend.Unary;
import dev.galen.tensor.io.TensorFiles;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * T5 of any size as HuggingFace's directories hold it, and what has its layers, such as Flan-T5.
 * Sizes that a config leaves out are those of the small model, as with transformers.
 */
public final class T5Architecture implements Architecture<T5Config> {
  static final String MODEL_TYPE = "t5";

  private static final T5Config STANDARD = T5Config.small();
  private static final String GATED = "gated-";

  /** What version 1.1 means by a gated GELU is the one with tanh. */
  private static final String GATED_GELU = "gated-gelu";

  private static final Head<T5Config, T5> CONDITIONAL_GENERATION =
      new Head<>(T5.class, "T5ForConditionalGeneration", List.of(), T5::new, T5::config);

  @Override
  public String modelType() {
    return MODEL_TYPE;
  }

  @Override
  public Class<T5Config> configType() {
    return T5Config.class;
  }

  @Override
  public Map<String, String> otherNames() {
    return Map.of(
        "hidden_size", "d_model",
        "num_attention_heads", "num_heads",
        "num_hidden_layers", "num_layers",
        "head_dim", "d_kv");
  }

  @Override
  public T5Config read(ConfigJson json) {
    JsonFields fields = json.fields();
    json.refuse("quantization_config", "per_layer_config");
    int layers = json.size("num_layers", STANDARD.encoderLayers());
    String form = fields.text("feed_forward_proj", "relu");
    boolean gated = form.startsWith(GATED);
    Unary activation =
        form.equals(GATED_GELU)
            ? Unary.GELU_TANH
            : ConfigJson.activationOf(
                "feed_forward_proj", gated ? form.substring(GATED.length()) : form);
    int padding = fields.json().has("pad_token_id") ? json.special().padding() : 0;
    List<Integer> ends =
        fields.json().has("eos_token_id") ? json.special().ends() : STANDARD.special().ends();
    // Transformers ties the head to the embedding whatever the config says, and takes the field
    // for a word on how large the head's inputs are.
    boolean scaled = fields.flag("tie_word_embeddings", true);
    return new T5Config(
        json.size("vocab_size", STANDARD.vocabularySize()),
        fields.integer("n_positions", STANDARD.contextLength()),
        json.size("d_model", STANDARD.channels()),
        layers,
        fields.integer("num_decoder_layers", layers),
        json.size("num_heads", STANDARD.heads()),
        json.size("d_kv", STANDARD.headSize()),
        json.size("d_ff", STANDARD.innerChannels()),
        activation,
        gated,
        fields.integer("relative_attention_num_buckets", STANDARD.buckets()),
        fields.integer("relative_attention_max_distance", STANDARD.maxDistance()),
        fields.number("dropout_rate", 0.1),
        fields.number("layer_norm_epsilon", 1e-6),
        fields.number("initializer_factor", 1),
        true,
        fields.flag("scale_decoder_outputs", scaled),
        fields.integer("decoder_start_token_id", Math.max(padding, 0)),
        new SpecialIds(json.special().beginning(), ends, padding),
        ClassNames.of(2));
  }

  /** A config that ties nothing stands beside weights with a head of its own: version 1.1. */
  @Override
  public T5Config withoutWeights(ConfigJson json, T5Config config) {
    return config.withTiedHead(json.fields().flag("tie_word_embeddings", true));
  }

  @Override
  public SequencedMap<String, Object> write(T5Config config) {
    String activation = ConfigJson.nameOf(config.activation());
    boolean gatedGelu = config.gated() && config.activation() == Unary.GELU_TANH;
    var fields = new LinkedHashMap<String, Object>();
    fields.put("d_ff", config.innerChannels());
    fields.put("d_kv", config.headSize());
    fields.put("d_model", config.channels());
    fields.put("decoder_start_token_id", config.decoderStartId());
    fields.put("dense_act_fn", activation);
    fields.put("dropout_rate", config.dropout());
    fields.putAll(config.special().fields());
    fields.put(
        "feed_forward_proj",
        gatedGelu ? GATED_GELU : config.gated() ? GATED + activation : activation);
    fields.put("initializer_factor", config.initializerFactor());
    fields.put("is_encoder_decoder", true);
    fields.put("is_gated_act", config.gated());
    fields.put("layer_norm_epsilon", config.layerNormEpsilon());
    fields.put("n_positions", config.contextLength());
    fields.put("num_decoder_layers", config.decoderLayers());
    fields.put("num_heads", config.heads());
    fields.put("num_layers", config.encoderLayers());
    fields.put("relative_attention_max_distance", config.maxDistance());
    fields.put("relative_attention_num_buckets", config.buckets());
    fields.put("scale_decoder_outputs", config.scaledHead());
    fields.put("tie_word_embeddings", config.tiedHead());
    fields.put("vocab_size", config.vocabularySize());
    return fields;
  }

  @Override
  public List<Head<T5Config, ?>> heads() {
    return List.of(CONDITIONAL_GENERATION);
  }

  @Override
  public TensorNames<T5Config> names(TensorFiles files, T5Config config, Head<T5Config, ?> head) {
    return T5TensorNames.of(files, config);
  }

  @Override
  public SequencedMap<String, T5Config> presets() {
    var presets = new LinkedHashMap<String, T5Config>();
    presets.put("t5-small", STANDARD);
    presets.put("t5-base", T5Config.base());
    return presets;
  }
}
