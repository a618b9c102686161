package dev.galen.model.opt;

import dev.galen.model.Inputs;
import dev.galen.model.Trunk;
import dev.galen.model.nn.AttentionMask;
import dev.galen.model.nn.Dropout;
import dev.galen.model.nn.Embedding;
import dev.galen.model.nn.FeedForward;
import dev.galen.model.nn.Initializer;
import dev.galen.model.nn.KvCache;
import dev.galen.model.nn.Layer;
import dev.galen.model.nn.LayerNorm;
import dev.galen.model.nn.Linear;
import dev.galen.model.nn.Weights;
import dev.galen.tensor.Device;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.ops.AttentionOp;
import dev.galen.tensor.ops.ConcatOp;
import dev.galen.tensor.ops.EmbeddingOp;
import dev.galen.tensor.ops.Recompute;
import dev.galen.tensor.random.Philox;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * OPT without a head (Zhang et al.: "OPT: open pre-trained transformer language models", 2022,
 * arXiv 2205.01068). Shapes: B batch, T time, C channels, E channels of the token embedding, H
 * heads.
 */
public final class Opt extends Trunk<OptConfig> {
  private static final double EPSILON = 1e-5;

  private final Decoder decoder;

  /** The trunk; dropout draws from {@code random}. */
  public Opt(OptConfig config, Weights weights, Philox random) {
    super(config, random);
    decoder = child("decoder", new Decoder(config, weights.in("decoder"), random));
  }

  /**
   * The hidden states, projected to the embedding's channels. Positions that are not given are
   * those among the tokens of a row, without the padding.
   *
   * @return {@code [B, T, E]}; those at padding mean nothing
   */
  @Override
  public Tensor forward(Inputs inputs) {
    requireRoom(inputs.time());
    AttentionMask mask = inputs.causalMask();
    boolean counts =
        mask.keys_BT() != null && (inputs.positions() == null || mask.documents() != null);
    Tensor position_BTC =
        counts
            ? decoder.embedPositions.behindPadding(places(mask))
            : decoder.embedPositions.forward(
                inputs.positions() == null
                    ? decoder.positions.slice(0, 0, inputs.time())
                    : inputs.positions());
    return forward(inputs.ids(), position_BTC, mask, null);
  }

  /**
   * The place of each token among those of its text, from 1, and 0 at padding; I32 {@code [B, T]}.
   */
  private static Tensor places(AttentionMask mask) {
    Tensor keys_BT = mask.keys_BT();
    int time = keys_BT.dim(1);
    int[] keys = keys_BT.toInts();
    int[] within = mask.documents() == null ? null : mask.documents().positions();
    var places = new int[keys.length];
    int tokens = 0;
    for (int i = 0; i < keys.length; i++) {
      boolean begins = within == null ? i % time == 0 : within[i] == 0;
      tokens = begins ? 0 : tokens;
      places[i] = keys[i] == 0 ? 0 : ++tokens;
    }
    return Tensors.of(keys_BT.backend(), places, keys_BT.dim(0), time);
  }

  @Override
  public Tensor forward(Tensor ids_BT, KvCache cache) {
    if (cache == null) {
      return forward(Inputs.of(ids_BT));
    }
    int past = cache.length();
    int time = ids_BT.dim(1);
    requireRoom(past + time);
    Tensor position_BTC = decoder.embedPositions.forward(positions(past, time, cache));
    Tensor x_BTE = forward(ids_BT, position_BTC, AttentionMask.NONE, cache);
    cache.advance(time);
    return x_BTE;
  }

  /** Of one token they are read on the device, so that one capture serves every place. */
  private Tensor positions(int past, int time, KvCache cache) {
    if (time == 1) {
      return cache.lengths().reshape(cache.batch(), 1);
    }
    return cache.isEven()
        ? decoder.positions.slice(0, past, past + time)
        : Tensors.of(decoder.positions.backend(), cache.places(time), cache.batch(), time);
  }

