package dev.galen.model.opt;

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
 * OPT that classifies a text by the hidden state of its last token: HuggingFace's {@code
 * OPTForSequenceClassification}.
 */
public final class OptClassifier extends SequenceClassifier {
  private final OptConfig config;
  private final Opt model;
  private final Linear score;

  /** A classifier over {@code config.classes()}, whose dropout draws from {@code random}. */
  public OptClassifier(OptConfig config, Weights weights, Philox random) {
    this.config = config;
    model = child("model", new Opt(config, weights.in("model"), random));
    score =
        child(
            "score",
            new Linear(
                config.embeddingChannels(),
                config.classes().count(),
                false,
                Initializer.normal(config.initializerRange()),
                weights.in("score")));
  }

  @Override
  public Tensor logits(Inputs inputs) {
    Tensor last_B = inputs.requireLastTokens();
    Tensor x_BTE = model.forward(inputs);
    Tensor rows = x_BTE.reshape(inputs.batch() * inputs.time(), config.embeddingChannels());
    return score.forward(EmbeddingOp.apply(rows, last_B));
  }

  @Override
  public ClassNames classes() {
    return config.classes();
  }

  /** What is below the head. */
  public Opt trunk() {
    return model;
  }

  /** The model's shape. */
  public OptConfig config() {
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
