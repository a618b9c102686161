package dev.galen.model.t5;

import dev.galen.model.nn.CrossCache;
import dev.galen.model.nn.Initializer;
import dev.galen.model.nn.KvCache;
import dev.galen.model.nn.Layer;
import dev.galen.model.nn.Linear;
import dev.galen.model.nn.Weights;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.ops.AttentionOp;
import dev.galen.tensor.ops.ConcatOp;
import dev.galen.tensor.ops.EmbeddingOp;
import dev.galen.tensor.random.Philox;

/** Attention over H heads, whose products of queries and keys are not scaled. */
final class T5Attention extends Layer {
  /** The initialisation makes queries small instead. */
  private static final double SCALE = 1;

  private final T5Config config;
  private final Philox random;
  private final Linear q;
  private final Linear k;
  private final Linear v;
  private final Linear o;

  T5Attention(T5Config config, Weights weights, Philox random) {
    this.config = config;
    this.random = random;
    double c = config.channels();
    int inner = config.attentionChannels();
    q = project("q", config.channels(), inner, c * config.headSize(), weights);
    k = project("k", config.channels(), inner, c, weights);
    v = project("v", config.channels(), inner, c, weights);
    o = project("o", inner, config.channels(), inner, weights);
  }

  private Linear project(String name, int in, int out, double variance, Weights weights) {
    var normal = Initializer.normal(config.initializerFactor() / Math.sqrt(variance));
    return child(name, new Linear(in, out, false, normal, weights.in(name)));
  }

  /** Numbers that are added to the products of queries and keys, by bucket and head. */
  static final class Bias extends Layer {
    private final Tensor weight;

    Bias(T5Config config, Weights weights) {
      var normal = Initializer.normal(config.initializerFactor() / Math.sqrt(config.channels()));
      Shape shape = Shape.of(config.buckets(), config.heads());
      weight = parameter("weight", weights.get("weight", shape, normal));
    }

    /** I32 buckets {@code [R]} to {@code [R, H]}. */
    Tensor forward(Tensor buckets_R) {
      return EmbeddingOp.apply(weight, buckets_R);
    }
  }

  /**
   * Of a text over itself.
   *
   * @param x_BTC {@code [B, T, C]}
   * @param bias_RH of each distance, first the most negative: {@code [2 T - 1, H]}, with a cache
   *     {@code [capacity, H]}
   * @param causal whether a token sees no later one
   * @param mask_BT U8, 0 hides a token; or null
   * @param cache keys and values of the positions before; null without
   * @return {@code [B, T, C]}
   */
  Tensor overItself(
      Tensor x_BTC, Tensor bias_RH, boolean causal, Tensor mask_BT, KvCache cache, int layer) {
    Tensor query = q.forward(x_BTC);
    Tensor key = k.forward(x_BTC);
    Tensor value = v.forward(x_BTC);
    var options = options(causal, mask_BT).withDistanceBias(bias_RH);
    if (cache == null) {
      attends(query, key, config.heads(), options);
    }
    Tensor y =
        cache == null
            ? AttentionOp.apply(query, key, value, config.heads(), options)
            : cache.attend(layer, ConcatOp.apply(2, query, key, value), config.heads(), options);
    return o.forward(y);
  }

  /**
   * Of the decoder's text over the encoder's.
   *
   * @param x_BSC {@code [B, S, C]}
   * @param states_BTC the encoder's hidden states
   * @param mask_BT U8, 0 hides one of them; or null
   * @return {@code [B, S, C]}
   */
  Tensor overStates(Tensor x_BSC, Tensor states_BTC, Tensor mask_BT) {
    Tensor query = q.forward(x_BSC);
    Tensor key = k.forward(states_BTC);
    Tensor value = v.forward(states_BTC);
    var options = options(false, mask_BT);
    attends(query, key, config.heads(), options);
    return o.forward(AttentionOp.apply(query, key, value, config.heads(), options));
  }

  /** The same over keys and values that a cache keeps. */
  Tensor overCache(Tensor x_BSC, KvCache cache, int layer) {
    return o.forward(cache.cross().attend(layer, q.forward(x_BSC), config.heads(), SCALE));
  }

  /** Puts the keys and values of the encoder's states {@code [B, T, C]} into a cache. */
  void fill(Tensor states_BTC, CrossCache cache) {
    cache.add(k.forward(states_BTC), v.forward(states_BTC));
  }

  private AttentionOp.Options options(boolean causal, Tensor mask_BT) {
    return new AttentionOp.Options(
        SCALE, causal, mask_BT, isTraining() ? config.dropout() : 0, random);
  }
}