  private Tensor forward(Tensor ids_BT, Tensor position_BTC, AttentionMask mask, KvCache cache) {
    Tensor x_BTC = decoder.embed(ids_BT).add(position_BTC);
    for (Block block : decoder.layers) {
      hidden(x_BTC);
      x_BTC =
          recomputes(cache)
              ? Recompute.of(x -> block.forward(x, mask, null), x_BTC, random())
              : block.forward(x_BTC, mask, cache);
    }
    return hidden(decoder.end(x_BTC));
  }

  /** An empty cache for up to {@code capacity} positions, or as many as there are. */
  @Override
  public KvCache newCache(int batch, int capacity) {
    OptConfig config = config();
    int positions = Math.min(capacity, config.contextLength());
    return new KvCache(backend(), config.layers(), batch, positions, config.channels());
  }

  /** The token embedding {@code [V, E]}. */
  @Override
  public Embedding tokenEmbedding() {
    return decoder.embedTokens;
  }

  private static Linear linear(OptConfig config, int in, int out, boolean bias, Weights weights) {
    return new Linear(in, out, bias, Initializer.normal(config.initializerRange()), weights);
  }

  /** Everything below the head; HuggingFace gives it a level of its own in the names. */
  private static final class Decoder extends Layer {
    private final Embedding embedTokens;
    private final Positions embedPositions;
    private final Linear projectIn;
    private final Linear projectOut;
    private final List<Block> layers = new ArrayList<>();
    private final LayerNorm finalLayerNorm;
    private final Tensor positions;

    Decoder(OptConfig config, Weights weights, Philox random) {
      int channels = config.channels();
      int embedded = config.embeddingChannels();
      embedTokens =
          child(
              "embed_tokens",
              new Embedding(
                  config.vocabularySize(),
                  embedded,
                  config.special().padding(),
                  Initializer.normal(config.initializerRange()),
                  weights.in("embed_tokens")));
      embedPositions =
          child("embed_positions", new Positions(config, weights.in("embed_positions")));
      boolean projects = config.projects();
      projectIn =
          projects
              ? child(
                  "project_in", linear(config, embedded, channels, false, weights.in("project_in")))
              : null;
      projectOut =
          projects
              ? child(
                  "project_out",
                  linear(config, channels, embedded, false, weights.in("project_out")))
              : null;
      for (int i = 0; i < config.layers(); i++) {
        layers.add(child("layers." + i, new Block(config, i, weights.in("layers").in(i), random)));
      }
      finalLayerNorm =
          config.finalNorm()
              ? child(
                  "final_layer_norm",
                  new LayerNorm(channels, EPSILON, weights.in("final_layer_norm")))
              : null;
      // A config may claim any context; where the weights have not borne it out, none is made.
      positions = weights.areAsAsked() ? count(config.contextLength(), weights.device()) : null;
    }

    /** There once and for all: a step that uploads nothing of its own can be captured. */
    private static Tensor count(int count, Device device) {
      int[] all = IntStream.range(0, count).toArray();
      return MemoryScope.outside(() -> Tensors.of(device, all, count));
    }

    Tensor embed(Tensor ids_BT) {
      Tensor tokens_BTE = embedTokens.forward(ids_BT);
      return projectIn == null ? tokens_BTE : projectIn.forward(tokens_BTE);
    }

    Tensor end(Tensor x_BTC) {
      Tensor y_BTC = finalLayerNorm == null ? x_BTC : finalLayerNorm.forward(x_BTC);
      return projectOut == null ? y_BTC : projectOut.forward(y_BTC);
    }
  }

  /** Vectors by position; the table has two rows in front, which fairseq kept for padding. */
  private static final class Positions extends Layer {
    private static final int OFFSET = 2;

    private final Tensor weight;

    Positions(OptConfig config, Weights weights) {
      var shape = Shape.of(config.contextLength() + OFFSET, config.channels());
      var normal = Initializer.normal(config.initializerRange());
      weight = parameter("weight", weights.get("weight", shape, normal));
    }

    /** Of positions from 0: I32 {@code [...]} to {@code [..., C]}. */
    Tensor forward(Tensor positions) {
      return rowsFrom(OFFSET, positions);
    }

