package dev.galen.tensor.ops;

import dev.galen.tensor.Autograd;
import dev.galen.tensor.DType;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;

/**
 * Rows brought back to where {@link EmbeddingOp} gathered them, weighed and summed: how the outputs
 * of experts become a token's (Shazeer et al. 2017, arXiv 1701.06538).
 *
 * <pre>{@code
 * y[ids[i]] += weights[i] x[i], in the order of i
 * dX[i] = weights[i] dY[ids[i]],   dWeights[i] = x[i] . dY[ids[i]]
 * }</pre>
 */
public final class ScatterRowsOp {
  private ScatterRowsOp() {}

  /**
   * @param input {@code [n, C]}
   * @param ids I32 {@code [n]}, each in 0..rows-1; they may repeat
   * @param weights {@code [n]}, used in F32
   * @param rows N
   * @return {@code [N, C]}, zeros in rows without an id
   */
  public static Tensor apply(Tensor input, Tensor ids, Tensor weights, int rows) {
    Checks.require(
        input.shape().rank() == 2
            && ids.dtype() == DType.I32
            && ids.shape().equals(Shape.of(input.dim(0)))
            && weights.shape().equals(ids.shape())
            && rows >= 0,
        "scatterRows of %s by ids %s with weights %s into %d rows",
        input.shape(),
        ids,
        weights.shape(),
        rows);
    Tensor x = input.contiguous();
    Tensor index = ids.contiguous();
    Tensor w = weights.to(x.dtype().statistics()).contiguous();
    Checks.sameBackend("scatterRows", x, index);
    Checks.sameBackend("scatterRows", x, w);
    int count = x.dim(0);
    int cols = x.dim(1);
    Tensor y = Tensors.full(x.backend(), x.dtype(), Shape.of(rows, cols), 0);
    x.backend()
        .embedding()
        .scatter(
            x.contiguousSpan(),
            index.contiguousSpan(),
            w.contiguousSpan(),
            y.span(),
            count,
            cols,
            rows);
    return Autograd.record(
        "scatterRows",
        y,
        (dY, gradients) -> {
          Tensor dX = Tensors.emptyLike(x);
          Tensor dWeights = gradients.needs(w) ? Tensors.emptyLike(w) : null;
          x.backend()
              .embedding()
              .scatterBackward(
                  x.contiguousSpan(),
                  index.contiguousSpan(),
                  w.contiguousSpan(),
                  dY.contiguous().contiguousSpan(),
                  dX.span(),
                  dWeights == null ? null : dWeights.span(),
                  count,
                  cols,
                  rows);
          gradients.add(x, dX);
          if (dWeights != null) {
            gradients.add(w, dWeights);
          }
        },
        x,
        w);
  }
}
