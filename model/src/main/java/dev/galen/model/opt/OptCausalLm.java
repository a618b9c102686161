package dev.galen.model.opt;

import dev.galen.model.TrunkCausalLm;
import dev.galen.model.nn.Initializer;
import dev.galen.model.nn.Weights;
import dev.galen.tensor.random.Philox;

/** OPT with a language model's head: HuggingFace's {@code OPTForCausalLM}. */
public final class OptCausalLm extends TrunkCausalLm<OptConfig, Opt> {
  /** A model whose dropout draws from {@code random}. */
  public OptCausalLm(OptConfig config, Weights weights, Philox random) {
    super(
        "model",
        new Opt(config, weights.in("model"), random),
        config.tiedHead(),
        Initializer.normal(config.initializerRange()),
        weights);
  }
}
