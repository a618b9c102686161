package dev.galen.kernels.cpu;

import dev.galen.tensor.backend.MatmulKernels;
import dev.galen.tensor.backend.MatmulShape;
import dev.galen.tensor.backend.PointwiseKernels;
import dev.galen.tensor.backend.ReduceKernels;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.Unary;

/**
 * Products of F32 by {@link Gemm}, of other types by the reference. What comes with a product, a
 * function, its derivative or a sum, is a kernel of its own behind it, in place.
 */
final class VectorMatmul implements MatmulKernels {
  private final WorkerPool pool;
  private final MatmulKernels reference;
  private final PointwiseKernels pointwise;
  private final ReduceKernels reduce;
  private final Matvec matvec;

  VectorMatmul(
      WorkerPool pool, PointwiseKernels pointwise, ReduceKernels reduce, MatmulKernels reference) {
    this.pool = pool;
    this.pointwise = pointwise;
    this.reduce = reduce;
    this.reference = reference;
    this.matvec = new Matvec(pool);
  }

  @Override
  public void matmul(MatmulShape shape, Span a, Span b, Span bias, Span c, boolean accumulate) {
    if (!F32.all(a, b, bias, c)) {
      reference.matmul(shape, a, b, bias, c, accumulate);
      return;
    }
    int m = shape.m();
    int n = shape.n();
    int k = shape.k();
    var left = F32.memory("A", a, needed(shape.batch(), shape.strideA(), m, k));
    var right = F32.memory("B", b, needed(shape.batch(), shape.strideB(), k, n));
    var target = F32.memory("C", c, needed(shape.batch(), shape.strideC(), m, n));
    var addend = bias == null ? null : F32.memory("bias", bias, n);
    if (shape.batch() > 0 && m > 0 && n > 0) {
      if (Matvec.takes(shape)) {
        matvec.multiply(shape, left, right, addend, target, accumulate);
      } else if (k == 0) {
        reference.matmul(shape, a, b, bias, c, accumulate);
      } else {
        Gemm.multiply(pool, shape, left, right, addend, target, accumulate);
      }
    }
    F32.keep(a, b, bias, c);
  }

  @Override
  public void matmulActivation(
      MatmulShape shape, Span a, Span b, Span bias, Unary f, Span z, Span y) {
    if (!F32.all(a, b, bias, z, y)) {
      reference.matmulActivation(shape, a, b, bias, f, z, y);
      return;
    }
    shape.requireSingle("matmulActivation");
    Span product = matrix(z == null ? "y" : "z", z == null ? y : z, shape);
    Span result = z == null ? product : matrix("y", y, shape);
    matmul(shape, a, b, bias, product, false);
    pointwise.unary(f, product, result);
  }

  @Override
  public void matmulActivationBackward(
      MatmulShape shape,
      Span a,
      Span b,
      Unary f,
      Span z,
      Span y,
      Span dZ,
      Span dBias,
      boolean accumulate) {
    if (!F32.all(a, b, z, y, dZ, dBias)) {
      reference.matmulActivationBackward(shape, a, b, f, z, y, dZ, dBias, accumulate);
      return;
    }
    shape.requireSingle("matmulActivationBackward");
    Span gradient = matrix("dZ", dZ, shape);
    matmul(shape, a, b, null, gradient, false);
    pointwise.unaryBackward(f, matrix("z", z, shape), matrix("y", y, shape), gradient, gradient);
    if (dBias != null) {
      reduce.columnSum(gradient, dBias, shape.m(), shape.n(), accumulate);
    }
  }

  @Override
  public void matmulBiasGradient(
      MatmulShape shape,
      Span a,
      Span b,
      Span c,
      boolean accumulate,
      boolean sumsA,
      Span dBias,
      boolean accumulateBias) {
    if (!F32.all(a, b, c, dBias)) {
      reference.matmulBiasGradient(shape, a, b, c, accumulate, sumsA, dBias, accumulateBias);
      return;
    }
    shape.requireSumOverRows("matmulBiasGradient");
    matmul(shape, a, b, null, c, accumulate);
    reduce.columnSum(
        sumsA ? a : b, dBias, shape.k(), sumsA ? shape.m() : shape.n(), accumulateBias);
  }

  /** The {@code [m, n]} of one product at the start of {@code span}. */
  private static Span matrix(String name, Span span, MatmulShape shape) {
    long area = F32.area(shape.m(), shape.n());
    F32.memory(name, span, area);
    return span.slice(0, area);
  }

  /** Elements from the first to the last; -1 where an extent is negative. */
  private static long needed(int batch, long stride, int rows, int cols) {
    if (batch < 0 || rows < 0 || cols < 0 || stride < 0) {
      return -1;
    }
    return batch == 0 ? 0 : (batch - 1) * stride + (long) rows * cols;
  }
}
