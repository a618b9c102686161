package dev.galen.model.llama;

import dev.galen.model.Inputs;
import dev.galen.model.nn.AttentionMask;
import dev.galen.model.nn.Embedding;
import dev.galen.model.nn.GatedFeedForward;
import dev.galen.model.nn.Initializer;
import dev.galen.model.nn.KvCache;
import dev.galen.model.nn.Layer;
import dev.galen.model.nn.Linear;
import dev.galen.model.nn.RmsNorm;
import dev.galen.model.nn.Rotary;
import dev.galen.model.nn.RotaryAttention;
import dev.galen.model.nn.Weights;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.ops.Recompute;
import dev.galen.tensor.random.Philox;
import java.util.ArrayList;
import java.util.List;

/**
 * LLaMA without a head (Touvron et al.: "LLaMA: open and efficient foundation language models",
 * 2023, arXiv 2302.13971), and its relatives Mistral and Qwen2. Shapes: B batch, T time, C
 * channels.
 */
public final class Llama extends Layer {
  private final LlamaConfig config;
  private final Philox random;
  private final Embedding embedTokens;
  private final List<Block> layers = new ArrayList<>();
  private final RmsNorm norm;
  private final Rotary rotary;
  private boolean recompute;

  /** The trunk; dropout draws from {@code random}. */
  public Llama(LlamaConfig config, Weights weights, Philox random) {
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
   * The hidden states after the last normalisation. Positions that are not given are counted by
   * {@link Rotary#of}.
   *
   * @return {@code [B, T, C]}; those at padding mean nothing
   */
  public Tensor forward(Inputs inputs) {
    requireRoom(inputs.time());
    AttentionMask mask = inputs.causalMask();
    Rotary.Angles angles = rotary.of(inputs.positions(), mask, inputs.time());
    return forward(inputs.ids(), angles, mask, null);
  }

  /**
   * The same of ids that fill the batch.
   *
   * @param ids_BT I32 {@code [B, T]}
   * @param cache keys and values of the positions before, extended by this call; null without
   * @return {@code [B, T, C]}
   */
  public Tensor forward(Tensor ids_BT, KvCache cache) {
    if (cache == null) {
      return forward(Inputs.of(ids_BT));
    }
    requireRoom(cache.length() + ids_BT.dim(1));
    return rotary.behind(
        cache, ids_BT, (ids, angles) -> forward(ids, angles, AttentionMask.NONE, cache));
  }

  private Tensor forward(Tensor ids_BT, Rotary.Angles angles, AttentionMask mask, KvCache cache) {
    Tensor x_BTC = embedTokens.forward(ids_BT);
    for (Block block : layers) {
      hidden(x_BTC);
      x_BTC =
          recompute && cache == null
              ? Recompute.of(x -> block.forward(x, rotary, angles, mask, null), x_BTC, random)
              : block.forward(x_BTC, rotary, angles, mask, cache);
    }
    return hidden(norm.forward(x_BTC));
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

  /** Whether texts of any length are turned alike; if not, the host computes their angles. */
  boolean turnsAllAlike() {
    return rotary.isConstantUpTo(config.contextLength());
  }

  /** The token embedding {@code [V, C]}. */
  public Embedding tokenEmbedding() {
    return embedTokens;
  }

  /** The model's shape. */
  public LlamaConfig config() {
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

  private static Initializer normal(LlamaConfig config) {
    return Initializer.normal(config.initializerRange());
  }

  private static RmsNorm norm(LlamaConfig config, Weights weights) {
    return new RmsNorm(config.channels(), config.normEpsilon(), weights);
  }

  /** One block, normalising before each part: x + attention(norm(x)), then x + mlp(norm(x)). */
  private static final class Block extends Layer {
    private final RmsNorm inputNorm;
    private final RotaryAttention attention;
    private final RmsNorm postAttentionNorm;
    private final Mlp mlp;

    Block(LlamaConfig config, int index, Weights weights, Philox random) {
      inputNorm = child("input_layernorm", norm(config, weights.in("input_layernorm")));
      var shape =
          new RotaryAttention.Shape(
              config.channels(),
              config.heads(),
              config.keyHeads(),
              config.headSize(),
              config.windows().get(index),
              config.attentionDropout(),
              config.biases().attentionInput(),
              config.biases().attentionOutput(),
              normal(config));
      attention =
          child("self_attn", new RotaryAttention(shape, index, weights.in("self_attn"), random));
      postAttentionNorm =
          child("post_attention_layernorm", norm(config, weights.in("post_attention_layernorm")));
      mlp = child("mlp", new Mlp(config, weights.in("mlp")));
    }

    Tensor forward(
        Tensor x_BTC, Rotary rotary, Rotary.Angles angles, AttentionMask mask, KvCache cache) {
      Tensor a_BTC = attention.forward(inputNorm.forward(x_BTC), rotary, angles, mask, cache);
      Tensor y_BTC = x_BTC.add(a_BTC);
      return y_BTC.add(mlp.forward(postAttentionNorm.forward(y_BTC)));
    }
  }

  /** The gated feed-forward part: down(silu(gate(x)) up(x)). */
  private static final class Mlp extends Layer {
    private final LlamaConfig config;
    private final Linear gate;
    private final Linear up;
    private final Linear down;

    Mlp(LlamaConfig config, Weights weights) {
      this.config = config;
      int channels = config.channels();
      int inner = config.innerChannels();
      gate = linear("gate_proj", channels, inner, weights);
      up = linear("up_proj", channels, inner, weights);
      down = linear("down_proj", inner, channels, weights);
    }

    private Linear linear(String name, int in, int out, Weights weights) {
      boolean bias = config.biases().feedForward();
      return child(name, new Linear(in, out, bias, normal(config), weights.in(name)));
    }

    Tensor forward(Tensor x_BTC) {
      return GatedFeedForward.of(x_BTC, gate, config.activation(), up, down);
    }
  }
}
