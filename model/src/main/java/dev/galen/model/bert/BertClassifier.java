package dev.galen.model.bert;

import dev.galen.model.ClassNames;
import dev.galen.model.Inputs;
import dev.galen.model.SequenceClassifier;
import dev.galen.model.nn.Dropout;
import dev.galen.model.nn.Linear;
import dev.galen.model.nn.Weights;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.random.Philox;
import java.util.SequencedMap;

/**
 * BERT that classifies a text by its pooled first token: HuggingFace's {@code
 * BertForSequenceClassification}.
 */
public final class BertClassifier extends SequenceClassifier {
  private final BertConfig config;
  private final Bert bert;
  private final Dropout dropout;
  private final Linear classifier;

  /** A classifier over {@code config.classes()}, whose dropout draws from {@code random}. */
  public BertClassifier(BertConfig config, Weights weights, Philox random) {
    this.config = config.withPooler(true);
    bert = child("bert", new Bert(this.config, weights.in("bert"), random));
    dropout = child("dropout", new Dropout(config.headDropout(), random));
    int classes = config.classes().count();
    classifier =
        child(
            "classifier",
            Bert.linear(config, config.channels(), classes, weights.in("classifier")));
  }

  @Override
  public Tensor logits(Inputs inputs) {
    Tensor pooled_BC = bert.pool(bert.hiddenStates(inputs));
    return classifier.forward(dropout.forward(pooled_BC));
  }

  @Override
  public ClassNames classes() {
    return config.classes();
  }

  /** What is below the head. */
  public Bert bert() {
    return bert;
  }

  /** The model's shape. */
  public BertConfig config() {
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
    return bert.random();
  }

  @Override
  public SequencedMap<String, String> settings() {
    return config.classifierSettings();
  }

  @Override
  public void setRecompute(boolean recompute) {
    bert.setRecompute(recompute);
  }
}
