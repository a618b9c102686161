package dev.galen.model.mixtral;

import dev.galen.model.ClassNames;
import dev.galen.model.ModelConfig;
import dev.galen.model.SpecialIds;
import dev.galen.model.nn.RotaryConfig;
import dev.galen.tensor.backend.Unary;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * The shape of a Mixtral, in Java's names; {@link MixtralArchitecture} has HuggingFace's.
 *
 * @param vocabularySize V
 * @param positions {@code max_position_embeddings}; see {@link #contextLength}
 * @param channels C
 * @param innerChannels width of each expert
 * @param layers L
 * @param heads H, of queries
 * @param keyHeads heads of keys and values, dividing H
 * @param headSize D, even; H D need not be C
 * @param window how many positions a layer sees, its own counted; 0 for all
 * @param rotary the position embedding
 * @param experts E, of each layer
 * @param chosen k, experts of a token
 * @param routerLoss whether the loss has a part for unevenly used experts
 * @param routerLossFactor what that part is multiplied by
 * @param activation of an expert's gate
 * @param attentionDropout on the attention weights
 * @param normEpsilon added to mean squares
 * @param initializerRange standard deviation of initialised weights
 * @param tiedHead whether the language model's head is the token embedding
 * @param special ids with a meaning
 * @param classes a classifier's classes
 */
public record MixtralConfig(
    int vocabularySize,
    int positions,
    int channels,
    int innerChannels,
    int layers,
    int heads,
    int keyHeads,
    int headSize,
    int window,
    RotaryConfig rotary,
    int experts,
    int chosen,
    boolean routerLoss,
    double routerLossFactor,
    Unary activation,
    double attentionDropout,
    double normEpsilon,
    double initializerRange,
    boolean tiedHead,
    SpecialIds special,
    ClassNames classes)
    implements ModelConfig {

  /** Checks what no model can be built from. */
  public MixtralConfig {
    require(vocabularySize > 0, "vocab_size", vocabularySize, "positive");
    require(positions > 0, "max_position_embeddings", positions, "positive");
    require(channels > 0, "hidden_size", channels, "positive");
    require(innerChannels > 0, "intermediate_size", innerChannels, "positive");
    require(layers > 0, "num_hidden_layers", layers, "positive");
    require(heads > 0, "num_attention_heads", heads, "positive");
    require(
        keyHeads > 0 && heads % keyHeads == 0,
        "num_key_value_heads",
        keyHeads,
        "a divisor of num_attention_heads " + heads);
    require(headSize > 0 && headSize % 2 == 0, "head_dim", headSize, "positive and even");
    require(window >= 0, "sliding_window", window, "positive");
    require(experts > 0, "num_local_experts", experts, "positive");
    require(
        chosen > 0 && chosen <= experts,
        "num_experts_per_tok",
        chosen,
        "1 to num_local_experts " + experts);
    require(
        attentionDropout >= 0 && attentionDropout < 1,
        "attention_dropout",
        attentionDropout,
        "in [0, 1)");
    require(normEpsilon > 0, "rms_norm_eps", normEpsilon, "positive");
  }

  /** {@code max_position_embeddings}, or as many positions as these are stretched to. */
  @Override
  public int contextLength() {
    return rotary.scaling().contextLength(positions);
  }

  /** Any: positions are turned, however many there are. */
  @Override
  public int maxLength() {
    return Integer.MAX_VALUE;
  }

  /**
   * Parameters of the language model: V C for the embedding, as many with a head of its own, C
   * behind the last layer, and 2C, 2 (H + K) D C, E C for the router and 3 C I for each of E
   * experts in each of L layers, with K heads of keys and an inner width of I.
   */
  @Override
  public double parameterCount() {
    double c = channels;
    double attention = 2.0 * ((double) heads + keyHeads) * headSize * c;
    double layer = 2 * c + attention + experts * c + experts * 3 * c * innerChannels;
    return (tiedHead ? 1 : 2) * vocabularySize * c + layers * layer + c;
  }

  /** What outputs follow from besides the weights, by HuggingFace's names. */
  @Override
  public SequencedMap<String, String> settings() {
    var settings = new LinkedHashMap<String, String>();
    settings.put("num_attention_heads", Integer.toString(heads));
    settings.put("num_key_value_heads", Integer.toString(keyHeads));
    settings.put("num_experts_per_tok", Integer.toString(chosen));
    settings.put("output_router_logits", Boolean.toString(routerLoss));
    settings.put("router_aux_loss_coef", Double.toString(routerLossFactor));
    settings.put("hidden_act", activation.name());
    settings.put("rms_norm_eps", Double.toString(normEpsilon));
    settings.put("rope_parameters", rotary.toString());
    settings.put("sliding_window", Integer.toString(window));
    settings.put("attention_pdrop", Double.toString(attentionDropout));
    return settings;
  }

  @Override
  public String modelType() {
    return MixtralArchitecture.MODEL_TYPE;
  }

  /** The only dropout there is: that of the attention weights. */
  @Override
  public double dropout() {
    return attentionDropout;
  }

  @Override
  public MixtralConfig withVocabulary(int size, SpecialIds ids) {
    return copy(size, attentionDropout, tiedHead, ids, classes);
  }

  @Override
  public MixtralConfig withDropout(double p) {
    return copy(vocabularySize, p, tiedHead, special, classes);
  }

  @Override
  public MixtralConfig withClasses(ClassNames classes) {
    return copy(vocabularySize, attentionDropout, tiedHead, special, classes);
  }

  /** With a head that is the token embedding, or is not. */
  public MixtralConfig withTiedHead(boolean tied) {
    return copy(vocabularySize, attentionDropout, tied, special, classes);
  }

  private MixtralConfig copy(
      int vocabulary, double dropout, boolean tied, SpecialIds ids, ClassNames names) {
    return new MixtralConfig(
        vocabulary,
        positions,
        channels,
        innerChannels,
        layers,
        heads,
        keyHeads,
        headSize,
        window,
        rotary,
        experts,
        chosen,
        routerLoss,
        routerLossFactor,
        activation,
        dropout,
        normEpsilon,
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
