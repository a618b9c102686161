package dev.galen.kernels.cuda;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.NormKernels;
import dev.galen.tensor.backend.Span;

/**
 * Normalisations, by {@code norm.cu}. Weight and bias have the type of x, mean and rstd are F32.
 */
final class CudaNorm implements NormKernels {
  /** Columns that a thread of the backward pass owns; {@code OWNED} in {@code norm.cu}. */
  private static final int OWNED = 8;

  /** Blocks that keep a share of dWeight and dBias each. */
  private static final int SHARES = 512;

  private final CudaContext cuda;

  CudaNorm(CudaContext cuda) {
    this.cuda = cuda;
  }

  @Override
  public void layerNorm(
      Span x,
      Span weight,
      Span bias,
      Span y,
      Span mean,
      Span rstd,
      int rows,
      int cols,
      double epsilon) {
    Launch launch = cuda.launch("layerNorm", x.dtype()).pointer(x);
    layerNorm(launch, x, weight, bias, y, mean, rstd, rows, cols, epsilon);
  }

  @Override
  public void residualLayerNorm(
      Span x,
      Span residual,
      Span sum,
      Span weight,
      Span bias,
      Span y,
      Span mean,
      Span rstd,
      int rows,
      int cols,
      double epsilon) {
    Operands.require("residual", residual, x.dtype(), Operands.area(rows, cols));
    Operands.require("sum", sum, x.dtype(), Operands.area(rows, cols));
    Launch launch =
        cuda.launch("residualLayerNorm", x.dtype()).pointer(x).pointer(residual).pointer(sum);
    layerNorm(launch, x, weight, bias, y, mean, rstd, rows, cols, epsilon);
  }

  /** {@code launch} has its first arguments, what is normalised. */
  private static void layerNorm(
      Launch launch,
      Span x,
      Span weight,
      Span bias,
      Span y,
      Span mean,
      Span rstd,
      int rows,
      int cols,
      double epsilon) {
    DType dtype = x.dtype();
    Operands.requireLength("x", x, Operands.area(rows, cols));
    Operands.require("weight", weight, dtype, cols);
    Operands.require("bias", bias, dtype, cols);
    Operands.require("y", y, dtype, Operands.area(rows, cols));
    Operands.require("mean", mean, DType.F32, rows);
    Operands.require("rstd", rstd, DType.F32, rows);
    launch
        .pointer(weight)
        .pointer(bias)
        .pointer(y)
        .pointer(mean)
        .pointer(rstd)
        .i32(rows)
        .i32(cols)
        .f32(epsilon);
    RowBlocks.run(launch, rows, cols);
  }

  @Override
  public void layerNormBackward(
      Span dY,
      Span x,
      Span weight,
      Span mean,
      Span rstd,
      Span dX,
      Span dWeight,
      Span dBias,
      int rows,
      int cols) {
    Operands.require("mean", mean, DType.F32, rows);
    Operands.require("dBias", dBias, x.dtype(), cols);
    backward("layerNormBackward", dY, x, weight, mean, rstd, dX, dWeight, dBias, rows, cols);
  }

  @Override
  public void rmsNorm(Span x, Span weight, Span y, Span rstd, int rows, int cols, double epsilon) {
    DType dtype = x.dtype();
    Operands.requireLength("x", x, Operands.area(rows, cols));
    Operands.require("weight", weight, dtype, cols);
    Operands.require("y", y, dtype, Operands.area(rows, cols));
    Operands.require("rstd", rstd, DType.F32, rows);
    Launch launch =
        cuda.launch("rmsNorm", dtype)
            .pointer(x)
            .pointer(weight)
            .pointer(y)
            .pointer(rstd)
            .i32(rows)
            .i32(cols)
            .f32(epsilon);
    RowBlocks.run(launch, rows, cols);
  }

  @Override
  public void rmsNormBackward(
      Span dY, Span x, Span weight, Span rstd, Span dX, Span dWeight, int rows, int cols) {
    backward("rmsNormBackward", dY, x, weight, null, rstd, dX, dWeight, null, rows, cols);
  }

  /** Of LayerNorm, or of RMSNorm, which has neither mean nor dBias. */
  private void backward(
      String kernel,
      Span dY,
      Span x,
      Span weight,
      Span mean,
      Span rstd,
      Span dX,
      Span dWeight,
      Span dBias,
      int rows,
      int cols) {
    DType dtype = x.dtype();
    Operands.require("dY", dY, dtype, Operands.area(rows, cols));
    Operands.requireLength("x", x, Operands.area(rows, cols));
    Operands.require("weight", weight, dtype, cols);
    Operands.require("rstd", rstd, DType.F32, rows);
    Operands.require("dX", dX, dtype, Operands.area(rows, cols));
    Operands.require("dWeight", dWeight, dtype, cols);
    if (rows == 0 || cols == 0) {
      return;
    }
    int blockRows = Math.ceilDiv(rows, SHARES);
    int count = Math.ceilDiv(rows, blockRows);
    long shareLength = (dBias == null ? 1L : 2L) * cols;
    DeviceBuffer shares = cuda.allocate(4L * count * shareLength);
    if (cols <= OWNED * RowBlocks.MOST_THREADS && inPacks(cols, dY, x, weight, dX)) {
      Launch launch = cuda.launch(kernel, dtype).pointer(dY).pointer(x).pointer(weight);
      statistics(launch, mean, rstd)
          .pointer(dX)
          .pointer(shares)
          .i32(rows)
          .i32(cols)
          .i32(blockRows)
          .run(count, Math.ceilDiv(cols, OWNED * 32) * 32);
    } else {
      Launch launch = cuda.launch(kernel + "Rows", dtype).pointer(dY).pointer(x).pointer(weight);
      statistics(launch, mean, rstd).pointer(dX).i32(rows).i32(cols);
      RowBlocks.run(launch, rows, cols);
      launch = cuda.launch(kernel + "Columns", dtype).pointer(dY).pointer(x);
      statistics(launch, mean, rstd)
          .pointer(shares)
          .i32(rows)
          .i32(cols)
          .i32(blockRows)
          .run(Math.ceilDiv(cols, Launch.BLOCK), count, 1, Launch.BLOCK, 1, 0);
    }
    cuda.launch("normAddShares", dtype)
        .pointer(shares)
        .pointer(dWeight)
        .pointer(dBias)
        .i32(count)
        .i32(cols)
        .run(
            RowBlocks.tiles(DType.F32, shareLength),
            1,
            1,
            RowBlocks.COLUMN_LANES,
            RowBlocks.COLUMN_ROWS,
            0);
    shares.free("a kernel's scratch");
  }

  /** What a kernel reads of each row: rstd alone where it takes no mean. */
  private static Launch statistics(Launch launch, Span mean, Span rstd) {
    return mean == null ? launch.pointer(rstd) : launch.pointer(mean).pointer(rstd);
  }

  /** Whether all rows of these operands start at multiples of 16 bytes. */
  private static boolean inPacks(int cols, Span... operands) {
    for (Span operand : operands) {
      if (cols % RowBlocks.packLength(operand.dtype()) != 0
          || DeviceBuffer.address(operand) % 16 != 0) {
        return false;
      }
    }
    return true;
  }
}
