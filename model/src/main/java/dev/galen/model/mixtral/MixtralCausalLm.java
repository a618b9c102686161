package dev.galen.model.mixtral;

import dev.galen.model.CausalLm;
import dev.galen.model.Inputs;
import dev.galen.model.nn.Initializer;
import dev.galen.model.nn.KvCache;
import dev.galen.model.nn.Linear;
import dev.galen.model.nn.MixtureOfExperts;
import dev.galen.model.nn.ShiftedLabels;
import dev.galen.model.nn.Weights;
import dev.galen.tensor.DType;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.random.Philox;
import java.util.SequencedMap;
import java.util.Set;

/** Mixtral with a language model's head: HuggingFace's {@code MixtralForCausalLM}. */
public final class MixtralCausalLm extends CausalLm {
  private final MixtralConfig config;
  private final Mixtral model;
  private final Linear lmHead;

  /** A model whose dropout draws from {@code random}. */
  public MixtralCausalLm(MixtralConfig config, Weights weights, Philox random) {
    this.config = config;
    setEndOfTextIds(Set.copyOf(config.special().ends()));
    model = child("model", new Mixtral(config, weights.in("model"), random));
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
    return head(model.forward(inputs).hidden());
  }

  /**
   * Cross-entropy as of every language model, and where the config wants it ({@code
   * output_router_logits}) {@link MixtureOfExperts#imbalance} of the tokens without padding, times
   * {@code router_aux_loss_coef}. That part is a mean, and weighs as much as the batch has of the
   * labels of the whole step, so that accumulated micro-batches weigh as one batch does.
   */
  @Override
  public Tensor loss(Inputs inputs, double divisor) {
    Mixtral.Pass pass = model.forward(inputs);
    Tensor labels_BT = ShiftedLabels.of(inputs.labels());
    Tensor loss = crossEntropy(head(pass.hidden()), labels_BT, divisor);
    if (!config.routerLoss()) {
      return loss;
    }
    Tensor uneven =
        MixtureOfExperts.imbalance(pass.routerLogits(), config.chosen(), inputs.attentionMask());
    Tensor share = counted(labels_BT).mul(config.routerLossFactor() / divisor);
    return loss.add(uneven.mul(share));
  }

  /** How many labels count: a scalar, F32. */
  private static Tensor counted(Tensor labels_BT) {
    Tensor labels = labels_BT.to(DType.F32);
    Tensor none = Tensors.full(labels.backend(), DType.F32, labels.shape(), -1);
    return none.lessThan(labels).sum();
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

  /** The host reads which experts have tokens. */
  @Override
  public boolean isCapturable() {
    return false;
  }

  /** What is below the head: {@code trunk().forward(ids, null)} are the hidden states. */
  public Mixtral trunk() {
    return model;
  }

  /** The model's shape. */
  public MixtralConfig config() {
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
