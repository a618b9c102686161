package dev.galen.kernels.cpu;

import dev.galen.tensor.backend.Epilogue;
import dev.galen.tensor.backend.MatmulKernels;
import dev.galen.tensor.backend.MatmulShape;
import dev.galen.tensor.backend.PointwiseKernels;
import dev.galen.tensor.backend.ReduceKernels;
import dev.galen.tensor.backend.Span;

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
  public void matmul(
      MatmulShape shape, Span a, Span b, Span c, boolean accumulate, Epilogue epilogue) {
    epilogue.require(shape, accumulate);
    if (epilogue instanceof Epilogue.Bias affine) {
      product(shape, a, b, affine.bias(), c, accumulate);
    } else if (epilogue instanceof Epilogue.Activation activation) {
      activation(shape, a, b, c, activation);
    } else if (epilogue instanceof Epilogue.ActivationBackward backward) {
      activationBackward(shape, a, b, c, backward);
    } else {
      biasGradient(shape, a, b, c, accumulate, (Epilogue.BiasGradient) epilogue);
    }
  }

  private void product(MatmulShape shape, Span a, Span b, Span bias, Span c, boolean accumulate) {
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

  private void activation(MatmulShape shape, Span a, Span b, Span y, Epilogue.Activation epilogue) {
    Span bias = epilogue.bias();
    Span z = epilogue.z();
    if (!F32.all(a, b, bias, z, y)) {
      reference.matmul(shape, a, b, y, false, epilogue);
      return;
    }
    Span product = matrix(z == null ? "y" : "z", z == null ? y : z, shape);
    Span result = z == null ? product : matrix("y", y, shape);
    product(shape, a, b, bias, product, false);
    pointwise.unary(epilogue.f(), product, result);
  }

  private void activationBackward(
      MatmulShape shape, Span a, Span b, Span dZ, Epilogue.ActivationBackward epilogue) {
    Span dBias = epilogue.dBias();
    if (!F32.all(a, b, epilogue.z(), epilogue.y(), dZ, dBias)) {
      reference.matmul(shape, a, b, dZ, false, epilogue);
      return;
    }
    Span gradient = matrix("dZ", dZ, shape);
    product(shape, a, b, null, gradient, false);
    Span z = matrix("z", epilogue.z(), shape);
    Span y = matrix("y", epilogue.y(), shape);
    pointwise.unaryBackward(epilogue.f(), z, y, gradient, gradient);
    if (dBias != null) {
      reduce.columnSum(gradient, dBias, shape.m(), shape.n(), epilogue.accumulate());
    }
  }

  private void biasGradient(
      MatmulShape shape,
      Span a,
      Span b,
      Span c,
      boolean accumulate,
      Epilogue.BiasGradient epilogue) {
    if (!F32.all(a, b, c, epilogue.dBias())) {
      reference.matmul(shape, a, b, c, accumulate, epilogue);
      return;
    }
    product(shape, a, b, null, c, accumulate);
    reduce.columnSum(
        epilogue.sumsA() ? a : b,
        epilogue.dBias(),
        shape.k(),
        epilogue.length(shape),
        epilogue.accumulate());
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
