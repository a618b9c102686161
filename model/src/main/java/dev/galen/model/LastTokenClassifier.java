package dev.galen.model;

import dev.galen.model.nn.Initializer;
import dev.galen.model.nn.Linear;
import dev.galen.model.nn.Weights;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.ops.EmbeddingOp;
import dev.galen.tensor.random.Philox;
import java.util.SequencedMap;

/**
 * A causal trunk that classifies a text by the hidden state of its last token, which has seen all
 * others: {@code score}, a linear layer without a bias. HuggingFace's {@code
 * ...ForSequenceClassification} of language models.
 *
 * @param <C> its shape
 * @param <T> its trunk
 */
public abstract class LastTokenClassifier<C extends ModelConfig, T extends Trunk<C>>
    extends SequenceClassifier {
  private final T trunk;
  private final Linear score;

  /**
   * Puts a head over {@code trunk.config().classes()} on a trunk.
   *
   * @param name the trunk's, in the parameters' paths
   * @param initializer of the head
   */
  protected LastTokenClassifier(String name, T trunk, Initializer initializer, Weights weights) {
    this.trunk = child(name, trunk);
    int channels = trunk.tokenEmbedding().in();
    score =
        child(
            "score",
            new Linear(channels, classes().count(), false, initializer, weights.in("score")));
  }

  /** What is below the head. */
  public final T trunk() {
    return trunk;
  }

  /** The model's shape. */
  public final C config() {
    return trunk.config();
  }

  @Override
  public final Tensor logits(Inputs inputs) {
    Tensor last_B = inputs.requireLastTokens();
    Tensor x_BTC = trunk.forward(inputs);
    Tensor rows = x_BTC.reshape(inputs.batch() * inputs.time(), x_BTC.dim(2));
    return score.forward(EmbeddingOp.apply(rows, last_B));
  }

  @Override
  public final ClassNames classes() {
    return config().classes();
  }

  @Override
  public final boolean isCapturable() {
    return trunk.isCapturable();
  }

  @Override
  public final int contextLength() {
    return trunk.contextLength();
  }

  @Override
  public final int maxLength() {
    return trunk.maxLength();
  }

  @Override
  public final int vocabularySize() {
    return trunk.vocabularySize();
  }

  @Override
  public final Philox random() {
    return trunk.random();
  }

  /** The classes too: other data may bring as many, with other names. */
  @Override
  public final SequencedMap<String, String> settings() {
    SequencedMap<String, String> settings = trunk.settings();
    settings.put("id2label", String.join(", ", classes().names()));
    return settings;
  }

  @Override
  public final void setRecompute(boolean recompute) {
    trunk.setRecompute(recompute);
  }
}
