package dev.galen.model.mixtral;

import dev.galen.model.Inputs;
import dev.galen.model.nn.AttentionMask;
import dev.galen.model.nn.Embedding;
import dev.galen.model.nn.Initializer;
import dev.galen.model.nn.KvCache;
import dev.galen.model.nn.Layer;
import dev.galen.model.nn.MixtureOfExperts;
import dev.galen.model.nn.RmsNorm;
import dev.galen.model.nn.Rotary;
import dev.galen.model.nn.RotaryAttention;
import dev.galen.model.nn.Weights;
import dev.galen.tensor.Autocast;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.ops.ConcatOp;
import dev.galen.tensor.ops.Recompute;
import dev.galen.tensor.random.Philox;
import java.util.ArrayList;
import java.util.List;

/**
 * Mixtral without a head (Jiang et al.: "Mixtral of experts", 2024, arXiv 2401.04088): LLaMA's
 * block with experts for its feed-forward part. Shapes: B batch, T time, C channels, E experts.
 */
public final class Mixtral extends Layer {
  private final MixtralConfig config;
  private final Philox random;
  private final Embedding embedTokens;
  private final List<Block> layers = new ArrayList<>();
  private final RmsNorm norm;
  private final Rotary rotary;
  private boolean recompute;

  /** The trunk; dropout draws from {@code random}. */
  public Mixtral(MixtralConfig config, Weights weights, Philox random) {
    this.config = config;
    this.random = random;
    embedTokens =
        child(
            "embed_tokens",
            new Embedding(
                config.vocabularySize(),
                config.channels(),
                normal(config),
                weights.in("embed_tokens")));
    for (int i = 0; i < config.layers(); i++) {
      layers.add(child("layers." + i, new Block(config, i, weights.in("layers").in(i), random)));
    }
    norm = child("norm", norm(config, weights.in("norm")));
    rotary =
        new Rotary(config.headSize(), config.contextLength(), config.rotary(), weights.device());
  }

  /**
   * What a pass gives.
   *
   * @param hidden the hidden states after the last normalisation, {@code [B, T, C]}
   * @param routerLogits of each layer, {@code [B, T, E]}
   */
  public record Pass(Tensor hidden, List<Tensor> routerLogits) {}

  /**
   * The hidden states and what the routers say; both mean nothing at padding. Positions that are
   * not given are counted by {@link Rotary#of}.
   */
  public Pass forward(Inputs inputs) {
    requireRoom(inputs.time());
    AttentionMask mask = inputs.causalMask();
    Rotary.Angles angles = rotary.of(inputs.positions(), mask, inputs.time());
    return pass(inputs.ids(), angles, mask, null);
  }

  /**
   * The hidden states of ids that fill the batch.
   *
   * @param ids_BT I32 {@code [B, T]}
   * @param cache keys and values of the positions before, extended by this call; null without
   * @return {@code [B, T, C]}
   */
  public Tensor forward(Tensor ids_BT, KvCache cache) {
    if (cache == null) {
      return forward(Inputs.of(ids_BT)).hidden();
    }
    requireRoom(cache.length() + ids_BT.dim(1));
    return rotary.behind(
        cache, ids_BT, (ids, angles) -> pass(ids, angles, AttentionMask.NONE, cache).hidden());
  }

  private Pass pass(Tensor ids_BT, Rotary.Angles angles, AttentionMask mask, KvCache cache) {
    Tensor x_BTC = embedTokens.forward(ids_BT);
    List<Tensor> routerLogits = new ArrayList<>();
    for (Block block : layers) {
      hidden(x_BTC);
      MixtureOfExperts.Output y =
          recompute && cache == null
              ? block.recomputed(x_BTC, rotary, angles, mask, random)
              : block.forward(x_BTC, rotary, angles, mask, cache);
      x_BTC = y.output();
      routerLogits.add(y.routerLogits());
    }
    return new Pass(hidden(norm.forward(x_BTC)), routerLogits);
  }

  private void requireRoom(int positions) {
    if (positions > config.contextLength()) {
      throw new IllegalArgumentException(
          "%d tokens exceed the model's context of %d"
              .formatted(positions, config.contextLength()));
    }
  }

  /** An empty cache for up to {@code capacity} positions of {@code batch} sequences. */
  KvCache newCache(int batch, int capacity) {
    return new KvCache(
        firstParameter().backend(),
        config.layers(),
        batch,
        Math.min(capacity, config.contextLength()),
        config.keyHeads() * config.headSize());
  }

  /** The token embedding {@code [V, C]}. */
  public Embedding tokenEmbedding() {
    return embedTokens;
  }

  /** The model's shape. */
  public MixtralConfig config() {
    return config;
  }

  /** What dropout draws from. */
  public Philox random() {
    return random;
  }

  /**
   * Gradient checkpointing: keeps only each block's input for the backward pass, and computes the
   * block again there.
   */
  public void setRecompute(boolean recompute) {
    this.recompute = recompute;
  }

  private static Initializer normal(MixtralConfig config) {
    return Initializer.normal(config.initializerRange());
  }

  private static RmsNorm norm(MixtralConfig config, Weights weights) {
    return new RmsNorm(config.channels(), config.normEpsilon(), weights);
  }

  /** One block, normalising before each part: x + attention(norm(x)), then x + experts(norm(x)). */
  private static final class Block extends Layer {
    private final int channels;
    private final RmsNorm inputNorm;
    private final RotaryAttention attention;
    private final RmsNorm postAttentionNorm;
    private final MixtureOfExperts experts;

    Block(MixtralConfig config, int index, Weights weights, Philox random) {
      channels = config.channels();
      inputNorm = child("input_layernorm", norm(config, weights.in("input_layernorm")));
      var heads =
          new RotaryAttention.Shape(
              channels,
              config.heads(),
              config.keyHeads(),
              config.headSize(),
              config.window(),
              config.attentionDropout(),
              false,
              false,
              normal(config));
      attention =
          child("self_attn", new RotaryAttention(heads, index, weights.in("self_attn"), random));
      postAttentionNorm =
          child("post_attention_layernorm", norm(config, weights.in("post_attention_layernorm")));
      var shape =
          new MixtureOfExperts.Shape(
              channels,
              config.innerChannels(),
              config.experts(),
              config.chosen(),
              config.activation(),
              normal(config));
      experts =
          child("block_sparse_moe", new MixtureOfExperts(shape, weights.in("block_sparse_moe")));
    }

    MixtureOfExperts.Output forward(
        Tensor x_BTC, Rotary rotary, Rotary.Angles angles, AttentionMask mask, KvCache cache) {
      Tensor a_BTC = attention.forward(inputNorm.forward(x_BTC), rotary, angles, mask, cache);
      Tensor y_BTC = x_BTC.add(a_BTC);
      MixtureOfExperts.Output mixed = experts.forward(postAttentionNorm.forward(y_BTC));
      return new MixtureOfExperts.Output(y_BTC.add(mixed.output()), mixed.routerLogits());
    }

    /** The same, computed again in the backward pass. */
    MixtureOfExperts.Output recomputed(
        Tensor x_BTC, Rotary rotary, Rotary.Angles angles, AttentionMask mask, Philox random) {
      // Side by side, since what is computed again has one result.
      Tensor both =
          Recompute.of(
              x -> {
                MixtureOfExperts.Output y = forward(x, rotary, angles, mask, null);
                return ConcatOp.apply(2, y.output(), Autocast.widen(y.routerLogits()));
              },
              x_BTC,
              random);
      return new MixtureOfExperts.Output(
          both.slice(2, 0, channels), both.slice(2, channels, both.dim(2)));
    }
  }
}