    /** Of places from 1, and 0 for padding, which has the row in front of the first position's. */
    Tensor behindPadding(Tensor places_BT) {
      return rowsFrom(OFFSET - 1, places_BT);
    }

    private Tensor rowsFrom(int first, Tensor ids) {
      return output(EmbeddingOp.apply(weight.slice(0, first, weight.dim(0)), ids));
    }
  }

  /**
   * One block: x + attention(norm(x)), then x + mlp(norm(x)); or, in the 350m model, norm(x +
   * attention(x)), then norm(x + mlp(x)).
   */
  private static final class Block extends Layer {
    private final OptConfig config;
    private final Attention attention;
    private final LayerNorm attentionNorm;
    private final Linear fc1;
    private final Linear fc2;
    private final LayerNorm finalNorm;
    private final Dropout dropout;

    Block(OptConfig config, int index, Weights weights, Philox random) {
      this.config = config;
      int channels = config.channels();
      int inner = config.innerChannels();
      boolean bias = config.bias();
      attention = child("self_attn", new Attention(config, index, weights.in("self_attn"), random));
      attentionNorm =
          child(
              "self_attn_layer_norm",
              new LayerNorm(channels, EPSILON, weights.in("self_attn_layer_norm")));
      fc1 = child("fc1", linear(config, channels, inner, bias, weights.in("fc1")));
      fc2 = child("fc2", linear(config, inner, channels, bias, weights.in("fc2")));
      finalNorm =
          child(
              "final_layer_norm", new LayerNorm(channels, EPSILON, weights.in("final_layer_norm")));
      dropout = child("dropout", new Dropout(config.dropout(), random));
    }

    Tensor forward(Tensor x_BTC, AttentionMask mask, KvCache cache) {
      if (config.normBefore()) {
        Tensor a_BTC = attention.forward(attentionNorm.forward(x_BTC), mask, cache);
        // y = x + a and norm(y) in one pass over memory.
        var y_BTC = finalNorm.forward(x_BTC, dropout.forward(a_BTC));
        return y_BTC.sum().add(mlp(y_BTC.output()));
      }
      Tensor a_BTC = attention.forward(x_BTC, mask, cache);
      Tensor y_BTC = attentionNorm.forward(x_BTC, dropout.forward(a_BTC)).output();
      return finalNorm.forward(y_BTC, mlp(y_BTC)).output();
    }

    private Tensor mlp(Tensor x_BTC) {
      return dropout.forward(FeedForward.of(x_BTC, fc1, config.activation(), fc2));
    }
  }

  /** Causal self-attention over H heads. */
  private static final class Attention extends Layer {
    private final OptConfig config;
    private final int index;
    private final Philox random;
    private final Linear k;
    private final Linear v;
    private final Linear q;
    private final Linear out;

    Attention(OptConfig config, int index, Weights weights, Philox random) {
      this.config = config;
      this.index = index;
      this.random = random;
      k = projection("k_proj", weights);
      v = projection("v_proj", weights);
      q = projection("q_proj", weights);
      out = projection("out_proj", weights);
    }

    private Linear projection(String name, Weights weights) {
      int channels = config.channels();
      return child(name, linear(config, channels, channels, config.bias(), weights.in(name)));
    }

    Tensor forward(Tensor x_BTC, AttentionMask mask, KvCache cache) {
      Tensor q_BTC = q.forward(x_BTC);
      Tensor k_BTC = k.forward(x_BTC);
      Tensor v_BTC = v.forward(x_BTC);
      double dropout = isTraining() ? config.attentionDropout() : 0;
      AttentionOp.Options options = mask.causal(1 / Math.sqrt(config.headSize()), dropout, random);
      if (cache == null) {
        attends(q_BTC, k_BTC, config.heads(), options);
      }
      Tensor y_BTC =
          cache == null
              ? AttentionOp.apply(q_BTC, k_BTC, v_BTC, config.heads(), options)
              : cache.attend(
                  index, ConcatOp.apply(2, q_BTC, k_BTC, v_BTC), config.heads(), options);
      return out.forward(y_BTC);
    }
  }
}
