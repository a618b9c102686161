package dev.galen.model.nn;

import dev.galen.tensor.Tensor;
import dev.galen.tensor.ops.AttentionOp;
import dev.galen.tensor.ops.ConcatOp;
import dev.galen.tensor.random.Philox;

/**
 * Causal self-attention with {@link Rotary} positions, where several heads of queries may share one
 * of keys and values (Ainslie et al. 2023, arXiv 2305.13245), as LLaMA and Mixtral have it.
 */
public final class RotaryAttention extends Layer {
  private final Shape shape;
  private final int index;
  private final Philox random;
  private final Linear q;
  private final Linear k;
  private final Linear v;
  private final Linear o;

  /**
   * What it is made of.
   *
   * @param channels C
   * @param heads H, of queries
   * @param keyHeads heads of keys and values, dividing H
   * @param headSize D; H D need not be C
   * @param window how many positions a query sees, its own counted; 0 for all before it
   * @param dropout of the attention weights
   * @param inputBias whether queries, keys and values have a bias
   * @param outputBias whether the last projection has one
   * @param initializer of the matrices
   */
  public record Shape(
      int channels,
      int heads,
      int keyHeads,
      int headSize,
      int window,
      double dropout,
      boolean inputBias,
      boolean outputBias,
      Initializer initializer) {}

  /** That of layer {@code index}; dropout draws from {@code random}. */
  public RotaryAttention(Shape shape, int index, Weights weights, Philox random) {
    this.shape = shape;
    this.index = index;
    this.random = random;
    int queries = shape.heads() * shape.headSize();
    int keys = shape.keyHeads() * shape.headSize();
    q = input("q_proj", queries, weights);
    k = input("k_proj", keys, weights);
    v = input("v_proj", keys, weights);
    o =
        child(
            "o_proj",
            new Linear(
                queries,
                shape.channels(),
                shape.outputBias(),
                shape.initializer(),
                weights.in("o_proj")));
  }

  private Linear input(String name, int out, Weights weights) {
    return child(
        name,
        new Linear(
            shape.channels(), out, shape.inputBias(), shape.initializer(), weights.in(name)));
  }

  /**
   * Attends.
   *
   * @param x_BTC {@code [B, T, C]}
   * @param angles of its positions
   * @param mask what is hidden; nothing with a cache
   * @param cache what came before, extended by this call; or null
   * @return {@code [B, T, C]}
   */
  public Tensor forward(
      Tensor x_BTC, Rotary rotary, Rotary.Angles angles, AttentionMask mask, KvCache cache) {
    Tensor q_BTC = rotary.apply(q.forward(x_BTC), angles);
    Tensor k_BTC = rotary.apply(k.forward(x_BTC), angles);
    Tensor v_BTC = v.forward(x_BTC);
    double dropout = isTraining() ? shape.dropout() : 0;
    AttentionOp.Options options =
        mask.causal(1 / Math.sqrt(shape.headSize()), dropout, random)
            .withKeyHeads(shape.keyHeads())
            .withWindow(shape.window());
    if (cache == null) {
      attends(q_BTC, k_BTC, shape.heads(), options);
    }
    Tensor y_BTC =
        cache == null
            ? AttentionOp.apply(q_BTC, k_BTC, v_BTC, shape.heads(), options)
            : cache.attend(index, ConcatOp.apply(2, q_BTC, k_BTC, v_BTC), shape.heads(), options);
    return o.forward(y_BTC);
  }
}
