package dev.galen.model.nn;

import dev.galen.tensor.Autocast;
import dev.galen.tensor.PackedWeight;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.ops.EmbeddingOp;
import dev.galen.tensor.ops.LinearOp;

/**
 * The weights of a product or an embedding, in the form that {@link Weights} chose: a layer asks
 * for one and need not know which. One that two layers share is stored once in any form.
 */
public sealed interface Weight {
  /**
   * {@code x W + b}.
   *
   * @param x {@code [..., in]}
   * @param bias {@code [out]} or null
   * @return {@code [..., out]}
   */
  Tensor linear(Tensor x, Tensor bias);

  /**
   * Rows of a matrix that lies by outputs.
   *
   * @param ids I32 of any shape
   * @return {@code [..., in]}
   */
  Tensor rows(Tensor ids);

  /**
   * A parameter.
   *
   * @param tensor {@code [out, in]} if {@code outputFirst}, else {@code [in, out]}
   * @param outputFirst whether it lies by outputs, as PyTorch's linear layers do
   */
  record Dense(Tensor tensor, boolean outputFirst) implements Weight {
    @Override
    public Tensor linear(Tensor x, Tensor bias) {
      return LinearOp.apply(x, tensor, bias, outputFirst);
    }

    @Override
    public Tensor rows(Tensor ids) {
      return EmbeddingOp.apply(tensor, ids);
    }
  }

  /**
   * Rounded for inference, and no parameter.
   *
   * @param weight {@code [out, in]}
   */
  record Packed(PackedWeight weight) implements Weight {
    @Override
    public Tensor linear(Tensor x, Tensor bias) {
      return weight.linear(Autocast.widen(x), bias);
    }

    @Override
    public Tensor rows(Tensor ids) {
      return weight.rows(ids);
    }
  }

  /**
   * The table of an embedding: what a tied head multiplies with.
   *
   * @param table {@code [out, in]}
   */
  record Shared(Embedding table) implements Weight {
    @Override
    public Tensor linear(Tensor x, Tensor bias) {
      return table.weight().linear(x, bias);
    }

    @Override
    public Tensor rows(Tensor ids) {
      return table.weight().rows(ids);
    }
  }

  /**
   * A frozen matrix with an update of low rank to learn.
   *
   * @param base W, whose parameter is frozen
   * @param update what is added to it
   */
  record LowRank(Weight base, LowRankUpdate update) implements Weight {
    /**
     * A plain update (Hu et al. 2021, arXiv 2106.09685): {@code W + scale B A} where W lies by
     * outputs.
     *
     * @param down A, {@code [rank, in]}
     * @param up B, {@code [out, rank]}, zero at first
     * @param scale alpha / rank
     */
    public LowRank(Weight base, Tensor down, Tensor up, double scale) {
      this(base, new LowRankUpdate(down, up, null, null, scale, null));
    }

    @Override
    public Tensor linear(Tensor x, Tensor bias) {
      return update.linear(base, x, bias);
    }

    /** {@code W[ids] + scale B[ids] A}. */
    @Override
    public Tensor rows(Tensor ids) {
      return update.rows(base, ids);
    }
  }
}
