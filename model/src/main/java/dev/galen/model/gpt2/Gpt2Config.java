package dev.galen.model.gpt2;

import dev.galen.model.ClassNames;
import dev.galen.model.ModelConfig;
import dev.galen.model.SpecialIds;
import dev.galen.tensor.backend.Unary;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * The shape of a GPT-2, in Java's names; {@link Gpt2Architecture} has HuggingFace's. Copies with
 * one part changed come from the {@code with} methods.
 *
 * @param vocabularySize V
 * @param contextLength the largest T
 * @param channels C
 * @param layers L
 * @param heads H, dividing C
 * @param innerChannels width of the feed-forward layer, usually 4C
 * @param activation of the feed-forward layer
 * @param residualDropout after each projection into the residual stream
 * @param embeddingDropout after the embeddings
 * @param attentionDropout on the attention weights
 * @param layerNormEpsilon added to variances
 * @param initializerRange standard deviation of initialised weights
 * @param scaleAttention whether q k^T is divided by sqrt(D)
 * @param scaleAttentionByLayer whether q k^T of layer i is divided by i + 1 as well
 * @param tiedHead whether the language model's head is the token embedding
 * @param special ids with a meaning
 * @param classes a classifier's classes
 */
public record Gpt2Config(
    int vocabularySize,
    int contextLength,
    int channels,
    int layers,
    int heads,
    int innerChannels,
    Unary activation,
    double residualDropout,
    double embeddingDropout,
    double attentionDropout,
    double layerNormEpsilon,
    double initializerRange,
    boolean scaleAttention,
    boolean scaleAttentionByLayer,
    boolean tiedHead,
    SpecialIds special,
    ClassNames classes)
    implements ModelConfig {

  /** Checks what no model can be built from. */
  public Gpt2Config {
    require(vocabularySize > 0, "vocab_size", vocabularySize, "positive");
    require(contextLength > 0, "n_positions", contextLength, "positive");
    require(layers > 0, "n_layer", layers, "positive");
    require(innerChannels > 0, "n_inner", innerChannels, "positive");
    require(heads > 0, "n_head", heads, "positive");
    require(
        channels > 0 && channels % heads == 0,
        "n_embd",
        channels,
        "a positive multiple of n_head " + heads);
    require(isProbability(residualDropout), "resid_pdrop", residualDropout, "in [0, 1)");
    require(isProbability(embeddingDropout), "embd_pdrop", embeddingDropout, "in [0, 1)");
    require(isProbability(attentionDropout), "attn_pdrop", attentionDropout, "in [0, 1)");
    require(layerNormEpsilon > 0, "layer_norm_epsilon", layerNormEpsilon, "positive");
  }

  /** The 124M model, as OpenAI released it. */
  public static Gpt2Config gpt2() {
    return sized(768, 12, 12);
  }

  /** The 355M model. */
  public static Gpt2Config gpt2Medium() {
    return sized(1024, 24, 16);
  }

  /** The 774M model. */
  public static Gpt2Config gpt2Large() {
    return sized(1280, 36, 20);
  }

  /** The 1.5B model. */
  public static Gpt2Config gpt2Xl() {
    return sized(1600, 48, 25);
  }

  /** A model small enough to train on a laptop in minutes: 4 layers of 128 channels. */
  public static Gpt2Config tiny(int vocabularySize) {
    return sized(128, 4, 4).withVocabulary(vocabularySize, SpecialIds.NONE).withContext(256);
  }

  private static Gpt2Config sized(int channels, int layers, int heads) {
    return new Gpt2Config(
        50257,
        1024,
        channels,
        layers,
        heads,
        4 * channels,
        Unary.GELU_TANH,
        0.1,
        0.1,
        0.1,
        1e-5,
        0.02,
        true,
        false,
        true,
        new SpecialIds(50256, 50256, -1),
        ClassNames.of(2));
  }

  /** Each is an id of the vocabulary, whose vector is added: as many as there are. */
  @Override
  public int tokenTypes() {
    return vocabularySize;
  }

  /** D. */
  public int headSize() {
    return channels / heads;
  }

  /**
   * Parameters of the language model: (V + P) C for the embeddings of V tokens and P positions,
   * 4C^2 + 2CI + 9C + I in each of L blocks with an inner width of I, 2C behind them, and V C more
   * with a head of its own. A double, since a nonsensical config overflows every integer.
   */
  @Override
  public double parameterCount() {
    double c = channels;
    double inner = innerChannels;
    double block = 4 * c * c + 2 * c * inner + 9 * c + inner;
    double embeddings = ((double) vocabularySize + contextLength) * c;
    return embeddings + layers * block + 2 * c + (tiedHead ? 0 : vocabularySize * c);
  }

  /** What outputs follow from besides the weights, by HuggingFace's names. */
  @Override
  public SequencedMap<String, String> settings() {
    var settings = new LinkedHashMap<String, String>();
    settings.put("n_head", Integer.toString(heads()));
    settings.put("activation_function", activation().name());
    settings.put("layer_norm_epsilon", Double.toString(layerNormEpsilon()));
    settings.put("scale_attn_weights", Boolean.toString(scaleAttention()));
    settings.put("scale_attn_by_inverse_layer_idx", Boolean.toString(scaleAttentionByLayer()));
    settings.put("resid_pdrop", Double.toString(residualDropout()));
    settings.put("embd_pdrop", Double.toString(embeddingDropout()));
    settings.put("attn_pdrop", Double.toString(attentionDropout()));
    return settings;
  }

  @Override
  public String modelType() {
    return Gpt2Architecture.MODEL_TYPE;
  }

  @Override
  public double dropout() {
    return residualDropout;
  }

  /** With another vocabulary. */
  @Override
  public Gpt2Config withVocabulary(int size, SpecialIds ids) {
    return copy(
        size, contextLength, residualDropout, embeddingDropout, attentionDropout, ids, classes);
  }

  /** With another context length. */
  public Gpt2Config withContext(int length) {
    return copy(
        vocabularySize,
        length,
        residualDropout,
        embeddingDropout,
        attentionDropout,
        special,
        classes);
  }

  /** With one probability for all three dropouts. */
  @Override
  public Gpt2Config withDropout(double p) {
    return copy(vocabularySize, contextLength, p, p, p, special, classes);
  }

  /** With a head that is the token embedding, or is not. */
  public Gpt2Config withTiedHead(boolean tied) {
    return new Gpt2Config(
        vocabularySize,
        contextLength,
        channels,
        layers,
        heads,
        innerChannels,
        activation,
        residualDropout,
        embeddingDropout,
        attentionDropout,
        layerNormEpsilon,
        initializerRange,
        scaleAttention,
        scaleAttentionByLayer,
        tied,
        special,
        classes);
  }

  /** With other classes. */
  @Override
  public Gpt2Config withClasses(ClassNames classes) {
    return copy(
        vocabularySize,
        contextLength,
        residualDropout,
        embeddingDropout,
        attentionDropout,
        special,
        classes);
  }

  private Gpt2Config copy(
      int vocabulary,
      int context,
      double residual,
      double embedding,
      double attention,
      SpecialIds ids,
      ClassNames classes) {
    return new Gpt2Config(
        vocabulary,
        context,
        channels,
        layers,
        heads,
        innerChannels,
        activation,
        residual,
        embedding,
        attention,
        layerNormEpsilon,
        initializerRange,
        scaleAttention,
        scaleAttentionByLayer,
        tiedHead,
        ids,
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
