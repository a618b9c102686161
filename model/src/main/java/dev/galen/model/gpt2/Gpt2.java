package dev.galen.model.gpt2;

import dev.galen.model.Inputs;
import dev.galen.model.Trunk;
import dev.galen.model.nn.AttentionMask;
import dev.galen.model.nn.Conv1D;
import dev.galen.model.nn.Dropout;
import dev.galen.model.nn.Embedding;
import dev.galen.model.nn.FeedForward;
import dev.galen.model.nn.Initializer;
import dev.galen.model.nn.KvCache;
import dev.galen.model.nn.Layer;
import dev.galen.model.nn.LayerNorm;
import dev.galen.model.nn.Weights;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.ops.AttentionOp;
import dev.galen.tensor.ops.Recompute;
import dev.galen.tensor.random.Philox;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * GPT-2 without a head (Radford, Wu, Child, Luan, Amodei, Sutskever: "Language models are
 * unsupervised multitask learners", 2019). Shapes: B batch, T time, C channels, H heads.
 */
public final class Gpt2 extends Trunk<Gpt2Config> {
  private final Embedding wte;
  private final Embedding wpe;
  private final Tensor positions;
  private final Dropout drop;
  private final List<Block> h = new ArrayList<>();
  private final LayerNorm lnF;

  /** The trunk; dropout draws from {@code random}. */
  public Gpt2(Gpt2Config config, Weights weights, Philox random) {
    super(config, random);
    var normal = Initializer.normal(config.initializerRange());
    int channels = config.channels();
    wte = child("wte", new Embedding(config.vocabularySize(), channels, normal, weights.in("wte")));
    wpe = child("wpe", new Embedding(config.contextLength(), channels, normal, weights.in("wpe")));
    // There once and for all: a step that uploads nothing of its own can be captured.
    // A config may claim any context; where the weights have not borne it out, none is made.
    positions = weights.areAsAsked() ? positions(config.contextLength(), weights.device()) : null;
    drop = child("drop", new Dropout(config.embeddingDropout(), random));
    for (int i = 0; i < config.layers(); i++) {
      h.add(child("h." + i, new Block(config, i, weights.in("h").in(i), random)));
    }
    lnF = child("ln_f", new LayerNorm(channels, config.layerNormEpsilon(), weights.in("ln_f")));
  }

  private static Tensor positions(int count, Device device) {
    int[] all = IntStream.range(0, count).toArray();
    return MemoryScope.outside(() -> Tensors.of(device, all, count));
  }

  /**
   * The hidden states after the last normalisation. Positions that are not given are counted from
   * each row's front, padding included, as transformers does, and token types are ids whose vectors
   * are added.
   *
   * @return {@code [B, T, C]}; those at padding mean nothing
   */
  @Override
  public Tensor forward(Inputs inputs) {
    return forward(
        inputs.ids(), inputs.positions(), inputs.tokenTypes(), inputs.causalMask(), null);
  }

  @Override
  public Tensor forward(Tensor ids_BT, KvCache cache) {
    return forward(ids_BT, null, null, AttentionMask.NONE, cache);
  }

  private Tensor forward(
      Tensor ids_BT, Tensor positions_BT, Tensor types_BT, AttentionMask mask, KvCache cache) {
    if (ids_BT.shape().rank() != 2) {
      throw new IllegalArgumentException("GPT-2 takes ids [B, T], got " + ids_BT.describe());
    }
    int past = cache == null ? 0 : cache.length();
    int time = ids_BT.dim(1);
    requireRoom(past + time);
    Tensor position =
        wpe.forward(positions_BT == null ? positions(past, time, cache) : positions_BT);
    Tensor tokens_BTC = wte.forward(ids_BT).add(position);
    Tensor x_BTC =
        drop.forward(types_BT == null ? tokens_BTC : tokens_BTC.add(wte.forward(types_BT)));
    for (Block block : h) {
      hidden(x_BTC);
      x_BTC =
          recomputes(cache)
              ? Recompute.of(x -> block.forward(x, mask, null), x_BTC, random())
              : block.forward(x_BTC, mask, cache);
    }
    if (cache != null) {
      cache.advance(time);
    }
    return hidden(lnF.forward(x_BTC));
  }

  /**
   * The places of {@code time} tokens behind {@code past}: {@code [T]}, or {@code [B, 1]} of one
   * token behind a cache, whose own memory says it, so that one capture serves every place, or
   * {@code [B, T]} behind sequences of different lengths.
   */
  private Tensor positions(int past, int time, KvCache cache) {
    if (cache != null && time == 1) {
      return cache.lengths().reshape(cache.batch(), 1);
    }
    return cache == null || cache.isEven()
        ? positions.slice(0, past, past + time)
        : Tensors.of(positions.backend(), cache.places(time), cache.batch(), time);
  }

  /** An empty cache for up to {@code capacity} positions, or as many as there are. */
  @Override
  public KvCache newCache(int batch, int capacity) {
    Gpt2Config config = config();
    int positions = Math.min(capacity, config.contextLength());
    return new KvCache(backend(), config.layers(), batch, positions, config.channels());
  }

  /** The token embedding {@code [V, C]}. */
  @Override
  public Embedding tokenEmbedding() {
    return wte;
  }

  /** One transformer block, normalising before each part: x + attn(ln(x)), then x + mlp(ln(x)). */
  private static final class Block extends Layer {
    private final LayerNorm ln1;
    private final Attention attn;
    private final LayerNorm ln2;
    private final Mlp mlp;

    Block(Gpt2Config config, int index, Weights weights, Philox random) {
      double epsilon = config.layerNormEpsilon();
      ln1 = child("ln_1", new LayerNorm(config.channels(), epsilon, weights.in("ln_1")));
      attn = child("attn", new Attention(config, index, weights.in("attn"), random));
      ln2 = child("ln_2", new LayerNorm(config.channels(), epsilon, weights.in("ln_2")));
      mlp = child("mlp", new Mlp(config, weights.in("mlp"), random));
    }

    Tensor forward(Tensor x_BTC, AttentionMask mask, KvCache cache) {
      // y = x + attn(ln_1(x)), and ln_2(y) with it: one pass over memory less.
      var y_BTC = ln2.forward(x_BTC, attn.forward(ln1.forward(x_BTC), mask, cache));
      return y_BTC.sum().add(mlp.forward(y_BTC.output()));
    }
  }

  /** Causal self-attention over H heads. */
  private static final class Attention extends Layer {
    private final int index;
    private final int heads;
    private final double scale;
    private final double dropout;
    private final Philox random;
    private final Conv1D cAttn;
    private final Conv1D cProj;
    private final Dropout residDropout;

    Attention(Gpt2Config config, int index, Weights weights, Philox random) {
      int channels = config.channels();
      this.index = index;
      this.heads = config.heads();
      this.scale =
          (config.scaleAttention() ? 1 / Math.sqrt(config.headSize()) : 1)
              / (config.scaleAttentionByLayer() ? index + 1 : 1);
      this.dropout = config.attentionDropout();
      this.random = random;
      var normal = Initializer.normal(config.initializerRange());
      cAttn = child("c_attn", new Conv1D(channels, 3 * channels, normal, weights.in("c_attn")));
      cProj =
          child("c_proj", new Conv1D(channels, channels, residual(config), weights.in("c_proj")));
      residDropout = child("resid_dropout", new Dropout(config.residualDropout(), random));
    }

    Tensor forward(Tensor x_BTC, AttentionMask mask, KvCache cache) {
      Tensor qkv_BT3C = cAttn.forward(x_BTC);
      AttentionOp.Options options = mask.causal(scale, isTraining() ? dropout : 0, random);
      if (cache == null) {
        attendsPacked(qkv_BT3C, heads, options);
      }
      Tensor y_BTC =
          cache == null
              ? AttentionOp.packed(qkv_BT3C, heads, options)
              : cache.attend(index, qkv_BT3C, heads, options);
      return residDropout.forward(cProj.forward(y_BTC));
    }
  }

  /** The feed-forward part: widen, activate, narrow. */
  private static final class Mlp extends Layer {
    private final Gpt2Config config;
    private final Conv1D cFc;
    private final Conv1D cProj;
    private final Dropout dropout;

    Mlp(Gpt2Config config, Weights weights, Philox random) {
      this.config = config;
      int channels = config.channels();
      int inner = config.innerChannels();
      var normal = Initializer.normal(config.initializerRange());
      cFc = child("c_fc", new Conv1D(channels, inner, normal, weights.in("c_fc")));
      cProj = child("c_proj", new Conv1D(inner, channels, residual(config), weights.in("c_proj")));
      dropout = child("dropout", new Dropout(config.residualDropout(), random));
    }

    Tensor forward(Tensor x_BTC) {
      return dropout.forward(FeedForward.of(x_BTC, cFc, config.activation(), cProj));
    }
  }

  /** Projections into the residual stream start smaller, because 2L of them add up. */
  private static Initializer residual(Gpt2Config config) {
    return Initializer.normal(config.initializerRange() / Math.sqrt(2.0 * config.layers()));
  }
}
