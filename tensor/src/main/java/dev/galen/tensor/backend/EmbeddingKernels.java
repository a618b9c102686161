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
}
