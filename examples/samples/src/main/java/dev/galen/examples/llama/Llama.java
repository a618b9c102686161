package dev.galen.examples.llama;

import dev.galen.model.CausalLm;
import dev.galen.model.Inputs;
import dev.galen.model.nn.Embedding;
import dev.galen.model.nn.Initializer;
import dev.galen.model.nn.KvCache;
import dev.galen.model.nn.Layer;
import dev.galen.model.nn.Linear;
import dev.galen.model.nn.RmsNorm;
import dev.galen.model.nn.Rotary;
import dev.galen.model.nn.Weights;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.backend.Unary;
import dev.galen.tensor.io.TensorFiles;
import dev.galen.tensor.ops.AttentionOp;
import dev.galen.tensor.ops.ConcatOp;
import dev.galen.tensor.ops.Recompute;
import dev.galen.tensor.random.Philox;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * LLaMA (Touvron et al. 2023, arXiv 2302.13971) from outside of Galen, loaded from a HuggingFace
 * directory. Shapes: B batch, T time, C channels, H heads, D head size, V vocabulary.
 */
public final class Llama extends CausalLm {
  private static final Initializer NORMAL = Initializer.normal(0.02);

  /** Causal attention with rotary positions, where several heads of queries share one of keys. */
  private static final class Attention extends Layer {
    private final LlamaConfig config;
    private final int index;
    private final Linear q;
    private final Linear k;
    private final Linear v;
    private final Linear o;

    Attention(LlamaConfig config, int index, Weights weights) {
      this.config = config;
      this.index = index;
      int queries = config.heads() * config.headSize();
      int keys = config.keyHeads() * config.headSize();
      q = child("q_proj", linear(config.channels(), queries, weights.in("q_proj")));
      k = child("k_proj", linear(config.channels(), keys, weights.in("k_proj")));
      v = child("v_proj", linear(config.channels(), keys, weights.in("v_proj")));
      o = child("o_proj", linear(queries, config.channels(), weights.in("o_proj")));
    }

    Tensor forward(Tensor x_BTC, Rotary rotary, Rotary.Angles angles, KvCache cache) {
      Tensor queries = rotary.apply(q.forward(x_BTC), angles);
      Tensor keys = rotary.apply(k.forward(x_BTC), angles);
      Tensor values = v.forward(x_BTC);
      var options = AttentionOp.Options.causal(config.headSize()).withKeyHeads(config.keyHeads());
      Tensor y_BTC =
          cache == null
              ? AttentionOp.apply(queries, keys, values, config.heads(), options)
              : cache.attend(
                  index, ConcatOp.apply(2, queries, keys, values), config.heads(), options);
      return o.forward(y_BTC);
    }
  }

  /** The gated feed-forward part: down(silu(gate(x)) up(x)). */
  private static final class Mlp extends Layer {
    private final Linear gate;
    private final Linear up;
    private final Linear down;

    Mlp(LlamaConfig config, Weights weights) {
      gate = child("gate_proj", linear(config.channels(), config.inner(), weights.in("gate_proj")));
      up = child("up_proj", linear(config.channels(), config.inner(), weights.in("up_proj")));
      down = child("down_proj", linear(config.inner(), config.channels(), weights.in("down_proj")));
    }

    Tensor forward(Tensor x_BTC) {
      return down.forward(gate.forward(x_BTC).map(Unary.SILU).mul(up.forward(x_BTC)));
    }
  }

  /** One block: x + attention(norm(x)), then x + mlp(norm(x)). */
  private static final class Block extends Layer {
    private final RmsNorm attentionNorm;
    private final Attention attention;
    private final RmsNorm mlpNorm;
    private final Mlp mlp;

    Block(LlamaConfig config, int index, Weights weights) {
      attentionNorm = child("input_layernorm", norm(config, weights.in("input_layernorm")));
      attention = child("self_attn", new Attention(config, index, weights.in("self_attn")));
      mlpNorm =
          child("post_attention_layernorm", norm(config, weights.in("post_attention_layernorm")));
      mlp = child("mlp", new Mlp(config, weights.in("mlp")));
    }

    Tensor forward(Tensor x_BTC, Rotary rotary, Rotary.Angles angles, KvCache cache) {
      Tensor y_BTC =
          x_BTC.add(attention.forward(attentionNorm.forward(x_BTC), rotary, angles, cache));
      return y_BTC.add(mlp.forward(mlpNorm.forward(y_BTC)));
    }
  }

