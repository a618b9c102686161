package dev.galen.model.gpt2;

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
 * GPT-2 that classifies a text by the hidden state of its last token: HuggingFace's {@code
 * GPT2ForSequenceClassification}.
 */
public final class Gpt2Classifier extends SequenceClassifier {
  private final Gpt2Config config;
  private final Gpt2 transformer;
  private final Linear score;

  /** A classifier over {@code config.classes()}, whose dropout draws from {@code random}. */
  public Gpt2Classifier(Gpt2Config config, Weights weights, Philox random) {
    this.config = config;
    transformer = child("transformer", new Gpt2(config, weights.in("transformer"), random));
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
    Tensor x_BTC = transformer.forward(inputs);
    Tensor rows = x_BTC.reshape(inputs.batch() * inputs.time(), config.channels());
    return score.forward(EmbeddingOp.apply(rows, last_B));
  }

  @Override
  public ClassNames classes() {
    return config.classes();
  }

  /** What is below the head. */
  public Gpt2 transformer() {
    return transformer;
  }

  /** The model's shape. */
  public Gpt2Config config() {
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
    return transformer.random();
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
    transformer.setRecompute(recompute);
  }
}
