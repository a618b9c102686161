package dev.galen.kernels.cuda;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.ReduceKernels;
import dev.galen.tensor.backend.Reduction;
import dev.galen.tensor.backend.Span;
import java.lang.foreign.MemorySegment;

/**
 * Reductions and softmax, by {@code reduce.cu} and {@code route.cu}. A reduction with too few
 * results to keep a GPU busy is cut into pieces, whose results a second launch reduces.
 */
final class CudaReduce implements ReduceKernels {
  /** Elements of a long row that are one piece's, and of everything that are one block's. */
  private static final int PIECE = 1 << 14;

  /** With so many rows there is no need to cut them. */
  private static final int ENOUGH_ROWS = 256;

  /** Blocks that the reduction of columns is cut into, and rows that one has at least. */
  private static final int COLUMN_BLOCKS = 512;

  private static final int COLUMN_PIECE = 64;
  private static final int MOST_SUMS = 1024;

  private final CudaContext cuda;

  CudaReduce(CudaContext cuda) {
    this.cuda = cuda;
  }

  @Override
  public void reduce(Reduction f, Span x, Span y, int outer, int length, int inner) {
    Operands.requireLength("x", x, Operands.area(outer, length) * Math.max(0, inner));
    Operands.require("y", y, x.dtype(), Operands.area(outer, inner));
    double scale = f == Reduction.MEAN ? 1.0 / length : 1;
    if (inner == 1) {
      rows(f, x, y, outer, length, scale);
    } else {
      columns(f, x, y, outer, length, inner, scale, false);
    }
  }

  private void rows(Reduction f, Span x, Span y, int outer, int length, double scale) {
    int pieces = outer < ENOUGH_ROWS ? Math.max(1, Math.ceilDiv(length, PIECE)) : 1;
    DType dtype = x.dtype();
    if (pieces == 1) {
      rows("reduceRows", f, x, y, outer, length, length, 1, scale);
      return;
    }
    int cut = Math.multiplyExact(outer, pieces);
    DeviceBuffer scratch = cuda.allocate(4L * cut);
    Span results = Span.of(scratch, DType.F32);
    rows("reduceRowsPieces", f, x, results, outer, length, PIECE, pieces, 1);
    launchRows(
        cuda.launch("reduceRowsOfPieces", dtype), f, results, y, outer, pieces, pieces, 1, scale);
    scratch.free("a kernel's scratch");
  }

  private void rows(
      String kernel,
      Reduction f,
      Span x,
      Span y,
      int outer,
      int length,
      int pieceLength,
      int pieces,
      double scale) {
    launchRows(cuda.launch(kernel, x.dtype()), f, x, y, outer, length, pieceLength, pieces, scale);
  }

  private static void launchRows(
      Launch launch,
      Reduction f,
      Span x,
      Span y,
      int outer,
      int length,
      int pieceLength,
      int pieces,
      double scale) {
    launch
        .pointer(x)
        .pointer(y)
        .i32(outer)
        .i64(length)
        .i64(pieceLength)
        .i32(pieces)
        .f32(scale)
        .i32(f == Reduction.MAX ? 1 : 0);
    RowBlocks.run(launch, outer * pieces, pieceLength);
  }

  @Override
  public void columnSum(Span x, Span y, int rows, int cols, boolean accumulate) {
    Operands.requireLength("x", x, Operands.area(rows, cols));
    // The sums of a bias's gradient reach its F32 parameter unrounded.
    Operands.require("y", y, y.dtype() == DType.F32 ? DType.F32 : x.dtype(), cols);
    columns(Reduction.SUM, x, y, 1, rows, cols, 1, accumulate);
  }

  private void columns(
      Reduction f,
      Span x,
      Span y,
      int outer,
      int length,
      int inner,
      double scale,
      boolean accumulate) {
    DType dtype = x.dtype();
    int tiles = Math.multiplyExact(RowBlocks.tiles(dtype, inner), outer);
    int wanted = Math.min(COLUMN_BLOCKS / Math.max(1, tiles), length / COLUMN_PIECE);
    int pieceLength = Math.ceilDiv(length, Math.max(1, wanted));
    int pieces = pieceLength == 0 ? 1 : Math.ceilDiv(length, pieceLength);
    if (pieces == 1) {
      launchColumns(
          // A kernel of pieces has F32 results.
          cuda.launch(y.dtype() == dtype ? "reduceColumns" : "reduceColumnsPieces", dtype),
          tiles,
          f,
          x,
          y,
          length,
          inner,
          length,
          1,
          scale,
          accumulate);
      return;
    }
    DeviceBuffer scratch = cuda.allocate(4L * outer * pieces * inner);
    Span results = Span.of(scratch, DType.F32);
    launchColumns(
        cuda.launch("reduceColumnsPieces", dtype),
        Math.multiplyExact(tiles, pieces),
        f,
        x,
        results,
        length,
        inner,
        pieceLength,
        pieces,
        1,
        false);
    launchColumns(
        cuda.launch("reduceColumnsOfPieces", y.dtype()),
        Math.multiplyExact(RowBlocks.tiles(DType.F32, inner), outer),
        f,
        results,
        y,
        pieces,
        inner,
        pieces,
        1,
        scale,
        accumulate);
    scratch.free("a kernel's scratch");
  }

