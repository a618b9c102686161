package dev.galen.model.t5;

import dev.galen.model.ClassNames;
import dev.galen.model.ModelConfig;
import dev.galen.model.SpecialIds;
import dev.galen.tensor.backend.Unary;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * The shape of a T5, in Java's names; {@link T5Architecture} has HuggingFace's. Copies with one
 * part changed come from the {@code with} methods.
 *
 * @param vocabularySize V
 * @param contextLength tokens that texts are cut to; the model itself takes any number
 * @param channels C
 * @param encoderLayers blocks of the encoder
 * @param decoderLayers blocks of the decoder
 * @param heads H
 * @param headSize D; H D need not be C
 * @param innerChannels width of the feed-forward layer
 * @param activation of the feed-forward layer
 * @param gated whether the activation gates a second projection, as from version 1.1 on
 * @param buckets into which distances between tokens fall
 * @param maxDistance from which on all distances share a bucket
 * @param dropout everywhere
 * @param layerNormEpsilon added to mean squares
 * @param initializerFactor factor of the deviations of initialised weights
 * @param tiedHead whether the head is the token embedding
 * @param scaledHead whether the head is given hidden states times C^-0.5, as in the first version
 * @param decoderStartId what the decoder is given first
 * @param special ids with a meaning
 * @param classes not used
 */
public record T5Config(
    int vocabularySize,
    int contextLength,
    int channels,
    int encoderLayers,
    int decoderLayers,
    int heads,
    int headSize,
    int innerChannels,
    Unary activation,
    boolean gated,
    int buckets,
    int maxDistance,
    double dropout,
    double layerNormEpsilon,
    double initializerFactor,
    boolean tiedHead,
    boolean scaledHead,
    int decoderStartId,
    SpecialIds special,
    ClassNames classes)
    implements ModelConfig {

  /** Checks what no model can be built from. */
  public T5Config {
    require(vocabularySize > 0, "vocab_size", vocabularySize, "positive");
    require(contextLength > 0, "n_positions", contextLength, "positive");
    require(channels > 0, "d_model", channels, "positive");
    require(encoderLayers > 0, "num_layers", encoderLayers, "positive");
    require(decoderLayers > 0, "num_decoder_layers", decoderLayers, "positive");
    require(heads > 0, "num_heads", heads, "positive");
    require(headSize > 0, "d_kv", headSize, "positive");
    require(innerChannels > 0, "d_ff", innerChannels, "positive");
    require(
        buckets >= 4 && buckets % 2 == 0,
        "relative_attention_num_buckets",
        buckets,
        "even, and 4 or more");
    require(
        maxDistance > buckets / 2,
        "relative_attention_max_distance",
        maxDistance,
        "more than half of relative_attention_num_buckets " + buckets);
    require(dropout >= 0 && dropout < 1, "dropout_rate", dropout, "in [0, 1)");
    require(layerNormEpsilon > 0, "layer_norm_epsilon", layerNormEpsilon, "positive");
    require(
        decoderStartId >= 0 && decoderStartId < vocabularySize,
        "decoder_start_token_id",
        decoderStartId,
        "below vocab_size " + vocabularySize);
  }

  /** The 60M model of the first version. */
  public static T5Config small() {
    return first(512, 6, 8, 2048);
  }

  /** The 220M model of the first version. */
  public static T5Config base() {
    return first(768, 12, 12, 3072);
  }

  private static T5Config first(int channels, int layers, int heads, int inner) {
    return new T5Config(
        32128,
        512,
        channels,
        layers,
        layers,
        heads,
        64,
        inner,
        Unary.RELU,
        false,
        32,
        128,
        0.1,
        1e-6,
        1,
        true,
        true,
        0,
        new SpecialIds(-1, 1, 0),
        ClassNames.of(2));
  }

  /** Any: attention knows distances alone, and all beyond the last bucket are alike. */
  @Override
  public int maxLength() {
    return Integer.MAX_VALUE;
  }

  /** H D. */
  int attentionChannels() {
    return heads * headSize;
  }

  /**
   * Parameters of the model: V C for the tokens, V C more for a head of its own; with a = 4 C H D
   * of an attention and f = 2 C I, or 3 C I if gated, of a feed-forward layer a + f + 2C in each
   * block of the encoder, 2a + f + 3C in each of the decoder, and for both N H of N buckets and C
   * behind the last block. A double, since a nonsensical config overflows every integer.
   */
  @Override
  public double parameterCount() {
    double c = channels;
    double attention = 4 * c * heads * headSize;
    double feedForward = (gated ? 3 : 2) * c * innerChannels;
    double encoder = encoderLayers * (attention + feedForward + 2 * c);
    double decoder = decoderLayers * (2 * attention + feedForward + 3 * c);
    double tokens = vocabularySize * c * (tiedHead ? 1 : 2);
    return tokens + encoder + decoder + 2 * ((double) buckets * heads + c);
  }

  /** What outputs follow from besides the weights, by HuggingFace's names. */
  @Override
  public SequencedMap<String, String> settings() {
    var settings = new LinkedHashMap<String, String>();
    settings.put("num_heads", Integer.toString(heads));
    settings.put("dense_act_fn", activation.name());
    settings.put("layer_norm_epsilon", Double.toString(layerNormEpsilon));
    settings.put("relative_attention_max_distance", Integer.toString(maxDistance));
    settings.put("scale_decoder_outputs", Boolean.toString(scaledHead));
    settings.put("decoder_start_token_id", Integer.toString(decoderStartId));
    settings.put("dropout_rate", Double.toString(dropout));
    return settings;
  }

  @Override
  public String modelType() {
    return T5Architecture.MODEL_TYPE;
  }

  @Override
  public T5Config withVocabulary(int size, SpecialIds ids) {
    boolean other = !ids.equals(special) && ids.padding() >= 0;
    int start = other ? ids.padding() : Math.min(decoderStartId, size - 1);
    return copy(size, dropout, tiedHead, start, ids, classes);
  }

  @Override
  public T5Config withDropout(double p) {
    return copy(vocabularySize, p, tiedHead, decoderStartId, special, classes);
  }

  @Override
  public T5Config withClasses(ClassNames classes) {
    return copy(vocabularySize, dropout, tiedHead, decoderStartId, special, classes);
  }

  /** With a head that is the token embedding, or is not. */
  public T5Config withTiedHead(boolean tied) {
    return copy(vocabularySize, dropout, tied, decoderStartId, special, classes);
  }

  private T5Config copy(
      int vocabulary, double dropout, boolean tied, int start, SpecialIds ids, ClassNames classes) {
    return new T5Config(
        vocabulary,
        contextLength,
        channels,
        encoderLayers,
        decoderLayers,
        heads,
        headSize,
        innerChannels,
        activation,
        gated,
        buckets,
        maxDistance,
        dropout,
        layerNormEpsilon,
        initializerFactor,
        tied,
        scaledHead,
        start,
        ids,
        classes);
  }

  private static void require(boolean holds, String key, Object value, String wanted) {
    if (!holds) {
      throw new IllegalArgumentException("config: " + key + " is " + value + ", must be " + wanted);
    }
  }
}
