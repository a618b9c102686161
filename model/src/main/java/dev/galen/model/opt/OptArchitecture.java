package dev.galen.model.opt;

import dev.galen.model.ClassNames;
import dev.galen.model.SpecialIds;
import dev.galen.model.hf.Architecture;
import dev.galen.model.hf.CausalNames;
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
import java.util.Set;

/** OPT of any size as HuggingFace's directories hold it. */
public final class OptArchitecture implements Architecture<OptConfig> {
  static final String MODEL_TYPE = "opt";

  private static final OptConfig STANDARD = sized(768, 12, 12);

  private static final Head<OptConfig, OptCausalLm> LANGUAGE_MODEL =
      new Head<>(
          OptCausalLm.class, "OPTForCausalLM", List.of(), OptCausalLm::new, OptCausalLm::config);

  private static final Head<OptConfig, OptClassifier> CLASSIFIER =
      new Head<>(
          OptClassifier.class,
          "OPTForSequenceClassification",
          List.of(CausalNames.CLASSIFIER_HEAD),
          OptClassifier::new,
          OptClassifier::config);

  private static final Head<OptConfig, Opt> TRUNK =
      new Head<>(Opt.class, "OPTModel", List.of(), Opt::new, Opt::config);

  private static final CausalNames NAMES =
      new CausalNames(
          "model.", "model.decoder.embed_tokens.weight", Set.of("decoder"), name -> false);

  private static OptConfig sized(int channels, int layers, int heads) {
    return sized(channels, channels, layers, heads, true);
  }

  private static OptConfig sized(
      int channels, int embedded, int layers, int heads, boolean normBefore) {
    return new OptConfig(
        50272,
        2048,
        channels,
        embedded,
        4 * channels,
        layers,
        heads,
        Unary.RELU,
        normBefore,
        normBefore,
        true,
        0.1,
        0,
        0.02,
        true,
        new SpecialIds(2, 2, 1),
        ClassNames.of(2));
  }

  @Override
  public String modelType() {
    return MODEL_TYPE;
  }

  @Override
  public Class<OptConfig> configType() {
    return OptConfig.class;
  }

  @Override
  public Map<String, String> otherNames() {
    return Map.of();
  }

  @Override
  public OptConfig read(ConfigJson json) {
    JsonFields fields = json.fields();
    json.refuse("quantization_config", "per_layer_config");
    if (fields.number("layerdrop", 0) != 0) {
      throw new IllegalArgumentException("layerdrop other than 0 is not supported");
    }
    if (!fields.flag("layer_norm_elementwise_affine", true)) {
      throw new IllegalArgumentException("layer_norm_elementwise_affine false is not supported");
    }
    int channels = json.size("hidden_size", STANDARD.channels());
    boolean normBefore = fields.flag("do_layer_norm_before", true);
    return new OptConfig(
        json.size("vocab_size", STANDARD.vocabularySize()),
        json.size("max_position_embeddings", STANDARD.contextLength()),
        channels,
        fields.integer("word_embed_proj_dim", channels),
        json.size("ffn_dim", STANDARD.innerChannels()),
        json.size("num_hidden_layers", STANDARD.layers()),
        json.size("num_attention_heads", STANDARD.heads()),
        json.activation("activation_function", "relu"),
        normBefore,
        normBefore && !fields.flag("_remove_final_layer_norm", false),
        fields.flag("enable_bias", true),
        fields.number("dropout", 0.1),
        fields.number("attention_dropout", 0),
        fields.number("init_std", 0.02),
        fields.flag("tie_word_embeddings", true),
        json.special(),
        json.classes());
  }

  @Override
  public SequencedMap<String, Object> write(OptConfig config) {
    var fields = new LinkedHashMap<String, Object>();
    // Without normBefore there is none to remove, and both values mean the same.
    if (config.normBefore()) {
      fields.put("_remove_final_layer_norm", !config.finalNorm());
    }
    fields.put("activation_function", ConfigJson.nameOf(config.activation()));
    fields.put("attention_dropout", config.attentionDropout());
    fields.putAll(config.special().fields());
    fields.put("do_layer_norm_before", config.normBefore());
    fields.put("dropout", config.dropout());
    fields.put("enable_bias", config.bias());
    fields.put("ffn_dim", config.innerChannels());
    fields.put("hidden_size", config.channels());
    fields.put("init_std", config.initializerRange());
    fields.put("layer_norm_elementwise_affine", true);
    fields.put("layerdrop", 0.0);
    fields.put("max_position_embeddings", config.contextLength());
    fields.put("num_attention_heads", config.heads());
    fields.put("num_hidden_layers", config.layers());
    fields.put("tie_word_embeddings", config.tiedHead());
    fields.put("vocab_size", config.vocabularySize());
    fields.put("word_embed_proj_dim", config.embeddingChannels());
    return fields;
  }

  @Override
  public List<Head<OptConfig, ?>> heads() {
    return List.of(LANGUAGE_MODEL, CLASSIFIER, TRUNK);
  }

  @Override
  public TensorNames<OptConfig> names(
      TensorFiles files, OptConfig config, Head<OptConfig, ?> head) {
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
  public SequencedMap<String, OptConfig> presets() {
    var presets = new LinkedHashMap<String, OptConfig>();
    presets.put("opt-125m", STANDARD);
    presets.put("opt-350m", sized(1024, 512, 24, 16, false));
    presets.put("opt-1.3b", sized(2048, 24, 32));
    presets.put("opt-2.7b", sized(2560, 32, 32));
    presets.put("opt-6.7b", sized(4096, 32, 32));
    presets.put("opt-13b", sized(5120, 40, 40));
    presets.put("opt-30b", sized(7168, 48, 56));
    presets.put("opt-66b", sized(9216, 64, 72));
    return presets;
  }
}