  private static void launchColumns(
      Launch launch,
      int blocks,
      Reduction f,
      Span x,
      Span y,
      int length,
      int inner,
      int pieceLength,
      int pieces,
      double scale,
      boolean accumulate) {
    launch
        .pointer(x)
        .pointer(y)
        .i64(length)
        .i64(inner)
        .i64(pieceLength)
        .i32(pieces)
        .f32(scale)
        .i32(f == Reduction.MAX ? 1 : 0)
        .i32(accumulate ? 1 : 0)
        .run(blocks, 1, 1, RowBlocks.COLUMN_LANES, RowBlocks.COLUMN_ROWS, 0);
  }

  @Override
  public void argmax(Span x, Span index, int rows, int cols) {
    Operands.requireLength("x", x, Operands.area(rows, cols));
    Operands.require("index", index, DType.I32, rows);
    if (cols == 0 && rows > 0) {
      throw new IllegalArgumentException("argmax of " + rows + " rows without elements");
    }
    Launch launch = cuda.launch("argmax", x.dtype()).pointer(x).pointer(index).i32(rows).i32(cols);
    RowBlocks.run(launch, rows, cols);
  }

  @Override
  public void softmax(Span x, Span y, int rows, int cols) {
    eachRow("softmax", x, y, rows, cols);
  }

  @Override
  public void softmaxBackward(Span y, Span dY, Span dX, int rows, int cols) {
    eachRow("softmaxBackward", y, dY, dX, rows, cols);
  }

  @Override
  public void logSoftmax(Span x, Span y, int rows, int cols) {
    eachRow("logSoftmax", x, y, rows, cols);
  }

  @Override
  public void logSoftmaxBackward(Span y, Span dY, Span dX, int rows, int cols) {
    eachRow("logSoftmaxBackward", y, dY, dX, rows, cols);
  }

  private void eachRow(String kernel, Span x, Span y, int rows, int cols) {
    Operands.requireLength("x", x, Operands.area(rows, cols));
    Operands.require("y", y, x.dtype(), Operands.area(rows, cols));
    Launch launch = cuda.launch(kernel, x.dtype()).pointer(x).pointer(y).i32(rows).i32(cols);
    RowBlocks.run(launch, rows, cols);
  }

  private void eachRow(String kernel, Span y, Span dY, Span dX, int rows, int cols) {
    DType dtype = y.dtype();
    Operands.requireLength("y", y, Operands.area(rows, cols));
    Operands.require("dY", dY, dtype, Operands.area(rows, cols));
    Operands.require("dX", dX, dtype, Operands.area(rows, cols));
    Launch launch =
        cuda.launch(kernel, dtype).pointer(y).pointer(dY).pointer(dX).i32(rows).i32(cols);
    RowBlocks.run(launch, rows, cols);
  }

  @Override
  public void topSoftmax(Span x, Span index, Span y, int rows, int cols, int count) {
    Operands.requireLength("x", x, Operands.area(rows, cols));
    requireTop(index, y, rows, cols, count);
    cuda.launch("topSoftmax", x.dtype())
        .pointer(x)
        .pointer(index)
        .pointer(y)
        .i32(rows)
        .i32(cols)
        .i32(count)
        .run(cuda.grid(rows), Launch.BLOCK);
  }

  @Override
  public void topSoftmaxBackward(
      Span index, Span y, Span dY, Span dX, int rows, int cols, int count) {
    requireTop(index, y, rows, cols, count);
    Operands.require("dY", dY, DType.F32, Operands.area(rows, count));
    Operands.requireLength("dX", dX, Operands.area(rows, cols));
    cuda.launch("topSoftmaxBackward", dX.dtype())
        .pointer(index)
        .pointer(y)
        .pointer(dY)
        .pointer(dX)
        .i32(rows)
        .i32(cols)
        .i32(count)
        .run(cuda.grid(rows), Launch.BLOCK);
  }

  private static void requireTop(Span index, Span y, int rows, int cols, int count) {
    if (count < 1 || count > cols) {
      throw new IllegalArgumentException("the %d largest of %d".formatted(count, cols));
    }
    Operands.require("index", index, DType.I32, Operands.area(rows, count));
    Operands.require("y", y, DType.F32, Operands.area(rows, count));
  }

  @Override
  public double sumOfSquares(Span x) {
    var sums = new double[blocks(x)];
    everything("sumOfSquares", x, DType.F64, sums.length, MemorySegment.ofArray(sums));
    double sum = 0;
    for (double block : sums) {
      sum += block;
    }
    return sum;
  }

  @Override
  public boolean allFinite(Span x) {
    var found = new int[blocks(x)];
    everything("allFinite", x, DType.I32, found.length, MemorySegment.ofArray(found));
    for (int any : found) {
      if (any != 0) {
        return false;
      }
    }
    return true;
  }

  private static int blocks(Span x) {
    return (int) Math.min(MOST_SUMS, Math.ceilDiv(x.length(), PIECE));
  }

  /** One number of each block, brought to the host, which waits. */
  private void everything(
      String kernel, Span x, DType resultType, int blocks, MemorySegment results) {
    DeviceBuffer scratch = cuda.allocate((long) blocks * resultType.byteSize());
    try {
      cuda.launch(kernel, x.dtype())
          .pointer(x)
          .pointer(scratch)
          .i64(x.length())
          .run(blocks, RowBlocks.MOST_THREADS);
      cuda.download(new Span(scratch, resultType, 0, blocks), results);
    } finally {
      scratch.free("a kernel's scratch");
    }
  }
}
