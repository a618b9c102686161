package dev.galen.tensor.backend;

/** Rows by index. */
public interface EmbeddingKernels {
  /**
   * {@code y[i] = table[ids[i]]}.
   *
   * @param table {@code [tableRows, cols]}
   * @param ids {@code [rows]}, I32; one outside {@code 0..tableRows-1} throws and is named
   * @param y {@code [rows, cols]}
   */
  void gather(Span table, Span ids, Span y, int rows, int cols, int tableRows);

  /** Accumulates {@code dTable[ids[i]] += dY[i]}, in the order of i. */
  void gatherBackward(Span dY, Span ids, Span dTable, int rows, int cols, int tableRows);

  /**
   * Accumulates {@code y[ids[i]] += weights[i] x[i]}, in the order of i.
   *
   * @param x {@code [rows, cols]}
   * @param ids {@code [rows]}, I32; one outside {@code 0..yRows-1} throws and is named
   * @param weights {@code [rows]} of {@link dev.galen.tensor.DType#statistics}
   * @param y {@code [yRows, cols]}
   */
  void scatter(Span x, Span ids, Span weights, Span y, int rows, int cols, int yRows);

  /**
   * {@code dX[i] = weights[i] dY[ids[i]]} and {@code dWeights[i] = x[i] . dY[ids[i]]}.
   *
   * @param dWeights {@code [rows]}, or null
   */
  void scatterBackward(
      Span x,
      Span ids,
      Span weights,
      Span dY,
      Span dX,
      Span dWeights,
      int rows,
      int cols,
      int yRows);
}
