package dev.galen.model.gpt2;

import dev.galen.model.LanguageModel;
import dev.galen.model.generate.KvCache;
import dev.galen.model.nn.Initializer;
import dev.galen.model.nn.Linear;
import dev.galen.model.nn.ShiftedLabels;
import dev.galen.model.nn.Weights;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.ops.CrossEntropyOp;
import dev.galen.tensor.random.Philox;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.Set;

/** GPT-2 with a language model's head: HuggingFace's {@code GPT2LMHeadModel}. */
public final class Gpt2LanguageModel extends LanguageModel {
  private final Gpt2Config config;
  private final Gpt2 transformer;
  private final Linear lmHead;
  private Set<Integer> endOfTextIds;

  /** A model whose dropout draws from {@code random}. */
  public Gpt2LanguageModel(Gpt2Config config, Weights weights, Philox random) {
    this.config = config;
    endOfTextIds = Set.copyOf(config.special().ends());
    transformer = child("transformer", new Gpt2(config, weights.in("transformer"), random));
    lmHead =
        config.tiedHead()
            ? null
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
  public Tensor logits(Tensor ids_BT) {
    return head(transformer.forward(ids_BT, null));
  }

  @Override
  public Tensor next(Tensor ids_BT, KvCache cache) {
    Tensor x_BTC = transformer.forward(ids_BT, cache);
    int last = x_BTC.dim(1) - 1;
    return head(x_BTC.slice(1, last, last + 1)).reshape(x_BTC.dim(0), config.vocabularySize());
  }

  @Override
  public Tensor loss(Tensor ids_BT, Tensor labels_BT, double divisor) {
    Tensor shifted_BT = ShiftedLabels.of(labels_BT);
    return CrossEntropyOp.apply(logits(ids_BT), shifted_BT, divisor);
  }

  private Tensor head(Tensor x_BTC) {
    return lmHead == null
        ? transformer.tokenEmbedding().linear(x_BTC, null)
        : lmHead.forward(x_BTC);
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

  /** Those of the config, until {@link #setEndOfTextIds} says more. */
  @Override
  public Set<Integer> endOfTextIds() {
    return endOfTextIds;
  }

  /** What ends a text from now on: a directory names more than its config does. */
  public void setEndOfTextIds(Set<Integer> ids) {
    endOfTextIds = Set.copyOf(ids);
  }

  @Override
  public Philox random() {
    return transformer.random();
  }

  @Override
  public SequencedMap<String, String> settings() {
    var settings = new LinkedHashMap<String, String>();
    settings.put("n_head", Integer.toString(config.heads()));
    settings.put("activation_function", config.activation().name());
    settings.put("layer_norm_epsilon", Double.toString(config.layerNormEpsilon()));
    settings.put("scale_attn_weights", Boolean.toString(config.scaleAttention()));
    settings.put(
        "scale_attn_by_inverse_layer_idx", Boolean.toString(config.scaleAttentionByLayer()));
    settings.put("resid_pdrop", Double.toString(config.residualDropout()));
    settings.put("embd_pdrop", Double.toString(config.embeddingDropout()));
    settings.put("attn_pdrop", Double.toString(config.attentionDropout()));
    return settings;
  }

  @Override
  public void setRecompute(boolean recompute) {
    transformer.setRecompute(recompute);
  }
}
