package dev.galen.model.llama;

import dev.galen.model.LastTokenClassifier;
import dev.galen.model.nn.Initializer;
import dev.galen.model.nn.Weights;
import dev.galen.tensor.random.Philox;

/**
 * LLaMA or a relative that classifies a text by its last token: HuggingFace's {@code
 * LlamaForSequenceClassification} and its kin.
 */
public final class LlamaClassifier extends LastTokenClassifier<LlamaConfig, Llama> {
  /** A classifier over {@code config.classes()}, whose dropout draws from {@code random}. */
  public LlamaClassifier(LlamaConfig config, Weights weights, Philox random) {
    super(
        "model",
        new Llama(config, weights.in("model"), random),
        Initializer.normal(config.initializerRange()),
        weights);
  }
}
