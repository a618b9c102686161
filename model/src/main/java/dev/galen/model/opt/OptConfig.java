package dev.galen.model.opt;

import dev.galen.model.ClassNames;
import dev.galen.model.ModelConfig;
import dev.galen.model.SpecialIds;
import dev.galen.tensor.backend.Unary;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * The shape of an OPT, in Java's names; {@link OptArchitecture} has HuggingFace's.
 *
 * @param vocabularySize V
 * @param contextLength the largest T
 * @param channels C
 * @param embeddingChannels of the token embedding, C unless it is projected
 * @param innerChannels width of the feed-forward layer
 * @param layers L
 * @param heads H, dividing C
 * @param activation of the feed-forward layer
 * @param normBefore whether each part is normalised before it, or the sum behind it (350m)
 * @param finalNorm whether there is a normalisation behind the last layer; none without normBefore
 * @param bias whether projections have a bias
 * @param dropout after each part
 * @param attentionDropout on the attention weights
 * @param initializerRange standard deviation of initialised weights
 * @param tiedHead whether the language model's head is the token embedding
 * @param special ids with a meaning
 * @param classes a classifier's classes
 */
public record OptConfig(
    int vocabularySize,
    int contextLength,
    int channels,
    int embeddingChannels,
    int innerChannels,
    int layers,
    int heads,
    Unary activation,
    boolean normBefore,
    boolean finalNorm,
    boolean bias,
    double dropout,
    double attentionDropout,
    double initializerRange,
    boolean tiedHead,
    SpecialIds special,
    ClassNames classes)
    implements ModelConfig {

  /** Checks what no model can be built from. */
  public OptConfig {
    require(vocabularySize > 0, "vocab_size", vocabularySize, "positive");
    require(contextLength > 0, "max_position_embeddings", contextLength, "positive");
    require(embeddingChannels > 0, "word_embed_proj_dim", embeddingChannels, "positive");
    require(innerChannels > 0, "ffn_dim", innerChannels, "positive");
    require(layers > 0, "num_hidden_layers", layers, "positive");
    require(heads > 0, "num_attention_heads", heads, "positive");
    require(
        channels > 0 && channels % heads == 0,
        "hidden_size",
        channels,
        "a positive multiple of num_attention_heads " + heads);
    require(dropout >= 0 && dropout < 1, "dropout", dropout, "in [0, 1)");
    require(
        attentionDropout >= 0 && attentionDropout < 1,
        "attention_dropout",
        attentionDropout,
        "in [0, 1)");
  }

  /** D. */
  public int headSize() {
    return channels / heads;
  }

  /** Whether the token embedding is projected to C channels and back. */
  public boolean projects() {
    return embeddingChannels != channels;
  }

  /**
   * Parameters of the language model: V E for the embedding of E channels, as many with a head of
   * its own, (P + 2) C for P positions, 2 E C for its projections, 2C behind the last layer, and 4
   * C^2 + 2 C I + 4C and biases of 5C + I in each of L layers with an inner width of I.
   */
  @Override
  public double parameterCount() {
    double c = channels;
    double inner = innerChannels;
    double embedding = (double) vocabularySize * embeddingChannels * (tiedHead ? 1 : 2);
    double layer = 4 * c * c + 2 * c * inner + 4 * c + (bias ? 5 * c + inner : 0);
    return embedding
        + (contextLength + 2.0) * c
        + (projects() ? 2 * c * embeddingChannels : 0)
        + (finalNorm ? 2 * c : 0)
        + layers * layer;
  }

  /** What outputs follow from besides the weights, by HuggingFace's names. */
  @Override
  public SequencedMap<String, String> settings() {
    var settings = new LinkedHashMap<String, String>();
    settings.put("num_attention_heads", Integer.toString(heads));
    settings.put("activation_function", activation.name());
    settings.put("do_layer_norm_before", Boolean.toString(normBefore));
    settings.put("resid_pdrop", Double.toString(dropout));
    settings.put("attention_pdrop", Double.toString(attentionDropout));
    return settings;
  }

  @Override
  public String modelType() {
    return OptArchitecture.MODEL_TYPE;
  }

  @Override
  public OptConfig withVocabulary(int size, SpecialIds ids) {
    return copy(size, dropout, attentionDropout, tiedHead, ids, classes);
  }

  @Override
  public OptConfig withDropout(double p) {
    return copy(vocabularySize, p, p, tiedHead, special, classes);
  }

  @Override
  public OptConfig withClasses(ClassNames classes) {
    return copy(vocabularySize, dropout, attentionDropout, tiedHead, special, classes);
  }

  /** With a head that is the token embedding, or is not. */
  public OptConfig withTiedHead(boolean tied) {
    return copy(vocabularySize, dropout, attentionDropout, tied, special, classes);
  }

  private OptConfig copy(
      int vocabulary,
      double drop,
      double attention,
      boolean tied,
      SpecialIds ids,
      ClassNames names) {
    return new OptConfig(
        vocabulary,
        contextLength,
        channels,
        embeddingChannels,
        innerChannels,
        layers,
        heads,
        activation,
        normBefore,
        finalNorm,
        bias,
        drop,
        attention,
        initializerRange,
        tied,
        ids,
        names);
  }

  private static void require(boolean holds, String key, Object value, String wanted) {
    if (!holds) {
      throw new IllegalArgumentException("config: " + key + " is " + value + ", must be " + wanted);
    }
  }
}
