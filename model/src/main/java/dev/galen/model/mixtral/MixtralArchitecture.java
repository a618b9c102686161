package dev.galen.model.mixtral;

import dev.galen.model.ClassNames;
import dev.galen.model.SpecialIds;
import dev.galen.model.hf.Architecture;
import dev.galen.model.hf.CausalNames;
import dev.galen.model.hf.ConfigJson;
import dev.galen.model.hf.Head;
import dev.galen.model.hf.JsonFields;
import dev.galen.model.hf.RotaryJson;
import dev.galen.model.hf.TensorNames;
import dev.galen.model.nn.RotaryConfig;
import dev.galen.tensor.backend.Unary;
import dev.galen.tensor.io.TensorFiles;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/**
 * Mixtral of any size as HuggingFace's directories hold it, one tensor for each expert's matrix.
 */
public final class MixtralArchitecture implements Architecture<MixtralConfig> {
  static final String MODEL_TYPE = "mixtral";

  private static final double THETA = 1e6;

  /** What transformers assumes; published directories say how far they go. */
  private static final MixtralConfig STANDARD = mixtral(4096, 14336, 32, 32, 131072);

  private static final Head<MixtralConfig, MixtralCausalLm> LANGUAGE_MODEL =
      new Head<>(
          MixtralCausalLm.class,
          "MixtralForCausalLM",
          List.of(),
          MixtralCausalLm::new,
          MixtralCausalLm::config);

  private static final Head<MixtralConfig, MixtralClassifier> CLASSIFIER =
      new Head<>(
          MixtralClassifier.class,
          "MixtralForSequenceClassification",
          List.of(CausalNames.CLASSIFIER_HEAD),
          MixtralClassifier::new,
          MixtralClassifier::config);

  private static final Head<MixtralConfig, Mixtral> TRUNK =
      new Head<>(Mixtral.class, "MixtralModel", List.of(), Mixtral::new, Mixtral::config);

  private static final CausalNames NAMES =
      new CausalNames(
          "model.",
          "model.embed_tokens.weight",
          Set.of("embed_tokens", "layers", "norm"),
          name -> name.endsWith(".rotary_emb.inv_freq"));

  private static MixtralConfig mixtral(
      int channels, int inner, int layers, int heads, int positions) {
    return new MixtralConfig(
        32000,
        positions,
        channels,
        inner,
        layers,
        heads,
        8,
        channels / heads,
        0,
        RotaryConfig.of(THETA),
        8,
        2,
        false,
        0.001,
        Unary.SILU,
        0,
        1e-5,
        0.02,
        false,
        new SpecialIds(1, 2, -1),
        ClassNames.of(2));
  }

  @Override
  public String modelType() {
    return MODEL_TYPE;
  }

  @Override
  public Class<MixtralConfig> configType() {
    return MixtralConfig.class;
  }

  @Override
  public Map<String, String> otherNames() {
    return Map.of("num_experts", "num_local_experts");
  }

  @Override
  public MixtralConfig read(ConfigJson json) {
    JsonFields fields = json.fields();
    json.refuse("quantization_config", "per_layer_config");
    if (fields.number("router_jitter_noise", 0) != 0) {
      throw new IllegalArgumentException("router_jitter_noise other than 0 is not supported");
    }
    int positions = json.size("max_position_embeddings", STANDARD.positions());
    int channels = json.size("hidden_size", STANDARD.channels());
    int heads = json.size("num_attention_heads", STANDARD.heads());
    int headSize = fields.integer("head_dim", heads > 0 ? channels / heads : 0);
    boolean hasKeyHeads = fields.json().has("num_key_value_heads");
    RotaryConfig rotary = RotaryJson.read(json, THETA, positions, headSize);
    return new MixtralConfig(
        json.size("vocab_size", STANDARD.vocabularySize()),
        positions,
        channels,
        json.size("intermediate_size", STANDARD.innerChannels()),
        json.size("num_hidden_layers", STANDARD.layers()),
        heads,
        fields.integer("num_key_value_heads", hasKeyHeads ? heads : STANDARD.keyHeads()),
        headSize,
        fields.integer("sliding_window", 0),
        rotary,
        json.size("num_local_experts", STANDARD.experts()),
        fields.integer("num_experts_per_tok", STANDARD.chosen()),
        fields.flag("output_router_logits", false),
        fields.number("router_aux_loss_coef", STANDARD.routerLossFactor()),
        json.activation("hidden_act", "silu"),
        fields.number("attention_dropout", 0),
        fields.number("rms_norm_eps", STANDARD.normEpsilon()),
        fields.number("initializer_range", 0.02),
        fields.flag("tie_word_embeddings", false),
        json.special(),
        json.classes());
  }

  @Override
  public SequencedMap<String, Object> write(MixtralConfig config) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("attention_dropout", config.attentionDropout());
    fields.putAll(config.special().fields());
    boolean divided = config.heads() * config.headSize() == config.channels();
    fields.put("head_dim", divided ? null : config.headSize());
    fields.put("hidden_act", ConfigJson.nameOf(config.activation()));
    fields.put("hidden_size", config.channels());
    fields.put("initializer_range", config.initializerRange());
    fields.put("intermediate_size", config.innerChannels());
    fields.put("max_position_embeddings", config.positions());
    fields.put("num_attention_heads", config.heads());
    fields.put("num_experts_per_tok", config.chosen());
    fields.put("num_hidden_layers", config.layers());
    fields.put("num_key_value_heads", config.keyHeads());
    fields.put("num_local_experts", config.experts());
    fields.put("output_router_logits", config.routerLoss());
    fields.put("rms_norm_eps", config.normEpsilon());
    fields.put("rope_parameters", RotaryJson.write(config.rotary()));
    fields.put("router_aux_loss_coef", config.routerLossFactor());
    fields.put("router_jitter_noise", 0.0);
    fields.put("sliding_window", config.window() > 0 ? config.window() : null);
    fields.put("tie_word_embeddings", config.tiedHead());
    fields.put("vocab_size", config.vocabularySize());
    return fields;
  }

  @Override
  public List<Head<MixtralConfig, ?>> heads() {
    return List.of(LANGUAGE_MODEL, CLASSIFIER, TRUNK);
  }

  @Override
  public TensorNames<MixtralConfig> names(
      TensorFiles files, MixtralConfig config, Head<MixtralConfig, ?> head) {
    if (head.equals(CLASSIFIER)) {
      return new TensorNames<>(config, NAMES.ofClassifier(files));
    }
    if (head.equals(TRUNK)) {
      return new TensorNames<>(config, NAMES.ofTrunk(files));
    }
    boolean tied = NAMES.ties(files, config.tiedHead());
    return new TensorNames<>(config.withTiedHead(tied), NAMES.ofLanguageModel(files, tied));
  }

  @Override
  public SequencedMap<String, MixtralConfig> presets() {
    var presets = new LinkedHashMap<String, MixtralConfig>();
    presets.put("Mixtral-8x7B-v0.1", mixtral(4096, 14336, 32, 32, 32768));
    presets.put("Mixtral-8x22B-v0.1", mixtral(6144, 16384, 56, 48, 65536));
    return presets;
  }
}
