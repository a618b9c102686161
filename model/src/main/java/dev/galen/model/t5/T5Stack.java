package dev.galen.model.t5;

import dev.galen.model.nn.CrossCache;
import dev.galen.model.nn.Dropout;
import dev.galen.model.nn.FeedForward;
import dev.galen.model.nn.Initializer;
import dev.galen.model.nn.KvCache;
import dev.galen.model.nn.Layer;
import dev.galen.model.nn.Linear;
import dev.galen.model.nn.RmsNorm;
import dev.galen.model.nn.Weights;
import dev.galen.tensor.Autocast;
import dev.galen.tensor.DType;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.ops.GatedOp;
import dev.galen.tensor.ops.Recompute;
import dev.galen.tensor.random.Philox;
import java.util.ArrayList;
import java.util.List;

/**
 * The encoder or the decoder: blocks that normalise before each part, without a mean and without a
 * bias, and tell positions by their distances alone.
 */
final class T5Stack extends Layer {
  private final boolean isDecoder;
  private final Philox random;
  private final T5Distances distances;
  private final List<Block> block = new ArrayList<>();
  private final RmsNorm finalLayerNorm;
  private final Dropout dropout;
  private boolean recompute;

  T5Stack(T5Config config, boolean isDecoder, Weights weights, Philox random) {
    this.isDecoder = isDecoder;
    this.random = random;
    distances = new T5Distances(config, !isDecoder, weights.device());
    int layers = isDecoder ? config.decoderLayers() : config.encoderLayers();
    for (int i = 0; i < layers; i++) {
      // All blocks share the biases of the first one.
      T5Attention.Bias bias = i == 0 ? null : block.getFirst().self.bias;
      Weights own = weights.in("block").in(i);
      block.add(child("block." + i, new Block(config, isDecoder, i, bias, own, random)));
    }
    finalLayerNorm = child("final_layer_norm", norm(config, weights.in("final_layer_norm")));
    dropout = child("dropout", new Dropout(config.dropout(), random));
  }

  private static RmsNorm norm(T5Config config, Weights weights) {
    return new RmsNorm(config.channels(), config.layerNormEpsilon(), weights);
  }

  /**
   * The encoder's states of a text.
   *
   * @param x_BTC token embeddings {@code [B, T, C]}
   * @param mask_BT U8, 0 for padding, on either side; or null
   * @return {@code [B, T, C]}
   */
  Tensor encode(Tensor x_BTC, Tensor mask_BT) {
    Tensor buckets_R = bucketsOf(x_BTC);
    Tensor y_BTC = dropout.forward(x_BTC);
    for (Block b : block) {
      hidden(y_BTC);
      y_BTC =
          recompute
              ? Recompute.of(x -> b.encode(x, buckets_R, mask_BT), y_BTC, random)
              : b.encode(y_BTC, buckets_R, mask_BT);
    }
    return hidden(dropout.forward(finalLayerNorm.forward(y_BTC)));
  }

  /**
   * The decoder's states of a text that is written for another.
   *
   * @param x_BSC token embeddings {@code [B, S, C]}
   * @param states_BTC the encoder's states {@code [B, T, C]}
   * @param mask_BT U8, 0 hides one of them; or null
   * @return {@code [B, S, C]}
   */
  Tensor decode(Tensor x_BSC, Tensor states_BTC, Tensor mask_BT) {
    Tensor buckets_R = bucketsOf(x_BSC);
    Tensor y_BSC = dropout.forward(x_BSC);
    for (Block b : block) {
      hidden(y_BSC);
      y_BSC =
          recompute
              ? Recompute.of(
                  (x, states) -> b.decode(x, buckets_R, states, mask_BT), y_BSC, states_BTC, random)
              : b.decode(y_BSC, buckets_R, ownView(states_BTC), mask_BT);
    }
    return hidden(dropout.forward(finalLayerNorm.forward(y_BSC)));
  }

  /** Gradients of the states add up block by block, as they do where blocks are recomputed. */
  private static Tensor ownView(Tensor states_BTC) {
    return states_BTC.reshape(states_BTC.shape().toArray());
  }

  /** The same of tokens behind those of a cache, which also has what the encoder said. */
  Tensor decode(Tensor x_BSC, KvCache cache) {
    Tensor buckets_R = distances.of(1 - cache.capacity(), 0);
    Tensor y_BSC = dropout.forward(x_BSC);
    for (Block b : block) {
      hidden(y_BSC);
      y_BSC = b.decode(y_BSC, buckets_R, cache);
    }
    cache.advance(x_BSC.dim(1));
    return hidden(dropout.forward(finalLayerNorm.forward(y_BSC)));
  }

  /** What the decoder's blocks make of the encoder's states, once for all its steps. */
  CrossCache cross(Tensor states_BTC, Tensor mask_BT) {
    var cross = new CrossCache(states_BTC.dim(0), mask_BT);
    block.forEach(b -> b.cross.attention.fill(states_BTC, cross));
    return cross;
  }

  /** Of all distances in a text. */
  private Tensor bucketsOf(Tensor x_BTC) {
    int furthest = x_BTC.dim(1) - 1;
    return distances.of(-furthest, furthest);
  }

  void setRecompute(boolean recompute) {
    this.recompute = recompute;
  }

  /**
   * One transformer block: x + self(norm(x)), in a decoder x + cross(norm(x)), x + mlp(norm(x)).
   */
  private static final class Block extends Layer {
    private final int index;
    private final Self self;
    private final Cross cross;
    private final Mlp mlp;

