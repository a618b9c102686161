package dev.galen.model;

import dev.galen.model.nn.AttentionMask;
import dev.galen.model.nn.Embedding;
import dev.galen.model.nn.Initializer;
import dev.galen.model.nn.KvCache;
import dev.galen.model.nn.Rotary;
import dev.galen.model.nn.RotaryConfig;
import dev.galen.model.nn.Weights;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.random.Philox;

/**
 * A trunk whose positions are turned in each attention ({@link Rotary}), so that it takes texts of
 * any length. Positions that are not given are counted by {@link Rotary#of}.
 *
 * @param <C> its shape
 */
public abstract class RotaryTrunk<C extends ModelConfig> extends Trunk<C> {
  private final Sizes sizes;
  private final Embedding embedTokens;
  private final Rotary rotary;

  /**
   * What the embedding, the angles and a cache are made by.
   *
   * @param channels C
   * @param layers L
   * @param keyHeads heads of keys and values
   * @param headSize D
   * @param rotary the position embedding
   * @param initializer of the token embedding
   */
  public record Sizes(
      int channels,
      int layers,
      int keyHeads,
      int headSize,
      RotaryConfig rotary,
      Initializer initializer) {}

  /**
   * What the blocks run over.
   *
   * @param ids I32 {@code [B, T]}
   * @param angles of their positions
   * @param mask which tokens see which
   * @param cache extended by each block; null without
   */
  public record Pass(Tensor ids, Rotary.Angles angles, AttentionMask mask, KvCache cache) {}

  /** With the token embedding as its first layer. */
  protected RotaryTrunk(C config, Sizes sizes, Weights weights, Philox random) {
    super(config, random);
    this.sizes = sizes;
    embedTokens =
        child(
            "embed_tokens",
            new Embedding(
                config.vocabularySize(),
                sizes.channels(),
                config.special().padding(),
                sizes.initializer(),
                weights.in("embed_tokens")));
    rotary = new Rotary(sizes.headSize(), config.contextLength(), sizes.rotary(), weights.device());
  }

  /** The hidden states {@code [B, T, C]} of a pass. */
  protected abstract Tensor forward(Pass pass);

  @Override
  public final Tensor forward(Inputs inputs) {
    return forward(pass(inputs));
  }

  /** A pass over a whole text, or several. */
  protected final Pass pass(Inputs inputs) {
    AttentionMask mask = inputs.causalMask();
    Rotary.Angles angles = rotary.of(inputs.positions(), mask, inputs.time());
    return new Pass(inputs.ids(), angles, mask, null);
  }

  @Override
  public final Tensor forward(Tensor ids_BT, KvCache cache) {
    if (cache == null) {
      return forward(Inputs.of(ids_BT));
    }
    return rotary.behind(
        cache, ids_BT, (ids, angles) -> forward(new Pass(ids, angles, AttentionMask.NONE, cache)));
  }

  @Override
  public final KvCache newCache(int batch, int capacity) {
    return new KvCache(
        backend(), sizes.layers(), batch, capacity, sizes.keyHeads() * sizes.headSize());
  }

  /** Not where the host computes angles for each length. */
  @Override
  public boolean isCapturable() {
    return rotary.isConstant();
  }

  @Override
  public final Embedding tokenEmbedding() {
    return embedTokens;
  }

  /** What turns queries and keys. */
  protected final Rotary rotary() {
    return rotary;
  }
}
