package dev.galen.model.opt;

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

/** OPT with a language model's head: HuggingFace's {@code OPTForCausalLM}. */
public final class OptCausalLm extends CausalLm {
  private final OptConfig config;
  private final Opt model;
  private final Linear lmHead;

  /** A model whose dropout draws from {@code random}. */
  public OptCausalLm(OptConfig config, Weights weights, Philox random) {
    this.config = config;
    setEndOfTextIds(Set.copyOf(config.special().ends()));
    model = child("model", new Opt(config, weights.in("model"), random));
    lmHead =
        config.tiedHead()
            ? child("lm_head", new Linear(model.tokenEmbedding(), null))
            : child(
                "lm_head",
                new Linear(
                    config.embeddingChannels(),
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
    Tensor x_BTE = model.forward(ids_BT, cache);
    int last = x_BTE.dim(1) - 1;
    return head(x_BTE.slice(1, last, last + 1)).reshape(x_BTE.dim(0), config.vocabularySize());
  }

  @Override
  public Tensor next(Tensor ids_BT, int[] lengths, KvCache cache) {
    Tensor last_B1C = lastOf(model.forward(ids_BT, cache), lengths, cache);
    return head(last_B1C).reshape(last_B1C.dim(0), config.vocabularySize());
  }

  private Tensor head(Tensor x_BTE) {
    return lmHead.forward(x_BTE);
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

  /** What is below the head: {@code trunk().forward(ids, null)} are the hidden states. */
  public Opt trunk() {
    return model;
  }

  /** The model's shape. */
  public OptConfig config() {
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