    Block(
        T5Config config,
        boolean isDecoder,
        int index,
        T5Attention.Bias bias,
        Weights weights,
        Philox random) {
      this.index = index;
      Weights layer = weights.in("layer");
      self = child("layer.0", new Self(config, isDecoder, bias, layer.in(0), random));
      cross = isDecoder ? child("layer.1", new Cross(config, layer.in(1), random)) : null;
      int last = isDecoder ? 2 : 1;
      mlp = child("layer." + last, new Mlp(config, layer.in(last), random));
    }

    Tensor encode(Tensor x_BTC, Tensor buckets_R, Tensor mask_BT) {
      return mlp.forward(self.forward(x_BTC, buckets_R, mask_BT, null, index));
    }

    Tensor decode(Tensor x_BSC, Tensor buckets_R, Tensor states_BTC, Tensor mask_BT) {
      Tensor y_BSC = self.forward(x_BSC, buckets_R, null, null, index);
      return mlp.forward(cross.forward(y_BSC, states_BTC, mask_BT));
    }

    Tensor decode(Tensor x_BSC, Tensor buckets_R, KvCache cache) {
      Tensor y_BSC = self.forward(x_BSC, buckets_R, null, cache, index);
      return mlp.forward(cross.forward(y_BSC, cache, index));
    }
  }

  /** Self-attention, which sees everything in an encoder, and in a decoder what was before. */
  private static final class Self extends Layer {
    private final boolean causal;
    private final RmsNorm norm;
    private final T5Attention attention;
    private final T5Attention.Bias bias;
    private final Dropout dropout;

    Self(T5Config config, boolean causal, T5Attention.Bias shared, Weights weights, Philox random) {
      this.causal = causal;
      Weights own = weights.in("SelfAttention");
      norm = child("layer_norm", norm(config, weights.in("layer_norm")));
      attention = child("SelfAttention", new T5Attention(config, own, random));
      String name = "relative_attention_bias";
      bias =
          shared == null
              ? child("SelfAttention." + name, new T5Attention.Bias(config, own.in(name)))
              : shared;
      dropout = child("dropout", new Dropout(config.dropout(), random));
    }

    Tensor forward(Tensor x_BTC, Tensor buckets_R, Tensor mask_BT, KvCache cache, int layer) {
      Tensor y_BTC =
          attention.overItself(
              norm.forward(x_BTC), bias.forward(buckets_R), causal, mask_BT, cache, layer);
      return x_BTC.add(dropout.forward(y_BTC));
    }
  }

  /** Attention over what the encoder said. */
  private static final class Cross extends Layer {
    private final RmsNorm norm;
    private final T5Attention attention;
    private final Dropout dropout;

    Cross(T5Config config, Weights weights, Philox random) {
      norm = child("layer_norm", norm(config, weights.in("layer_norm")));
      attention =
          child("EncDecAttention", new T5Attention(config, weights.in("EncDecAttention"), random));
      dropout = child("dropout", new Dropout(config.dropout(), random));
    }

    Tensor forward(Tensor x_BSC, Tensor states_BTC, Tensor mask_BT) {
      Tensor y_BSC = attention.overStates(norm.forward(x_BSC), states_BTC, mask_BT);
      return x_BSC.add(dropout.forward(y_BSC));
    }

    Tensor forward(Tensor x_BSC, KvCache cache, int layer) {
      return x_BSC.add(dropout.forward(attention.overCache(norm.forward(x_BSC), cache, layer)));
    }
  }

  /** The feed-forward part: {@code wo(f(wi x))}, or gated {@code wo(f(wi_0 x) wi_1 x)}. */
  private static final class Mlp extends Layer {
    private final T5Config config;
    private final RmsNorm norm;
    private final Linear wi;
    private final Linear up;
    private final Linear wo;
    private final Dropout dropout;

    Mlp(T5Config config, Weights weights, Philox random) {
      this.config = config;
      int channels = config.channels();
      int inner = config.innerChannels();
      Weights own = weights.in("DenseReluDense");
      norm = child("layer_norm", norm(config, weights.in("layer_norm")));
      wi = linear(config.gated() ? "wi_0" : "wi", channels, inner, own);
      up = config.gated() ? linear("wi_1", channels, inner, own) : null;
      wo = linear("wo", inner, channels, own);
      dropout = child("dropout", new Dropout(config.dropout(), random));
    }

    private Linear linear(String name, int in, int out, Weights weights) {
      var normal = Initializer.normal(config.initializerFactor() / Math.sqrt(in));
      return child("DenseReluDense." + name, new Linear(in, out, false, normal, weights.in(name)));
    }

    Tensor forward(Tensor x_BTC) {
      return x_BTC.add(dropout.forward(feedForward(norm.forward(x_BTC))));
    }

    private Tensor feedForward(Tensor x_BTC) {
      // What this product gives may be beyond F16: transformers keeps wo in F32 there.
      boolean widens = Autocast.isTo(DType.F16);
      if (up == null && !widens && !(isTraining() && config.dropout() > 0)) {
        return FeedForward.of(x_BTC, wi, config.activation(), wo);
      }
      Tensor z_BTI = wi.forward(x_BTC);
      Tensor inner_BTI =
          up == null
              ? z_BTI.map(config.activation())
              : GatedOp.apply(z_BTI, up.forward(x_BTC), config.activation());
      Tensor dropped_BTI = dropout.forward(inner_BTI);
      if (!widens) {
        return wo.forward(dropped_BTI);
      }
      Tensor wide_BTI = Autocast.widen(dropped_BTI);
      try (var off = Autocast.off()) {
        return wo.forward(wide_BTI);
      }
    }
  }
}
