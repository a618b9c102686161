package dev.galen.model.nn;

import dev.galen.tensor.Autocast;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.DType;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Unary;
import dev.galen.tensor.ops.ConcatOp;
import dev.galen.tensor.ops.EmbeddingOp;
import dev.galen.tensor.ops.RouteOp;
import dev.galen.tensor.ops.ScatterRowsOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A feed-forward part of several experts, of which a router picks k for each token (Shazeer et al.
 * 2017, arXiv 1701.06538; Jiang et al. 2024, arXiv 2401.04088): {@code sum over the k of w_e
 * w2_e(f(w1_e(x)) w3_e(x))}, where w is the softmax of the router's logits, in F32, of the k alone.
 *
 * <p>The tokens of an expert are gathered and computed together. One that no token goes to is not
 * computed and gets no gradient. The host reads which ones there are, so that a GPU cannot replay a
 * capture of it.
 */
public final class MixtureOfExperts extends Layer {
  private final int chosen;
  private final Unary activation;
  private final Linear gate;
  private final List<Expert> experts = new ArrayList<>();

  /**
   * What it is made of.
   *
   * @param channels C
   * @param innerChannels of each expert
   * @param experts E
   * @param chosen k, experts of a token
   * @param activation of an expert's gate
   * @param initializer of the matrices
   */
  public record Shape(
      int channels,
      int innerChannels,
      int experts,
      int chosen,
      Unary activation,
      Initializer initializer) {}

  /** Experts and their router. */
  public MixtureOfExperts(Shape shape, Weights weights) {
    chosen = shape.chosen();
    activation = shape.activation();
    gate =
        child(
            "gate",
            new Linear(
                shape.channels(), shape.experts(), false, shape.initializer(), weights.in("gate")));
    for (int i = 0; i < shape.experts(); i++) {
      experts.add(child("experts." + i, new Expert(shape, weights.in("experts").in(i))));
    }
  }

  /** One expert: w2(f(w1(x)) w3(x)). */
  private static final class Expert extends Layer {
    private final Linear w1;
    private final Linear w2;
    private final Linear w3;

    Expert(Shape shape, Weights weights) {
      int channels = shape.channels();
      int inner = shape.innerChannels();
      Initializer initializer = shape.initializer();
      w1 = child("w1", new Linear(channels, inner, false, initializer, weights.in("w1")));
      w2 = child("w2", new Linear(inner, channels, false, initializer, weights.in("w2")));
      w3 = child("w3", new Linear(channels, inner, false, initializer, weights.in("w3")));
    }

    Tensor forward(Tensor x_nC, Unary f) {
      return GatedFeedForward.of(x_nC, w1, f, w3, w2);
    }
  }

  /**
   * What it gives.
   *
   * @param output {@code [B, T, C]}
   * @param routerLogits {@code [B, T, E]}, before the softmax
   */
  public record Output(Tensor output, Tensor routerLogits) {}

  /** Of {@code [B, T, C]}. */
  public Output forward(Tensor x_BTC) {
    int batch = x_BTC.dim(0);
    int time = x_BTC.dim(1);
    int channels = x_BTC.dim(2);
    int tokens = batch * time;
    Tensor x_NC = x_BTC.reshape(tokens, channels);
    Tensor logits_NE = gate.forward(x_NC);
    RouteOp.Routing routing = RouteOp.apply(logits_NE, chosen);
    int[] picked = routing.experts().toInts();
    // A pick is one of the N k choices of an expert for a token; those of an expert stand together.
    int[] picks = byExpert(picked);
    int[] rows = Arrays.stream(picks).map(pick -> pick / chosen).toArray();
    Tensor picks_P = Tensors.of(x_NC.backend(), picks, picks.length);
    Tensor rows_P = Tensors.of(x_NC.backend(), rows, rows.length);
    List<Tensor> outputs = new ArrayList<>();
    for (int from = 0; from < picks.length; ) {
      int expert = picked[picks[from]];
      int to = from;
      while (to < picks.length && picked[picks[to]] == expert) {
        to++;
      }
      Tensor x_nC = EmbeddingOp.apply(x_NC, rows_P.slice(0, from, to));
      outputs.add(experts.get(expert).forward(x_nC, activation));
      from = to;
    }
    Tensor y_PC = Autocast.widen(ConcatOp.apply(0, outputs.toArray(Tensor[]::new)));
    Tensor weights_P =
        EmbeddingOp.apply(routing.weights().reshape(tokens * chosen, 1), picks_P)
            .reshape(picks.length);
    Tensor y_NC = ScatterRowsOp.apply(y_PC, rows_P, weights_P, tokens);
    return new Output(
        y_NC.reshape(batch, time, channels), logits_NE.reshape(batch, time, experts.size()));
  }

