package dev.galen.model.llama;

import dev.galen.model.TrunkCausalLm;
import dev.galen.model.nn.Initializer;
import dev.galen.model.nn.Weights;
import dev.galen.tensor.random.Philox;

/**
 * LLaMA or a relative with a language model's head: HuggingFace's {@code LlamaForCausalLM}, {@code
 * MistralForCausalLM} and {@code Qwen2ForCausalLM}.
 */
public final class LlamaCausalLm extends TrunkCausalLm<LlamaConfig, Llama> {
  /** A model whose dropout draws from {@code random}. */
  public LlamaCausalLm(LlamaConfig config, Weights weights, Philox random) {
    super(
        "model",
        new Llama(config, weights.in("model"), random),
        config.tiedHead(),
        Initializer.normal(config.initializerRange()),
        weights);
  }
}
