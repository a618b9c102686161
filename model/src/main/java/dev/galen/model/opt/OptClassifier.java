package dev.galen.model.opt;

import dev.galen.model.LastTokenClassifier;
import dev.galen.model.nn.Initializer;
import dev.galen.model.nn.Weights;
import dev.galen.tensor.random.Philox;

/**
 * OPT that classifies a text by its last token: HuggingFace's {@code OPTForSequenceClassification}.
 */
public final class OptClassifier extends LastTokenClassifier<OptConfig, Opt> {
  /** A classifier over {@code config.classes()}, whose dropout draws from {@code random}. */
  public OptClassifier(OptConfig config, Weights weights, Philox random) {
    super(
        "model",
        new Opt(config, weights.in("model"), random),
        Initializer.normal(config.initializerRange()),
        weights);
  }
}
