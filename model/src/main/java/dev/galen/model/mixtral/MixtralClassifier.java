package dev.galen.model.mixtral;

import dev.galen.model.ClassNames;
import dev.galen.model.Inputs;
import dev.galen.model.SequenceClassifier;
import dev.galen.model.nn.Initializer;
import dev.galen.model.nn.Linear;
import dev.galen.model.nn.Weights;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.ops.EmbeddingOp;
import dev.galen.tensor.random.Philox;
import java.util.SequencedMap;

/**
 * Mixtral that classifies a text by the hidden state of its last token: HuggingFace's {@code
 * MixtralForSequenceClassification}.
 */
public final class MixtralClassifier extends SequenceClassifier {
  private final MixtralConfig config;
  private final Mixtral model;
  private final Linear score;

  /** A classifier over {@code config.classes()}, whose dropout draws from {@code random}. */
  public MixtralClassifier(MixtralConfig config, Weights weights, Philox random) {
    this.config = config;
    model = child("model", new Mixtral(config, weights.in("model"), random));
    score =
        child(
            "score",
            new Linear(
                config.channels(),
                config.classes().count(),
                false,
                Initializer.normal(config.initializerRange()),
                weights.in("score")));
  }

  @Override
  public Tensor logits(Inputs inputs) {
    Tensor last_B = inputs.requireLastTokens();
    Tensor x_BTC = model.forward(inputs).hidden();
    Tensor rows = x_BTC.reshape(inputs.batch() * inputs.time(), config.channels());
    return score.forward(EmbeddingOp.apply(rows, last_B));
  }

  @Override
  public ClassNames classes() {
    return config.classes();
  }

  /** The host reads which experts have tokens. */
  @Override
  public boolean isCapturable() {
    return false;
  }

  /** What is below the head. */
  public Mixtral trunk() {
    return model;
  }

  /** The model's shape. */
  public MixtralConfig config() {
    return config;
  }

  @Override
  public int contextLength() {
    return config.contextLength();
  }

  @Override
  public int vocabularySize() {
    return config.vocabularySize();
  }

  @Override
  public Philox random() {
    return model.random();
  }

  /** The classes too: other data may bring as many, with other names. */
  @Override
  public SequencedMap<String, String> settings() {
    SequencedMap<String, String> settings = config.settings();
    settings.put("id2label", String.join(", ", config.classes().names()));
    return settings;
  }

  @Override
  public void setRecompute(boolean recompute) {
    model.setRecompute(recompute);
  }
}
