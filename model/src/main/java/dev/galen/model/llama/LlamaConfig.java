package dev.galen.model.llama;

import dev.galen.model.ClassNames;
import dev.galen.model.ModelConfig;
import dev.galen.model.SpecialIds;
import dev.galen.model.nn.RotaryConfig;
import dev.galen.tensor.backend.Unary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * The shape of a LLaMA or one of its relatives, in Java's names; {@link LlamaArchitecture}, {@link
 * MistralArchitecture} and {@link Qwen2Architecture} have HuggingFace's.
 *
 * @param family which relative it is
 * @param vocabularySize V
 * @param positions {@code max_position_embeddings}; see {@link #contextLength}
 * @param channels C
 * @param innerChannels width of the feed-forward layer
 * @param layers L
 * @param heads H, of queries
 * @param keyHeads heads of keys and values, dividing H
 * @param headSize D, even; H D need not be C
 * @param windows how many positions each layer sees, its own counted; 0 for all
 * @param rotary the position embedding
 * @param biases which projections have one
 * @param activation of the feed-forward layer's gate
 * @param attentionDropout on the attention weights
 * @param normEpsilon added to mean squares
 * @param initializerRange standard deviation of initialised weights
 * @param tiedHead whether the language model's head is the token embedding
 * @param special ids with a meaning
 * @param classes a classifier's classes
 */
public record LlamaConfig(
    LlamaFamily family,
    int vocabularySize,
    int positions,
    int channels,
    int innerChannels,
    int layers,
    int heads,
    int keyHeads,
    int headSize,
    List<Integer> windows,
    RotaryConfig rotary,
    Biases biases,
    Unary activation,
    double attentionDropout,
    double normEpsilon,
    double initializerRange,
    boolean tiedHead,
    SpecialIds special,
    ClassNames classes)
    implements ModelConfig {

  /**
   * Which projections add a bias.
   *
   * @param attentionInput those of queries, keys and values
   * @param attentionOutput the one behind the attention
   * @param feedForward those of the feed-forward part
   */
  public record Biases(boolean attentionInput, boolean attentionOutput, boolean feedForward) {
    /** LLaMA's: none. */
    public static final Biases NONE = new Biases(false, false, false);

    /** Qwen2's. */
    public static final Biases QWEN2 = new Biases(true, false, false);
  }

  /** Checks what no model can be built from. */
  public LlamaConfig {
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
    windows = List.copyOf(windows);
    require(windows.size() == layers, "layer_types", windows, "one for each of " + layers);
    windows.forEach(window -> require(window >= 0, "sliding_window", window, "positive"));
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

  /** The largest window of a layer; 0 if none has one. */
  int window() {
    return windows.stream().mapToInt(Integer::intValue).max().orElse(0);
  }

  /**
   * Parameters of the language model: V C for the embedding, as many with a head of its own, C
   * behind the last layer, and 2C, (H + 2K) D C + H D C and 3 C I and their biases in each of L
   * layers, with K heads of keys and an inner width of I.
   */
  @Override
  public double parameterCount() {
    double c = channels;
    double inner = innerChannels;
    double queries = (double) heads * headSize;
    double inputs = queries + 2.0 * keyHeads * headSize;
    double layer = 2 * c + (inputs + queries) * c + 3 * c * inner;
    layer += biases.attentionInput() ? inputs : 0;
    layer += biases.attentionOutput() ? c : 0;
    layer += biases.feedForward() ? 2 * inner + c : 0;
    return (tiedHead ? 1 : 2) * vocabularySize * c + layers * layer + c;
  }

  /** What outputs follow from besides the weights, by HuggingFace's names. */
  @Override
  public SequencedMap<String, String> settings() {
    var settings = new LinkedHashMap<String, String>();
    settings.put("num_attention_heads", Integer.toString(heads));
    settings.put("num_key_value_heads", Integer.toString(keyHeads));
    settings.put("hidden_act", activation.name());
    settings.put("rms_norm_eps", Double.toString(normEpsilon));
    settings.put("rope_parameters", rotary.toString());
    settings.put("sliding_window", windows.toString());
    settings.put("attention_pdrop", Double.toString(attentionDropout));
    return settings;
  }

  @Override
  public String modelType() {
    return family.modelType();
  }

  /** The only dropout there is: that of the attention weights. */
  @Override
  public double dropout() {
    return attentionDropout;
  }

  @Override
  public LlamaConfig withVocabulary(int size, SpecialIds ids) {
    return copy(size, attentionDropout, tiedHead, ids, classes);
  }

  @Override
  public LlamaConfig withDropout(double p) {
    return copy(vocabularySize, p, tiedHead, special, classes);
  }

  @Override
  public LlamaConfig withClasses(ClassNames classes) {
    return copy(vocabularySize, attentionDropout, tiedHead, special, classes);
  }

  /** With a head that is the token embedding, or is not. */
  public LlamaConfig withTiedHead(boolean tied) {
    return copy(vocabularySize, attentionDropout, tied, special, classes);
  }

  private LlamaConfig copy(
      int vocabulary, double dropout, boolean tied, SpecialIds ids, ClassNames names) {
    return new LlamaConfig(
        family,
        vocabulary,
        positions,
        channels,
        innerChannels,
        layers,
        heads,
        keyHeads,
        headSize,
        windows,
        rotary,
        biases,
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
