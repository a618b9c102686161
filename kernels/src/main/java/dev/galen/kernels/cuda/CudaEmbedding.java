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
    Operands.requireLength("dY", dY, Operands.area(rows, cols));
    Operands.require("dTable", dTable, dY.dtype(), Operands.area(tableRows, cols));
    addRows(dY, ids, null, dTable, rows, cols, tableRows);
  }

  @Override
  public void scatter(Span x, Span ids, Span weights, Span y, int rows, int cols, int yRows) {
    Operands.requireLength("x", x, Operands.area(rows, cols));
    Operands.require("weights", weights, DType.F32, rows);
    Operands.require("y", y, x.dtype(), Operands.area(yRows, cols));
    addRows(x, ids, weights, y, rows, cols, yRows);
  }

  /** {@code table[ids[i]] += weights[i] x[i]}, all weights 1 where they are null. */
  private void addRows(
      Span x, Span ids, Span weights, Span table, int rows, int cols, int tableRows) {
    DType dtype = x.dtype();
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
        .pointer(x)
        .pointer(sorted)
        .pointer(weights)
        .pointer(table)
        .pointer(shares)
        .i32(rows)
        .i32(cols)
        .i32(tableRows)
        .run(pieces, tiles, 1, THREADS, 1, 0);
    cuda.launch("gatherBackwardShares", dtype)
        .pointer(sorted)
        .pointer(shares)
        .pointer(table)
        .i32(rows)
        .i32(cols)
        .i32(tableRows)
        .run(pieces, tiles, 1, THREADS, 1, 0);
    shares.free("a kernel's scratch");
    b.free("a kernel's scratch");
    a.free("a kernel's scratch");
  }

  @Override
  public void scatterBackward(
      Span x,
      Span ids,
      Span weights,
      Span dY,
      Span dX,
      Span dWeights,
      int rows,
      int cols,
      int yRows) {
    DType dtype = x.dtype();
    Operands.requireLength("x", x, Operands.area(rows, cols));
    Operands.require("weights", weights, DType.F32, rows);
    Operands.require("dY", dY, dtype, Operands.area(yRows, cols));
    Operands.require("dX", dX, dtype, Operands.area(rows, cols));
    if (dWeights != null) {
      Operands.require("dWeights", dWeights, DType.F32, rows);
    }
    cuda.indexErrors().checkIds(cuda, ids, rows, yRows);
    Launch launch =
        cuda.launch("scatterBackward", dtype)
            .pointer(x)
            .pointer(ids)
            .pointer(weights)
            .pointer(dY)
            .pointer(dX)
            .pointer(dWeights)
            .i32(rows)
            .i32(cols)
            .i32(yRows);
    RowBlocks.run(launch, rows, cols);
  }
}
