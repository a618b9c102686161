package dev.galen.model.nn;

import dev.galen.model.nn.Weight.Dense;
import dev.galen.tensor.Autocast;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.ops.EmbeddingOp;
import dev.galen.tensor.ops.LinearOp;
import dev.galen.tensor.ops.LowRankLinearOp;
import java.util.stream.IntStream;

/**
 * What is learned beside a frozen matrix W {@code [out, in]} (LoRA, Hu et al. 2021, arXiv
 * 2106.09685): {@code W + s B A}, where dropout changes what A reads. With a magnitude m it is DoRA
 * (Liu et al. 2024, arXiv 2402.09353): {@code (m / n) (W + s B A)}, where n are the norms of {@code
 * W + s B A} over what m does not count, without a gradient.
 *
 * <p>Of a product, m and n count outputs. Of an embedding, whose rows are its outputs' vectors,
 * they count channels.
 */
public final class LowRankUpdate {
  private final Tensor down;
  private final Tensor up;
  private final Tensor bias;
  private final Tensor magnitude;
  private final double scale;
  private final Dropout dropout;
  private Tensor squares; // of what DoRA's norms are made of: those of W, which is frozen

  /**
   * An update that exists.
   *
   * @param down A, {@code [rank, in]}
   * @param up B, {@code [out, rank]}
   * @param bias of B, {@code [out]}, scaled as B is; or null
   * @param magnitude m: {@code [out]} of a product, {@code [in]} of an embedding; or null
   * @param scale s: alpha / rank, or alpha / sqrt(rank)
   * @param dropout of what A reads; or null
   */
  public LowRankUpdate(
      Tensor down, Tensor up, Tensor bias, Tensor magnitude, double scale, Dropout dropout) {
    this.down = down;
    this.up = up;
    this.bias = bias;
    this.magnitude = magnitude;
    this.scale = scale;
    this.dropout = dropout;
  }

  /** A, {@code [rank, in]}. */
  public Tensor down() {
    return down;
  }

  /** B, {@code [out, rank]}. */
  public Tensor up() {
    return up;
  }

  /** The bias of B, or null. */
  public Tensor bias() {
    return bias;
  }

  /** m, or null. */
  public Tensor magnitude() {
    return magnitude;
  }

  /** What B A is multiplied by. */
  public double scale() {
    return scale;
  }

  /** What is dropped of what A reads, or null. */
  public Dropout dropout() {
    return dropout;
  }

  /** {@code x (W + s B A)^T + b}, or what DoRA makes of it. */
  Tensor linear(Weight base, Tensor x, Tensor baseBias) {
    Tensor low = dropout == null ? x : dropout.forward(x);
    if (magnitude == null) {
      Tensor y = sum(base, x, low, baseBias);
      return bias == null ? y : y.add(bias.mul(scale));
    }
    Tensor factor = magnitude.div(norms(base, false));
    if (low == x) {
      Tensor y = sum(base, x, x, null).mul(factor);
      return baseBias == null ? y : y.add(baseBias);
    }
    // PEFT: what is dropped is dropped of the whole change, W's part of it too.
    Tensor change = sum(base, low, low, null).mul(factor).sub(base.linear(low, null));
    return base.linear(x, baseBias).add(change);
  }

  private Tensor sum(Weight base, Tensor x, Tensor low, Tensor baseBias) {
    Weight plain = base instanceof Weight.Shared shared ? shared.table().weight() : base;
    if (plain instanceof Dense dense) {
      return LowRankLinearOp.apply(
          x, low, dense.tensor(), baseBias, dense.outputFirst(), down, up, scale);
    }
    Tensor inner = LinearOp.apply(low, down, null, true).mul(scale);
    return base.linear(x, baseBias).add(LinearOp.apply(inner, up, null, true));
  }

  /** {@code W[ids] + s B[ids] A}, or what DoRA makes of it. */
  Tensor rows(Weight base, Tensor ids) {
    Tensor update = LinearOp.apply(EmbeddingOp.apply(up, ids).mul(scale), down, null, false);
    Tensor y = base.rows(ids).add(Autocast.widen(update));
    return magnitude == null ? y : y.mul(magnitude.div(norms(base, true)));
  }

  /**
   * W with the update in it, in the layout that it has; outside of every scope.
   *
   * @param base the frozen matrix, or what other updates have made of it
   * @param root the frozen matrix, whose norms DoRA takes
   * @param embeds whether it is an embedding
   */
  public Tensor merged(Dense base, Weight root, boolean embeds) {
    try (var off = Autograd.noGrad();
        var full = Autocast.off();
        var scope = MemoryScope.open("merge")) {
      Tensor change = up.matmul(down).mul(scale); // [out, in]
      Tensor sum = base.tensor().add(base.outputFirst() ? change : change.transpose(0, 1));
      if (magnitude != null) {
        Tensor factor = magnitude.div(norms(root, embeds));
        sum = sum.mul(embeds || !base.outputFirst() ? factor : factor.reshape(factor.dim(0), 1));
      }
      return sum.contiguous().keep();
    }
  }

  /** DoRA's m at first: the norms of {@code W + s B A}, in memory of their own. */
  public Tensor magnitudeOver(Weight base, boolean embeds) {
    return MemoryScope.outside(() -> norms(base, embeds));
  }

  /**
   * The norms of {@code W + s B A}: {@code n^2 = |w|^2 + 2 s w . (B A) + s^2 |B A|^2} for each
   * vector, so that no matrix of W's size is made.
   */
  private Tensor norms(Weight base, boolean embeds) {
    try (var off = Autograd.noGrad();
        var full = Autocast.off()) {
      if (squares == null) {
        squares = squares(base, embeds);
      }
      // [v, rank] and [rank, w]: one factor lies along the vectors that are counted.
      Tensor counted = embeds ? down.transpose(0, 1).contiguous() : up;
      Tensor along = embeds ? up.transpose(0, 1).contiguous() : down;
      Tensor products = products(base, along, embeds); // [rank, v]
      Tensor mixed = products.transpose(0, 1).mul(counted).sum(1).mul(2 * scale);
      Tensor gram = along.matmul(along, false, true);
      Tensor own = counted.matmul(gram).mul(counted).sum(1).mul(scale * scale);
      return squares.add(mixed).add(own).sqrt();
    }
  }

  /** {@code A W^T} of a product, {@code B^T W} of an embedding. */
  private static Tensor products(Weight base, Tensor along, boolean embeds) {
    return embeds ? along.matmul(dense(base)) : base.linear(along, null);
  }

  private static Tensor squares(Weight base, boolean embeds) {
    return MemoryScope.outside(
        () -> {
          Tensor matrix = dense(base);
          boolean byRows = !embeds && !(base instanceof Dense lies && !lies.outputFirst());
          return matrix.mul(matrix).sum(byRows ? 1 : 0);
        });
  }

  /** W as it lies, or unpacked. */
  private static Tensor dense(Weight base) {
    return switch (base) {
      case Dense dense -> dense.tensor();
      case Weight.Packed packed -> {
        int count = packed.weight().out();
        int[] all = IntStream.range(0, count).toArray();
        yield packed.rows(Tensors.of(packed.weight().backend(), all, count));
      }
      case Weight.LowRank low -> dense(low.base());
      case Weight.Shared shared -> dense(shared.table().weight());
    };
  }
}
