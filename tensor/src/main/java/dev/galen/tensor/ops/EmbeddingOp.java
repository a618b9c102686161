package dev.galen.tensor.ops;

import dev.galen.tensor.Autograd;
import dev.galen.tensor.DType;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import java.util.Arrays;

/** {@code y[i] = table[ids[i]]}; {@code dTable[ids[i]] += dY[i]}. */
public final class EmbeddingOp {
  private EmbeddingOp() {}

  /**
   * @param table {@code [rows, n]}
   * @param ids I32 of any shape, each in 0..rows-1
   * @return {@code [..., n]}
   */
  public static Tensor apply(Tensor table, Tensor ids) {
    Checks.sameBackend("embedding", table, ids);
    Checks.require(
        ids.dtype() == DType.I32 && table.shape().rank() == 2,
        "embedding of %s by %s; the table is [rows, n] and ids are I32",
        table,
        ids);
    Tensor index = ids.contiguous();
    Tensor weights = table.contiguous();
    int tableRows = weights.dim(0);
    int cols = weights.dim(1);
    int rows = Math.toIntExact(index.shape().size());
    int[] dims = Arrays.copyOf(index.shape().toArray(), index.shape().rank() + 1);
    dims[dims.length - 1] = cols;
    Tensor y = Tensors.empty(weights.backend(), weights.dtype(), Shape.of(dims));
    weights
        .backend()
        .embedding()
        .gather(weights.contiguousSpan(), index.contiguousSpan(), y.span(), rows, cols, tableRows);
    return Autograd.record(
        "embedding",
        y,
        (dY, gradients) ->
            weights
                .backend()
                .embedding()
                .gatherBackward(
                    dY.contiguous().contiguousSpan(),
                    index.contiguousSpan(),
                    gradients.target(weights).accumulator().contiguousSpan(),
                    rows,
                    cols,
                    tableRows),
        weights);
  }
}
