package dev.galen.kernels.cpu;

import dev.galen.tensor.backend.MatmulKernels;
import dev.galen.tensor.backend.MatmulShape;
import dev.galen.tensor.backend.Span;

/** Products of F32 by {@link Gemm}, of other types by the reference. */
final class VectorMatmul implements MatmulKernels {
  private final WorkerPool pool;
  private final MatmulKernels reference;
  private final Matvec matvec;

  VectorMatmul(WorkerPool pool, MatmulKernels reference) {
    this.pool = pool;
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

  /** Elements from the first to the last; -1 where an extent is negative. */
  private static long needed(int batch, long stride, int rows, int cols) {
    if (batch < 0 || rows < 0 || cols < 0 || stride < 0) {
      return -1;
    }
    return batch == 0 ? 0 : (batch - 1) * stride + (long) rows * cols;
  }
}
