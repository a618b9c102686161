package dev.galen.kernels.cuda;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.EmbeddingKernels;
import dev.galen.tensor.backend.Span;

/**
 * Rows by index, by {@code embedding.cu}. An id outside the table throws when the host next waits
 * for the GPU; until then its row of y is left as it was, and its gradient counts nowhere.
 */
final class CudaEmbedding implements EmbeddingKernels {
  /** {@code PIECE}, {@code SORT_THREADS} and {@code DIGIT_BITS} in {@code embedding.cu}. */
  private static final int PIECE = 16;

  private static final int SORT_THREADS = 1024;
  private static final int DIGIT_BITS = 8;

  /** Few, so that a short batch still makes many blocks. */
  private static final int THREADS = 64;

  private final CudaContext cuda;

  CudaEmbedding(CudaContext cuda) {
    this.cuda = cuda;
  }

  @Override
  public void gather(Span table, Span ids, Span y, int rows, int cols, int tableRows) {
    DType dtype = table.dtype();
    Operands.requireLength("table", table, Operands.area(tableRows, cols));
    Operands.require("y", y, dtype, Operands.area(rows, cols));
    cuda.indexErrors().checkIds(cuda, ids, rows, tableRows);
    Launch launch =
        cuda.launch("gather", dtype)
            .pointer(table)
            .pointer(ids)
            .pointer(y)
            .i32(rows)
            .i32(cols)
            .i32(tableRows);
    RowBlocks.run(launch, rows, cols);
  }

  @Override
  public void gatherBackward(Span dY, Span ids, Span dTable, int rows, int cols, int tableRows) {
    DType dtype = dY.dtype();
    Operands.requireLength("dY", dY, Operands.area(rows, cols));
    Operands.require("dTable", dTable, dtype, Operands.area(tableRows, cols));
    cuda.indexErrors().checkIds(cuda, ids, rows, tableRows);
    if (rows == 0 || cols == 0) {
      return;
    }
    int bits = Integer.SIZE - Integer.numberOfLeadingZeros(tableRows - 1);
    int passes = Math.max(1, Math.ceilDiv(bits, DIGIT_BITS));
    DeviceBuffer a = cuda.allocate(8L * rows);
    DeviceBuffer b = cuda.allocate(8L * rows);
    cuda.launch("sortIds", DType.I32)
        .pointer(ids)
        .pointer(a)
        .pointer(b)
        .i32(rows)
        .i32(passes)
        .run(1, SORT_THREADS);
    DeviceBuffer sorted = passes % 2 == 1 ? a : b;
    int pieces = Math.ceilDiv(rows, PIECE);
    int tiles = Math.ceilDiv(cols, THREADS * RowBlocks.packLength(dtype));
    DeviceBuffer shares = cuda.allocate(4L * pieces * 2 * cols);
    cuda.launch("gatherBackward", dtype)
        .pointer(dY)
        .pointer(sorted)
        .pointer(dTable)
        .pointer(shares)
        .i32(rows)
        .i32(cols)
        .i32(tableRows)
        .run(pieces, tiles, 1, THREADS, 1, 0);
    cuda.launch("gatherBackwardShares", dtype)
        .pointer(sorted)
        .pointer(shares)
        .pointer(dTable)
        .i32(rows)
        .i32(cols)
        .i32(tableRows)
        .run(pieces, tiles, 1, THREADS, 1, 0);
    shares.free("a kernel's scratch");
    b.free("a kernel's scratch");
    a.free("a kernel's scratch");
  }
}
