package dev.galen.model.bert;

import dev.galen.model.ClassNames;
import dev.galen.model.ModelConfig;
import dev.galen.model.SpecialIds;
import dev.galen.tensor.backend.Unary;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * The shape of a BERT, in Java's names; {@link BertArchitecture} has HuggingFace's. Copies with one
 * part changed come from the {@code with} methods.
 *
 * @param vocabularySize V
 * @param contextLength the largest T
 * @param tokenTypes the number of segments a text may have
 * @param channels C
 * @param layers L
 * @param heads H, dividing C
 * @param innerChannels width of the feed-forward layer, usually 4C
 * @param activation of the feed-forward layer
 * @param dropout after the embeddings and after each projection
 * @param attentionDropout on the attention weights
 * @param classifierDropout before a classifier; null for {@code dropout}
 * @param layerNormEpsilon added to variances
 * @param initializerRange standard deviation of initialised weights
 * @param tiedHead whether the masked language model's head is the token embedding
 * @param pooler whether the encoder has a projection of its first token; a classifier has, a masked
 *     language model and a tagger have not
 * @param special ids with a meaning
 * @param classes a classifier's classes
 */
public record BertConfig(
    int vocabularySize,
    int contextLength,
    int tokenTypes,
    int channels,
    int layers,
    int heads,
    int innerChannels,
    Unary activation,
    double dropout,
    double attentionDropout,
    Double classifierDropout,
    double layerNormEpsilon,
    double initializerRange,
    boolean tiedHead,
    boolean pooler,
    SpecialIds special,
    ClassNames classes)
    implements ModelConfig {

  /** Checks what no model can be built from. */
  public BertConfig {
    require(vocabularySize > 0, "vocab_size", vocabularySize, "positive");
    require(contextLength > 0, "max_position_embeddings", contextLength, "positive");
    require(tokenTypes > 0, "type_vocab_size", tokenTypes, "positive");
    require(layers > 0, "num_hidden_layers", layers, "positive");
    require(innerChannels > 0, "intermediate_size", innerChannels, "positive");
    require(heads > 0, "num_attention_heads", heads, "positive");
    require(
        channels > 0 && channels % heads == 0,
        "hidden_size",
        channels,
        "a positive multiple of num_attention_heads " + heads);
    require(isProbability(dropout), "hidden_dropout_prob", dropout, "in [0, 1)");
    require(
        isProbability(attentionDropout),
        "attention_probs_dropout_prob",
        attentionDropout,
        "in [0, 1)");
    require(
        classifierDropout == null || isProbability(classifierDropout),
        "classifier_dropout",
        classifierDropout,
        "in [0, 1)");
    require(layerNormEpsilon > 0, "layer_norm_eps", layerNormEpsilon, "positive");
  }

  /** The base model, 110M, with the vocabulary of texts that keep their capitals. */
  public static BertConfig baseCased() {
    return base(28996);
  }

  /** The base model with the vocabulary of lower-case texts. */
  public static BertConfig baseUncased() {
    return base(30522);
  }

  private static BertConfig base(int vocabulary) {
    return new BertConfig(
        vocabulary,
        512,
        2,
        768,
        12,
        12,
        3072,
        Unary.GELU_ERF,
        0.1,
        0.1,
        null,
        1e-12,
        0.02,
        true,
        true,
        new SpecialIds(-1, -1, 0),
        ClassNames.of(2));
  }

  /** D. */
  public int headSize() {
    return channels / heads;
  }

  /** The probability of dropout before a classifier. */
  double headDropout() {
    return classifierDropout == null ? dropout : classifierDropout;
  }

  /**
   * Parameters of the encoder: (V + P + S) C + 2C for the embeddings of V tokens, P positions and S
   * segments, 4C^2 + 2CI + 9C + I in each of L blocks with an inner width of I, and C^2 + C for a
   * pooler. A double, since a nonsensical config overflows every integer.
   */
  @Override
  public double parameterCount() {
    double c = channels;
    double inner = innerChannels;
    double embeddings = ((double) vocabularySize + contextLength + tokenTypes) * c + 2 * c;
    double block = 4 * c * c + 2 * c * inner + 9 * c + inner;
    return embeddings + layers * block + (pooler ? c * c + c : 0);
  }

  /** What outputs follow from besides the weights, by HuggingFace's names. */
  @Override
  public SequencedMap<String, String> settings() {
    var settings = new LinkedHashMap<String, String>();
    settings.put("num_attention_heads", Integer.toString(heads));
    settings.put("hidden_act", activation.name());
    settings.put("layer_norm_eps", Double.toString(layerNormEpsilon));
    settings.put("hidden_dropout_prob", Double.toString(dropout));
    settings.put("attention_probs_dropout_prob", Double.toString(attentionDropout));
    return settings;
  }

  /** The same of what classifies: other data may bring as many classes, with other names. */
  SequencedMap<String, String> classifierSettings() {
    SequencedMap<String, String> settings = settings();
    settings.put("classifier_dropout", Double.toString(headDropout()));
    settings.put("id2label", String.join(", ", classes.names()));
    return settings;
  }

  @Override
  public String modelType() {
    return BertArchitecture.MODEL_TYPE;
  }

  @Override
  public BertConfig withVocabulary(int size, SpecialIds ids) {
    return new BertConfig(
        size,
        contextLength,
        tokenTypes,
        channels,
        layers,
        heads,
        innerChannels,
        activation,
        dropout,
        attentionDropout,
        classifierDropout,
        layerNormEpsilon,
        initializerRange,
        tiedHead,
        pooler,
        ids,
        classes);
  }

  @Override
  public BertConfig withDropout(double p) {
    return new BertConfig(
        vocabularySize,
        contextLength,
        tokenTypes,
        channels,
        layers,
        heads,
        innerChannels,
        activation,
        p,
        p,
        classifierDropout == null ? null : (Double) p,
        layerNormEpsilon,
        initializerRange,
        tiedHead,
        pooler,
        special,
        classes);
  }

  @Override
  public BertConfig withClasses(ClassNames classes) {
    return copy(tiedHead, pooler, classes);
  }

  /** With a head that is the token embedding, or is not. */
  public BertConfig withTiedHead(boolean tied) {
    return copy(tied, pooler, classes);
  }

  /** With a pooler, or without. */
  public BertConfig withPooler(boolean pooler) {
    return copy(tiedHead, pooler, classes);
  }

  private BertConfig copy(boolean tied, boolean pooler, ClassNames classes) {
    return new BertConfig(
        vocabularySize,
        contextLength,
        tokenTypes,
        channels,
        layers,
        heads,
        innerChannels,
        activation,
        dropout,
        attentionDropout,
        classifierDropout,
        layerNormEpsilon,
        initializerRange,
        tied,
        pooler,
        special,
        classes);
  }

  private static boolean isProbability(double p) {
    return p >= 0 && p < 1;
  }

  private static void require(boolean holds, String key, Object value, String wanted) {
    if (!holds) {
      throw new IllegalArgumentException("config: " + key + " is " + value + ", must be " + wanted);
    }
  }
}