  /** Everything below the head. */
  private static final class Trunk extends Layer {
    private final Embedding embedding;
    private final List<Block> blocks = new ArrayList<>();
    private final RmsNorm norm;
    private final Rotary rotary;
    private boolean recompute;

    Trunk(LlamaConfig config, Weights weights) {
      embedding =
          child(
              "embed_tokens",
              new Embedding(
                  config.vocabulary(), config.channels(), NORMAL, weights.in("embed_tokens")));
      for (int i = 0; i < config.layers(); i++) {
        blocks.add(child("layers." + i, new Block(config, i, weights.in("layers").in(i))));
      }
      norm = child("norm", norm(config, weights.in("norm")));
      rotary = new Rotary(config.headSize(), config.context(), config.theta(), weights.device());
    }

    /** I32 {@code [B, T]} to {@code [B, T, C]}; extends a cache by T positions. */
    Tensor forward(Tensor ids_BT, KvCache cache) {
      int past = cache == null ? 0 : cache.length();
      int time = ids_BT.dim(1);
      // A single token's place is read on the device, so that a GPU can replay a captured step.
      Rotary.Angles angles =
          cache != null && time == 1
              ? rotary.at(cache.lengths().reshape(cache.batch(), 1))
              : rotary.at(past, past + time);
      Tensor x_BTC = embedding.forward(ids_BT);
      for (Block block : blocks) {
        x_BTC =
            recompute && cache == null
                ? Recompute.of(x -> block.forward(x, rotary, angles, null), x_BTC, null)
                : block.forward(x_BTC, rotary, angles, cache);
      }
      if (cache != null) {
        cache.advance(time);
      }
      return norm.forward(x_BTC);
    }
  }

  private final LlamaConfig config;
  private final Trunk model;
  private final Linear head;
  private final Philox random = new Philox(0);

  Llama(LlamaConfig config, Weights weights) {
    this.config = config;
    setEndOfTextIds(config.ends());
    model = child("model", new Trunk(config, weights.in("model")));
    head =
        config.tied()
            ? null
            : child(
                "lm_head", linear(config.channels(), config.vocabulary(), weights.in("lm_head")));
  }

  private static Linear linear(int in, int out, Weights weights) {
    return new Linear(in, out, false, NORMAL, weights);
  }

  private static RmsNorm norm(LlamaConfig config, Weights weights) {
    return new RmsNorm(config.channels(), config.epsilon(), weights);
  }

  private Tensor head(Tensor x_BTC) {
    return head == null ? model.embedding.weight().linear(x_BTC, null) : head.forward(x_BTC);
  }

  @Override
  public Tensor logits(Inputs inputs) {
    return head(model.forward(inputs.ids(), null));
  }

  @Override
  public Tensor next(Tensor ids_BT, KvCache cache) {
    Tensor x_BTC = model.forward(ids_BT, cache);
    int last = x_BTC.dim(1) - 1;
    return head(x_BTC.slice(1, last, last + 1)).reshape(x_BTC.dim(0), config.vocabulary());
  }

  @Override
  public KvCache newCache(int batch, int capacity) {
    int positions = Math.min(capacity, config.context());
    int channels = config.keyHeads() * config.headSize();
    return new KvCache(backend(), config.layers(), batch, positions, channels);
  }

  @Override
  public int contextLength() {
    return config.context();
  }

  @Override
  public int vocabularySize() {
    return config.vocabulary();
  }

  @Override
  public Philox random() {
    return random;
  }

  @Override
  public void setRecompute(boolean recompute) {
    model.recompute = recompute;
  }

  /** Loads config and weights; nothing may be missing, and nothing may be left over. */
  static Llama load(Path directory, Device device) throws IOException {
    var config = LlamaConfig.read(directory.resolve("config.json"));
    var files = TensorFiles.open(directory, Arena.ofAuto());
    var model = new Llama(config, Weights.of(device, files));
    var unused = new HashSet<>(files.entries().keySet());
    unused.removeAll(model.parameters().keySet());
    if (!unused.isEmpty()) {
      throw new IOException(directory + ": has tensors that this model does not: " + unused);
    }
    return model;
  }
}
