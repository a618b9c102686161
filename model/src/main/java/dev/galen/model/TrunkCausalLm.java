package dev.galen.model;

import dev.galen.model.nn.Initializer;
import dev.galen.model.nn.KvCache;
import dev.galen.model.nn.Linear;
import dev.galen.model.nn.Weights;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.random.Philox;
import java.util.SequencedMap;
import java.util.Set;

/**
 * A language model that is a trunk with a linear head, which is the token embedding or a matrix of
 * its own, {@code lm_head}.
 *
 * @param <C> its shape
 * @param <T> its trunk
 */
public abstract class TrunkCausalLm<C extends ModelConfig, T extends Trunk<C>> extends CausalLm {
  private final T trunk;
  private final Linear lmHead;

  /**
   * Puts a head on a trunk.
   *
   * @param name the trunk's, in the parameters' paths
   * @param tied whether the head is the token embedding
   * @param initializer of a head of its own
   */
  protected TrunkCausalLm(
      String name, T trunk, boolean tied, Initializer initializer, Weights weights) {
    this.trunk = child(name, trunk);
    setEndOfTextIds(Set.copyOf(trunk.config().special().ends()));
    int channels = trunk.tokenEmbedding().in();
    lmHead =
        child(
            "lm_head",
            tied
                ? new Linear(trunk.tokenEmbedding(), null)
                : new Linear(
                    channels, vocabularySize(), false, initializer, weights.in("lm_head")));
  }

  /** What is below the head: {@code trunk().forward(ids, null)} are the hidden states. */
  public final T trunk() {
    return trunk;
  }

  /** The model's shape. */
  public final C config() {
    return trunk.config();
  }

  @Override
  public final Tensor logits(Inputs inputs) {
    return head(trunk.forward(inputs));
  }

  @Override
  public final Tensor next(Tensor ids_BT, KvCache cache) {
    Tensor x_BTC = trunk.forward(ids_BT, cache);
    int last = x_BTC.dim(1) - 1;
    return head(x_BTC.slice(1, last, last + 1)).reshape(x_BTC.dim(0), vocabularySize());
  }

  @Override
  public final Tensor next(Tensor ids_BT, int[] lengths, KvCache cache) {
    Tensor last_B1C = lastOf(trunk.forward(ids_BT, cache), lengths, cache);
    return head(last_B1C).reshape(last_B1C.dim(0), vocabularySize());
  }

  /** Logits {@code [..., V]} of hidden states {@code [..., C]}. */
  protected final Tensor head(Tensor x) {
    return lmHead.forward(x);
  }

  @Override
  public final boolean keepsDocumentsApart() {
    return true;
  }

  @Override
  public final KvCache newCache(int batch, int capacity) {
    return trunk.newCache(batch, capacity);
  }

  @Override
  public final boolean isCapturable() {
    return trunk.isCapturable();
  }

  @Override
  public final int contextLength() {
    return trunk.contextLength();
  }

  @Override
  public final int maxLength() {
    return trunk.maxLength();
  }

  @Override
  public final int vocabularySize() {
    return trunk.vocabularySize();
  }

  @Override
  public final Philox random() {
    return trunk.random();
  }

  @Override
  public final SequencedMap<String, String> settings() {
    return trunk.settings();
  }

  @Override
  public final void setRecompute(boolean recompute) {
    trunk.setRecompute(recompute);
  }
}
