package dev.galen.kernels.cuda;

import dev.galen.kernels.layout.MergedLayouts;
import dev.galen.tensor.DType;
import dev.galen.tensor.Layout;
import dev.galen.tensor.backend.Binary;
import dev.galen.tensor.backend.PointwiseKernels;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.Unary;

/** Element by element, by {@code pointwise.cu} and {@code rotary.cu}. */
final class CudaPointwise implements PointwiseKernels {
  private final CudaContext cuda;

  CudaPointwise(CudaContext cuda) {
    this.cuda = cuda;
  }

  @Override
  public void unary(Unary f, Span x, Span y) {
    Operands.requireSame("x", x, "y", y);
    cuda.launch("unary", y.dtype())
        .i32(f.ordinal())
        .pointer(x)
        .pointer(y)
        .i64(y.length())
        .run(cuda.packGrid(y), Launch.BLOCK);
  }

  @Override
  public void unaryBackward(Unary f, Span x, Span y, Span dY, Span dX) {
    Operands.requireSame("x", x, "dX", dX);
    Operands.requireSame("y", y, "dX", dX);
    Operands.requireSame("dY", dY, "dX", dX);
    cuda.launch("unaryBackward", dX.dtype())
        .i32(f.ordinal())
        .pointer(x)
        .pointer(y)
        .pointer(dY)
        .pointer(dX)
        .i64(dX.length())
        .run(cuda.packGrid(dX), Launch.BLOCK);
  }

  @Override
  public void binary(Binary f, Span a, Layout aLayout, Span b, Layout bLayout, Span y) {
    if (!aLayout.shape().equals(bLayout.shape())) {
      throw new IllegalArgumentException(
          "%s of shapes %s and %s: expand both to the shape of y first"
              .formatted(f, aLayout.shape(), bLayout.shape()));
    }
    long length = aLayout.shape().size();
    Operands.require("a", a, y.dtype(), aLayout.extent());
    Operands.require("b", b, y.dtype(), bLayout.extent());
    Operands.requireLength("y", y, length);
    MergedLayouts layouts = CudaCopy.merge(aLayout, bLayout);
    cuda.launch("binary", y.dtype())
        .i32(f.ordinal())
        .pointer(a)
        .pointer(b)
        .pointer(y)
        .longs(layouts.dims(), CudaCopy.RANK)
        .longs(layouts.strides()[0], CudaCopy.RANK)
        .longs(layouts.strides()[1], CudaCopy.RANK)
        .i32(layouts.rank())
        .i64(length)
        .run(cuda.packGrid(y), Launch.BLOCK);
  }

  @Override
  public void affine(Span x, double scale, double shift, Span y) {
    Operands.requireSame("x", x, "y", y);
    cuda.launch("affine", y.dtype())
        .pointer(x)
        .f32(scale)
        .f32(shift)
        .pointer(y)
        .i64(y.length())
        .run(cuda.packGrid(y), Launch.BLOCK);
  }

  @Override
  public void axpy(double alpha, Span x, Span y) {
    Operands.requireSame("x", x, "y", y);
    cuda.launch("axpy", y.dtype())
        .f32(alpha)
        .pointer(x)
        .pointer(y)
        .i64(y.length())
        .run(cuda.packGrid(y), Launch.BLOCK);
  }

  @Override
  public void gated(Unary f, Span gate, Span up, Span y, int rows, int cols, int stride) {
    long extent = gates(rows, cols, stride);
    Operands.requireLength("gate", gate, extent);
    Operands.require("up", up, gate.dtype(), extent);
    Operands.require("y", y, gate.dtype(), Operands.area(rows, cols));
    cuda.launch("gated", y.dtype())
        .i32(f.ordinal())
        .pointer(gate)
        .pointer(up)
        .pointer(y)
        .i64(rows)
        .i32(cols)
        .i32(stride)
        .run(cuda.packGrid(y), Launch.BLOCK);
  }

  @Override
  public void gatedBackward(
      Unary f,
      Span gate,
      Span up,
      Span dY,
      Span dGate,
      Span dUp,
      Span y,
      int rows,
      int cols,
      int stride) {
    long extent = gates(rows, cols, stride);
    DType dtype = dY.dtype();
    Operands.requireLength("dY", dY, Operands.area(rows, cols));
    Operands.require("gate", gate, dtype, extent);
    Operands.require("up", up, dtype, extent);
    Operands.require("dGate", dGate, dtype, extent);
    Operands.require("dUp", dUp, dtype, extent);
    if (y != null) {
      Operands.require("y", y, dtype, Operands.area(rows, cols));
    }
    cuda.launch("gatedBackward", dtype)
        .i32(f.ordinal())
        .pointer(gate)
        .pointer(up)
        .pointer(dY)
        .pointer(dGate)
        .pointer(dUp)
        .pointer(y)
        .i64(rows)
        .i32(cols)
        .i32(stride)
        .run(cuda.packGrid(dY), Launch.BLOCK);
  }

  /** Elements that an operand of gates must hold. */
  private static long gates(int rows, int cols, int stride) {
    if (rows < 0 || cols < 0 || stride < cols) {
      return -1;
    }
    return rows == 0 ? 0 : (rows - 1L) * stride + cols;
  }

  @Override
  public void rotary(
      Span x,
      Span cos,
      Span sin,
      Span y,
      int rows,
      int tableRows,
      int heads,
      int turned,
      int half,
      boolean back) {
    long size = Operands.area(rows, Math.multiplyExact(2 * heads, half));
    Operands.requireLength("x", x, size);
    Operands.require("y", y, x.dtype(), size);
    Operands.require("cos", cos, DType.F32, Operands.area(tableRows, half));
    Operands.require("sin", sin, DType.F32, Operands.area(tableRows, half));
    cuda.launch("rotary", x.dtype())
        .pointer(x)
        .pointer(cos)
        .pointer(sin)
        .pointer(y)
        .i64(rows)
        .i32(tableRows)
        .i32(heads)
        .i32(turned)
        .i32(half)
        .f32(back ? -1 : 1)
        .run(cuda.packGrid(y), Launch.BLOCK);
  }
}
