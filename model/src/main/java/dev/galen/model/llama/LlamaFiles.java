package dev.galen.model.llama;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.hf.Architecture;
import dev.galen.model.hf.CausalNames;
import dev.galen.model.hf.ConfigJson;
import dev.galen.model.hf.Head;
import dev.galen.model.hf.JsonFields;
import dev.galen.model.hf.RotaryJson;
import dev.galen.model.hf.TensorNames;
import dev.galen.model.nn.RotaryConfig;
import dev.galen.tensor.io.TensorFiles;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/**
 * What the directories of LLaMA's relatives have in common: one model, whose configs differ in the
 * windows, the biases and what is assumed where a field is missing.
 */
abstract class LlamaFiles implements Architecture<LlamaConfig> {
  /** {@code rope_theta} of a config that gives none. */
  static final double THETA = 10000;

  private static final CausalNames NAMES =
      new CausalNames(
          "model.",
          "model.embed_tokens.weight",
          Set.of("embed_tokens", "layers", "norm"),
          name -> name.endsWith(".rotary_emb.inv_freq"));

  private final LlamaFamily family;
  private final Head<LlamaConfig, LlamaCausalLm> languageModel;
  private final Head<LlamaConfig, LlamaClassifier> classifier;
  private final Head<LlamaConfig, Llama> trunk;

  /** What a config means that leaves sizes out. */
  private final LlamaConfig standard;

  LlamaFiles(LlamaFamily family, LlamaConfig standard) {
    this.family = family;
    this.standard = standard;
    languageModel =
        new Head<>(
            LlamaCausalLm.class,
            family.className() + "ForCausalLM",
            List.of(),
            LlamaCausalLm::new,
            LlamaCausalLm::config);
    classifier =
        new Head<>(
            LlamaClassifier.class,
            family.className() + "ForSequenceClassification",
            List.of(CausalNames.CLASSIFIER_HEAD),
            LlamaClassifier::new,
            LlamaClassifier::config);
    trunk =
        new Head<>(Llama.class, family.className() + "Model", List.of(), Llama::new, Llama::config);
  }

  /** How many positions each of {@code layers} sees, 0 for all. */
  abstract List<Integer> windows(JsonFields fields, int layers);

  /** Which projections have a bias. */
  abstract LlamaConfig.Biases biases(JsonFields fields);

  /** Adds the fields that {@link #windows} and {@link #biases} read. */
  abstract void writeOwn(LlamaConfig config, Map<String, Object> fields);

  @Override
  public final String modelType() {
    return family.modelType();
  }

  @Override
  public final Class<LlamaConfig> configType() {
    return LlamaConfig.class;
  }

  @Override
  public final Map<String, String> otherNames() {
    return Map.of();
  }

  @Override
  public final LlamaConfig read(ConfigJson json) {
    JsonFields fields = json.fields();
    json.refuse("quantization_config", "per_layer_config");
    int positions = json.size("max_position_embeddings", standard.positions());
    int channels = json.size("hidden_size", standard.channels());
    int layers = json.size("num_hidden_layers", standard.layers());
    int heads = json.size("num_attention_heads", standard.heads());
    int headSize = fields.integer("head_dim", heads > 0 ? channels / heads : 0);
    RotaryConfig rotary = RotaryJson.read(json, THETA, positions, headSize);
    return new LlamaConfig(
        family,
        json.size("vocab_size", standard.vocabularySize()),
        positions,
        channels,
        json.size("intermediate_size", standard.innerChannels()),
        layers,
        heads,
        keyHeads(fields, heads),
        headSize,
        windows(fields, layers),
        rotary,
        biases(fields),
        json.activation("hidden_act", "silu"),
        fields.number("attention_dropout", 0),
        fields.number("rms_norm_eps", standard.normEpsilon()),
        fields.number("initializer_range", 0.02),
        fields.flag("tie_word_embeddings", false),
        json.special(),
        json.classes());
  }

  /** As many as of queries where the field is null; where it is missing, the family's default. */
  private int keyHeads(JsonFields fields, int heads) {
    ObjectNode json = fields.json();
    boolean assumed = !json.has("num_key_value_heads") && standard.keyHeads() != standard.heads();
    return fields.integer("num_key_value_heads", assumed ? standard.keyHeads() : heads);
  }

  static List<Integer> everywhere(int window, int layers) {
    return Collections.nCopies(Math.max(layers, 0), window);
  }

  @Override
  public final SequencedMap<String, Object> write(LlamaConfig config) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("attention_dropout", config.attentionDropout());
    fields.putAll(config.special().fields());
    fields.put("hidden_act", ConfigJson.nameOf(config.activation()));
    fields.put("hidden_size", config.channels());
    fields.put("initializer_range", config.initializerRange());
    fields.put("intermediate_size", config.innerChannels());
    fields.put("max_position_embeddings", config.positions());
    fields.put("num_attention_heads", config.heads());
    fields.put("num_hidden_layers", config.layers());
    fields.put("num_key_value_heads", config.keyHeads());
    fields.put("rms_norm_eps", config.normEpsilon());
    fields.put("rope_parameters", RotaryJson.write(config.rotary()));
    fields.put("tie_word_embeddings", config.tiedHead());
    fields.put("vocab_size", config.vocabularySize());
    writeOwn(config, fields);
    return fields;
  }

  @Override
  public final List<Head<LlamaConfig, ?>> heads() {
    return List.of(languageModel, classifier, trunk);
  }

  @Override
  public final TensorNames<LlamaConfig> names(
      TensorFiles files, LlamaConfig config, Head<LlamaConfig, ?> head) {
    if (head.equals(languageModel)) {
      boolean tied = NAMES.ties(files, config.tiedHead());
      return new TensorNames<>(config.withTiedHead(tied), NAMES.ofLanguageModel(files, tied));
    }
    return new TensorNames<>(
        config, head.equals(trunk) ? NAMES.ofTrunk(files) : NAMES.ofClassifier(files));
  }
}
