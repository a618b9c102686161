package dev.galen.model.bert;

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
 * BERT of any size as HuggingFace's directories hold it. Sizes that a config leaves out are those
 * of the base model, as with transformers.
 */
public final class BertArchitecture implements Architecture<BertConfig> {
  static final String MODEL_TYPE = "bert";

  private static final BertConfig STANDARD = BertConfig.baseUncased();

  /**
   * The only way that transformers 5 tells positions, and that of every BERT that was published.
   */
  private static final String ABSOLUTE = "absolute";

  static final Head<BertConfig, BertMaskedLm> MASKED_LM =
      new Head<>(
          BertMaskedLm.class,
          "BertForMaskedLM",
          List.of(
              "cls.predictions.bias",
              "cls.predictions.transform.dense.weight",
              "cls.predictions.transform.dense.bias",
              "cls.predictions.transform.LayerNorm.weight",
              "cls.predictions.transform.LayerNorm.bias"),
          BertMaskedLm::new,
          BertMaskedLm::config);
  static final Head<BertConfig, BertClassifier> CLASSIFIER =
      new Head<>(
          BertClassifier.class,
          "BertForSequenceClassification",
          List.of(
              "classifier.weight",
              "classifier.bias",
              "bert.pooler.dense.weight",
              "bert.pooler.dense.bias"),
          BertClassifier::new,
          BertClassifier::config);
  static final Head<BertConfig, BertTagger> TAGGER =
      new Head<>(
          BertTagger.class,
          "BertForTokenClassification",
          List.of("classifier.weight", "classifier.bias"),
          BertTagger::new,
          BertTagger::config);
  static final Head<BertConfig, Bert> ENCODER =
      new Head<>(Bert.class, "BertModel", List.of(), Bert::new, Bert::config);

  @Override
  public String modelType() {
    return MODEL_TYPE;
  }

  @Override
  public Class<BertConfig> configType() {
    return BertConfig.class;
  }

  @Override
  public Map<String, String> otherNames() {
    return Map.of();
  }

  @Override
  public BertConfig read(ConfigJson json) {
    JsonFields fields = json.fields();
    if (fields.flag("is_decoder", false) || fields.flag("add_cross_attention", false)) {
      throw new IllegalArgumentException("is_decoder and add_cross_attention are not supported");
    }
    String positions = fields.text("position_embedding_type", ABSOLUTE);
    if (!positions.equals(ABSOLUTE)) {
      throw new IllegalArgumentException(
          "position_embedding_type is " + positions + ", must be " + ABSOLUTE);
    }
    json.refuse("quantization_config", "per_layer_config");
    return new BertConfig(
        json.size("vocab_size", STANDARD.vocabularySize()),
        json.size("max_position_embeddings", STANDARD.contextLength()),
        fields.integer("type_vocab_size", STANDARD.tokenTypes()),
        json.size("hidden_size", STANDARD.channels()),
        json.size("num_hidden_layers", STANDARD.layers()),
        json.size("num_attention_heads", STANDARD.heads()),
        json.size("intermediate_size", STANDARD.innerChannels()),
        json.activation("hidden_act", "gelu"),
        fields.number("hidden_dropout_prob", 0.1),
        fields.number("attention_probs_dropout_prob", 0.1),
        fields.has("classifier_dropout")
            ? (Double) fields.number("classifier_dropout").getAsDouble()
            : null,
        fields.number("layer_norm_eps", 1e-12),
        fields.number("initializer_range", 0.02),
        fields.flag("tie_word_embeddings", true),
        true,
        json.special().padding() < 0 && !fields.json().has("pad_token_id")
            ? STANDARD.special()
            : json.special(),
        json.classes());
  }

  @Override
  public SequencedMap<String, Object> write(BertConfig config) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("attention_probs_dropout_prob", config.attentionDropout());
    fields.putAll(config.special().fields());
    fields.put("classifier_dropout", config.classifierDropout());
    fields.put("hidden_act", ConfigJson.nameOf(config.activation()));
    fields.put("hidden_dropout_prob", config.dropout());
    fields.put("hidden_size", config.channels());
    fields.put("initializer_range", config.initializerRange());
    fields.put("intermediate_size", config.innerChannels());
    fields.put("layer_norm_eps", config.layerNormEpsilon());
    fields.put("max_position_embeddings", config.contextLength());
    fields.put("num_attention_heads", config.heads());
    fields.put("num_hidden_layers", config.layers());
    fields.put("tie_word_embeddings", config.tiedHead());
    fields.put("type_vocab_size", config.tokenTypes());
    fields.put("vocab_size", config.vocabularySize());
    return fields;
  }

  @Override
  public List<Head<BertConfig, ?>> heads() {
    return List.of(MASKED_LM, CLASSIFIER, TAGGER, ENCODER);
  }

  @Override
  public TensorNames<BertConfig> names(
      TensorFiles files, BertConfig config, Head<BertConfig, ?> head) {
    return new BertTensorNames(files, config).of(head);
  }

  @Override
  public SequencedMap<String, BertConfig> presets() {
    var presets = new LinkedHashMap<String, BertConfig>();
    presets.put("bert-base-cased", BertConfig.baseCased());
    presets.put("bert-base-uncased", STANDARD);
    return presets;
  }
}
