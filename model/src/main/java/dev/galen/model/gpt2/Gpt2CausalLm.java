package dev.galen.model.gpt2;

import dev.galen.model.TrunkCausalLm;
import dev.galen.model.nn.Initializer;
import dev.galen.model.nn.Weights;
import dev.galen.tensor.random.Philox;

/** GPT-2 with a language model's head: HuggingFace's {@code GPT2LMHeadModel}. */
public final class Gpt2CausalLm extends TrunkCausalLm<Gpt2Config, Gpt2> {
  /** A model whose dropout draws from {@code random}. */
  public Gpt2CausalLm(Gpt2Config config, Weights weights, Philox random) {
    super(
        "transformer",
        new Gpt2(config, weights.in("transformer"), random),
        config.tiedHead(),
        Initializer.normal(config.initializerRange()),
        weights);
  }

  /** {@link #trunk}, by HuggingFace's name. */
  public Gpt2 transformer() {
    return trunk();
  }
}
