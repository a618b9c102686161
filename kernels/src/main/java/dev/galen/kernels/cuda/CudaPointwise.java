package dev.galen.kernels.cuda;

import dev.galen.kernels.layout.MergedLayouts;
import dev.galen.tensor.Layout;
import dev.galen.tensor.backend.Binary;
import dev.galen.tensor.backend.PointwiseKernels;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.Unary;

/** Element by element, by {@code pointwise.cu}. */
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
}
