package dev.galen.model.gpt2;

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

/** GPT-2 with a language model's head: HuggingFace's {@code GPT2LMHeadModel}. */
public final class Gpt2CausalLm extends CausalLm {
  private final Gpt2Config config;
  private final Gpt2 transformer;
  private final Linear lmHead;

  /** A model whose dropout draws from {@code random}. */
  public Gpt2CausalLm(Gpt2Config config, Weights weights, Philox random) {
    this.config = config;
    setEndOfTextIds(Set.copyOf(config.special().ends()));
    transformer = child("transformer", new Gpt2(config, weights.in("transformer"), random));
    lmHead =
        config.tiedHead()
            ? child("lm_head", new Linear(transformer.tokenEmbedding(), null))
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
    return head(transformer.forward(inputs));
  }

  @Override
  public Tensor next(Tensor ids_BT, KvCache cache) {
    Tensor x_BTC = transformer.forward(ids_BT, cache);
    int last = x_BTC.dim(1) - 1;
    return head(x_BTC.slice(1, last, last + 1)).reshape(x_BTC.dim(0), config.vocabularySize());
  }

  @Override
  public Tensor next(Tensor ids_BT, int[] lengths, KvCache cache) {
    Tensor last_B1C = lastOf(transformer.forward(ids_BT, cache), lengths, cache);
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
    return new KvCache(
        backend(),
        config.layers(),
        batch,
        Math.min(capacity, config.contextLength()),
        config.channels());
  }

  /** What is below the head: {@code transformer().forward(ids, null)} are the hidden states. */
  public Gpt2 transformer() {
    return transformer;
  }

  /** The model's shape. */
  public Gpt2Config config() {
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
    return transformer.random();
  }

  @Override
  public SequencedMap<String, String> settings() {
    return config.settings();
  }

  @Override
  public void setRecompute(boolean recompute) {
    transformer.setRecompute(recompute);
  }
}