  /** The indices of {@code picked}, expert by expert and in their order for each. */
  private int[] byExpert(int[] picked) {
    var next = new int[experts.size() + 1];
    for (int expert : picked) {
      next[expert + 1]++;
    }
    for (int expert = 0; expert < experts.size(); expert++) {
      next[expert + 1] += next[expert];
    }
    var picks = new int[picked.length];
    for (int pick = 0; pick < picked.length; pick++) {
      picks[next[picked[pick]]++] = pick;
    }
    return picks;
  }

  /**
   * How unevenly tokens are spread over the experts of some layers (Fedus et al. 2021, arXiv
   * 2101.03961, equations 4 to 6, for k experts of a token): {@code E sum over e of f_e p_e}, where
   * f is the share of tokens that pick e and p its mean probability, both over all layers; k if
   * they are even.
   *
   * @param routerLogits of each layer, {@code [B, T, E]}
   * @param chosen k
   * @param mask_BT U8 {@code [B, T]}, 0 leaves a position out; or null
   * @return a scalar
   */
  public static Tensor imbalance(List<Tensor> routerLogits, int chosen, Tensor mask_BT) {
    int tokens = routerLogits.getFirst().shape().rows();
    int experts = routerLogits.getFirst().dim(-1);
    Tensor mask_N1 = mask_BT == null ? null : mask_BT.to(DType.F32).reshape(tokens, 1);
    Tensor picked_E = null;
    Tensor probability_E = null;
    for (Tensor logits : routerLogits) {
      Tensor logits_NE = Autocast.widen(logits).reshape(tokens, experts);
      Tensor picks = sumOfRows(picks(logits_NE, chosen), mask_N1);
      Tensor probabilities = sumOfRows(logits_NE.softmax(), mask_N1);
      picked_E = picked_E == null ? picks : picked_E.add(picks);
      probability_E = probability_E == null ? probabilities : probability_E.add(probabilities);
    }
    Tensor product = picked_E.mul(probability_E).sum();
    if (mask_N1 == null) {
      double rows = (double) tokens * routerLogits.size();
      return product.mul(experts / (rows * rows));
    }
    Tensor rows = mask_N1.sum().mul(routerLogits.size());
    return product.div(rows.mul(rows)).mul(experts);
  }

  private static Tensor sumOfRows(Tensor x_NE, Tensor mask_N1) {
    return (mask_N1 == null ? x_NE : x_NE.mul(mask_N1)).sum(0);
  }

  /** 1 where a token picks an expert, {@code [N, E]}. */
  private static Tensor picks(Tensor logits_NE, int chosen) {
    int experts = logits_NE.dim(1);
    try (var off = Autograd.noGrad()) {
      var ones = new int[experts * experts];
      for (int i = 0; i < experts; i++) {
        ones[i * (experts + 1)] = 1;
      }
      Tensor unit_EE = Tensors.of(logits_NE.backend(), ones, experts, experts).to(DType.F32);
      Tensor picked_Nk = RouteOp.apply(logits_NE, chosen).experts();
      return EmbeddingOp.apply(unit_EE, picked_Nk).sum(1);
    }
  }
}
