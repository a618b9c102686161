package dev.galen.model.mixtral;

import dev.galen.model.LastTokenClassifier;
import dev.galen.model.nn.Initializer;
import dev.galen.model.nn.Weights;
import dev.galen.tensor.random.Philox;

/**
 * Mixtral that classifies a text by its last token: HuggingFace's {@code
 * MixtralForSequenceClassification}.
 */
public final class MixtralClassifier extends LastTokenClassifier<MixtralConfig, Mixtral> {
  /** A classifier over {@code config.classes()}, whose dropout draws from {@code random}. */
  public MixtralClassifier(MixtralConfig config, Weights weights, Philox random) {
    super(
        "model",
        new Mixtral(config, weights.in("model"), random),
        Initializer.normal(config.initializerRange()),
        weights);
  }
}
