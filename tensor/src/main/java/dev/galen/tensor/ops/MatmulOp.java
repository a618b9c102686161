package dev.galen.tensor.ops;

import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.autograd.Autograd;
import dev.galen.tensor.backend.MatmulShape;
import java.util.Arrays;

/**
 * {@code C = op(A) op(B)} over the last two dimensions, leading ones broadcast. For {@code C = A
 * B}: {@code dA = dC B^T}, {@code dB = A^T dC}; a transposed operand gets the transposed gradient.
 */
public final class MatmulOp {
  private MatmulOp() {}

  /** {@code [..., m, k] x [..., k, n] = [..., m, n]}, each operand transposed first if asked. */
  public static Tensor apply(Tensor a, Tensor b, boolean transposeA, boolean transposeB) {
    Checks.sameKind("matmul", a, b);
    Checks.require(
        a.shape().rank() >= 2 && b.shape().rank() >= 2,
        "matmul needs matrices, got %s and %s",
        a.shape(),
        b.shape());
    int k = a.dim(transposeA ? -2 : -1);
    Checks.require(
        k == b.dim(transposeB ? -1 : -2),
        "matmul of %s%s and %s%s: inner dimensions differ",
        a.shape(),
        transposeA ? " transposed" : "",
        b.shape(),
        transposeB ? " transposed" : "");
    Shape batch = Shape.broadcast(leading(a.shape()), leading(b.shape()));
    Tensor left = a.expand(join(batch, a.dim(-2), a.dim(-1))).contiguous();
    Tensor right = b.expand(join(batch, b.dim(-2), b.dim(-1))).contiguous();
    return product(left, right, batch, transposeA, transposeB);
  }

  private static Tensor product(
      Tensor a, Tensor b, Shape batch, boolean transposeA, boolean transposeB) {
    int m = a.dim(transposeA ? -1 : -2);
    int k = a.dim(transposeA ? -2 : -1);
    int n = b.dim(transposeB ? -2 : -1);
    Tensor c = Tensors.empty(a.backend(), a.dtype(), join(batch, m, n));
    multiply(a, b, transposeA, transposeB, c, false);
    return Autograd.record(
        "matmul",
        c,
        (dOutput, gradients) -> {
          Tensor dC = dOutput.contiguous();
          if (gradients.needs(a)) {
            var target = gradients.target(a);
            if (transposeA) {
              multiply(b, dC, transposeB, true, target.tensor(), target.accumulate());
            } else {
              multiply(dC, b, false, !transposeB, target.tensor(), target.accumulate());
            }
          }
          if (gradients.needs(b)) {
            var target = gradients.target(b);
            if (transposeB) {
              multiply(dC, a, true, transposeA, target.tensor(), target.accumulate());
            } else {
              multiply(a, dC, !transposeA, false, target.tensor(), target.accumulate());
            }
          }
        },
        a,
        b);
  }

  private static void multiply(
      Tensor a, Tensor b, boolean transposeA, boolean transposeB, Tensor c, boolean accumulate) {
    int m = c.dim(-2);
    int n = c.dim(-1);
    int k = a.dim(transposeA ? -2 : -1);
    int batch = Math.toIntExact(leading(c.shape()).size());
    var shape =
        new MatmulShape(
            batch, m, n, k, transposeA, transposeB, (long) m * k, (long) k * n, (long) m * n);
    a.backend()
        .matmul()
        .matmul(
            shape, a.contiguousSpan(), b.contiguousSpan(), null, c.contiguousSpan(), accumulate);
  }

  private static Shape leading(Shape shape) {
    return Shape.of(Arrays.copyOf(shape.toArray(), shape.rank() - 2));
  }

  private static Shape join(Shape batch, int rows, int cols) {
    int[] dims = Arrays.copyOf(batch.toArray(), batch.rank() + 2);
    dims[batch.rank()] = rows;
    dims[batch.rank() + 1] = cols;
    return Shape.of(dims);
  }
}
