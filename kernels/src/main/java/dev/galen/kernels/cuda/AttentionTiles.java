package dev.galen.kernels.cuda;

import dev.galen.tensor.DType;

/**
 * How an attention kernel cuts its work: the tables at the bottom of {@code attention.cu}, {@code
 * attention_backward.cu} and {@code attention_f32.cu}, for the host.
 *
 * @param size the head size the kernel is compiled for; smaller heads are padded
 * @param rows rows that a block owns: queries, or keys for the kernel of dK and dV
 * @param columns rows of the other side that it takes at a time
 * @param blocks blocks per tile of rows
 * @param threads of a block
 * @param shared bytes of dynamic shared memory of a block
 */
record AttentionTiles(int size, int rows, int columns, int blocks, int threads, int shared) {
  /** The widest heads there is a kernel for. */
  static final int WIDEST = 256;

  private static final int[] SIZES = {32, 64, 96, 128, WIDEST};

  private static final int[] FORWARD_ROWS = {128, 128, 128, 128, 64};
  private static final int[] FORWARD_COLUMNS = {64, 64, 32, 32, 32};
  private static final int[] QUERIES_ROWS = {128, 128, 64, 64, 64};
  private static final int[] QUERIES_COLUMNS = {64, 32, 64, 64, 16};
  private static final int[] KEYS_ROWS = {128, 64, 64, 64, 64};
  private static final int[] KEYS_COLUMNS = {32, 64, 32, 32, 16};
  private static final int[] EXACT_FORWARD_ROWS = {64, 64, 64, 64, 32};
  private static final int[] EXACT_FORWARD_COLUMNS = {64, 64, 32, 32, 16};
  private static final int[] EXACT_BACKWARD_ROWS = {64, 64, 32, 32, 32};
  private static final int[] EXACT_BACKWARD_COLUMNS = {64, 64, 32, 32, 16};

  private static final int THREADS = 128;
  private static final int EXACT_THREADS = 256;

  /** For {@code attention}: own tile q; k and v, twice with tensor cores. */
  static AttentionTiles forward(DType dtype, int headSize) {
    return dtype == DType.F32
        ? exact(headSize, EXACT_FORWARD_ROWS, EXACT_FORWARD_COLUMNS, 1)
        : tensorCores(headSize, FORWARD_ROWS, FORWARD_COLUMNS, 1, 0, 1);
  }

  /** For {@code attentionBackwardQueries}: own tiles q and dOut; k and v. */
  static AttentionTiles queries(DType dtype, int headSize) {
    return dtype == DType.F32
        ? exact(headSize, EXACT_BACKWARD_ROWS, EXACT_BACKWARD_COLUMNS, 2)
        : tensorCores(headSize, QUERIES_ROWS, QUERIES_COLUMNS, 2, 0, 1);
  }

  /**
   * For {@code attentionBackwardKeys}: own tiles k and v; q, dOut, and two floats per query. With
   * tensor cores, blocks of the widest heads compute dK or dV, not both.
   */
  static AttentionTiles keys(DType dtype, int headSize) {
    return dtype == DType.F32
        ? exact(headSize, EXACT_BACKWARD_ROWS, EXACT_BACKWARD_COLUMNS, 2)
        : tensorCores(
            headSize,
            KEYS_ROWS,
            KEYS_COLUMNS,
            2,
            2 * Float.BYTES,
            SIZES[index(headSize)] == WIDEST ? 2 : 1);
  }

  private static AttentionTiles tensorCores(
      int headSize, int[] allRows, int[] allColumns, int own, int perColumn, int blocks) {
    int i = index(headSize);
    int rows = allRows[i];
    int columns = allColumns[i];
    int elements = SIZES[i] * (own * rows + 2 * 2 * columns);
    int shared = elements * Short.BYTES + 2 * columns * perColumn;
    return new AttentionTiles(SIZES[i], rows, columns, blocks, THREADS, shared);
  }

  private static AttentionTiles exact(int headSize, int[] allRows, int[] allColumns, int own) {
    int i = index(headSize);
    int rows = allRows[i];
    int columns = allColumns[i];
    int elements = SIZES[i] * (own * rows + 2 * columns) + rows * columns;
    return new AttentionTiles(SIZES[i], rows, columns, 1, EXACT_THREADS, elements * Float.BYTES);
  }

  private static int index(int headSize) {
    for (int i = 0; i < SIZES.length; i++) {
      if (headSize <= SIZES[i]) {
        return i;
      }
    }
    throw new IllegalArgumentException(
        "head size %d: attention on a GPU knows up to %d".formatted(headSize, WIDEST));
  }
}
