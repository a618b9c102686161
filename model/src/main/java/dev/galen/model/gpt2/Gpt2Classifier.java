package dev.galen.model.gpt2;

import dev.galen.model.LastTokenClassifier;
import dev.galen.model.nn.Initializer;
import dev.galen.model.nn.Weights;
import dev.galen.tensor.random.Philox;

/**
 * GPT-2 that classifies a text by its last token: HuggingFace's {@code
 * GPT2ForSequenceClassification}.
 */
public final class Gpt2Classifier extends LastTokenClassifier<Gpt2Config, Gpt2> {
  /** A classifier over {@code config.classes()}, whose dropout draws from {@code random}. */
  public Gpt2Classifier(Gpt2Config config, Weights weights, Philox random) {
    super(
        "transformer",
        new Gpt2(config, weights.in("transformer"), random),
        Initializer.normal(config.initializerRange()),
        weights);
  }
}
