package dev.galen.model.llama;

import dev.galen.model.CausalLm;
import dev.galen.model.Inputs;
import dev.galen.model.nn.Initializer;
import dev.galen.model.nn.KvCache;
import dev.galen.model.nn.Linear;
import dev.galen.model.nn.Weights;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.random.Philox;
import java.util.SequencedMap;
import java.util.Set;

/**
 * LLaMA or a relative with a language model's head: HuggingFace's {@code LlamaForCausalLM}, {@code
 * MistralForCausalLM} and {@code Qwen2ForCausalLM}.
 */
public final class LlamaCausalLm extends CausalLm {
  private final LlamaConfig config;
  private final Llama model;
  private final Linear lmHead;

  /** A model whose dropout draws from {@code random}. */
  public LlamaCausalLm(LlamaConfig config, Weights weights, Philox random) {
    this.config = config;
    setEndOfTextIds(Set.copyOf(config.special().ends()));
    model = child("model", new Llama(config, weights.in("model"), random));
    lmHead =
        config.tiedHead()
            ? child("lm_head", new Linear(model.tokenEmbedding(), null))
            : child(
                "lm_head",
                new Linear(
                    config.channels(),
                    config.vocabularySize(),
                    false,
                    Initializer.normal(config.initializerRange()),
                    weights.in("lm_head")));
  }

  @Override
  public Tensor logits(Inputs inputs) {
    return head(model.forward(inputs));
  }

  @Override
  public Tensor next(Tensor ids_BT, KvCache cache) {
    Tensor x_BTC = model.forward(ids_BT, cache);
    int last = x_BTC.dim(1) - 1;
    return head(x_BTC.slice(1, last, last + 1)).reshape(x_BTC.dim(0), config.vocabularySize());
  }

  @Override
  public Tensor next(Tensor ids_BT, int[] lengths, KvCache cache) {
    Tensor last_B1C = lastOf(model.forward(ids_BT, cache), lengths, cache);
    return head(last_B1C).reshape(last_B1C.dim(0), config.vocabularySize());
  }

  private Tensor head(Tensor x_BTC) {
    return lmHead.forward(x_BTC);
  }

  @Override
  public boolean keepsDocumentsApart() {
    return true;
  }

  @Override
  public KvCache newCache(int batch, int capacity) {
    return model.newCache(batch, capacity);
  }

  @Override
  public boolean isCapturable() {
    return model.turnsAllAlike();
  }

  /** What is below the head: {@code trunk().forward(ids, null)} are the hidden states. */
  public Llama trunk() {
    return model;
  }

  /** The model's shape. */
  public LlamaConfig config() {
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

  @Override
  public SequencedMap<String, String> settings() {
    return config.settings();
  }

  @Override
  public void setRecompute(boolean recompute) {
    model.setRecompute(recompute);
  }
}
