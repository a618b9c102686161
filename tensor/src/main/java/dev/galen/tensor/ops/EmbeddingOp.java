package dev.galen.tensor.ops;

import dev.galen.tensor.Autograd;
import dev.galen.tensor.DType;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import java.util.Arrays;

/** {@code y[i] = table[ids[i]]}; {@code dTable[ids[i]] += dY[i]}. */
public final class EmbeddingOp {
  /** No id is padding. */
  public static final int NO_PADDING = -1;

  private EmbeddingOp() {}

  /**
   * @param table {@code [rows, n]}
   * @param ids I32 of any shape, each in 0..rows-1
   * @return {@code [..., n]}
   */
  public static Tensor apply(Tensor table, Tensor ids) {
    return apply(table, ids, NO_PADDING);
  }

  /**
   * The same, where one row of the table gets no gradient, as with torch's {@code padding_idx}:
   * {@code dTable[ids[i]] += dY[i]} where {@code ids[i]} is another.
   *
   * @param padding the row's id, or {@link #NO_PADDING}
   */
  public static Tensor apply(Tensor table, Tensor ids, int padding) {
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
                    learned(dY, index, padding).contiguous().contiguousSpan(),
                    index.contiguousSpan(),
                    gradients.target(weights).accumulator().contiguousSpan(),
                    rows,
                    cols,
                    tableRows),
        weights);
  }

  /** The gradient of the rows, 0 where an id is padding. */
  private static Tensor learned(Tensor dY, Tensor ids, int padding) {
    if (padding < 0) {
      return dY;
    }
    // Compared where the ids lie, in F32, which has every id of a vocabulary.
    Tensor at = ids.to(DType.F32);
    Tensor none = Tensors.full(ids.backend(), DType.F32, Shape.of(1), padding);
    int[] dims = Arrays.copyOf(ids.shape().toArray(), ids.shape().rank() + 1);
    dims[dims.length - 1] = 1;
    Tensor others = at.lessThan(none).add(none.lessThan(at)).reshape(dims);
    return dY.mul(others.to(dY.dtype()));
  }
}
