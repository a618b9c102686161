package dev.galen.tensor.ops;

import dev.galen.tensor.Autocast;
import dev.galen.tensor.Autocast.Operand;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Gradients.Target;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.MatmulShape;
import java.util.Arrays;

/**
 * {@code C = op(A) op(B)} over the last two dimensions, leading ones broadcast. For {@code C = A
 * B}: {@code dA = dC B^T}, {@code dB = A^T dC}; a transposed operand gets the transposed gradient.
 * Gradients have the types of the operands as given, whatever {@link Autocast} rounded them to.
 */
public final class MatmulOp {
  private MatmulOp() {}

  /** {@code [..., m, k] x [..., k, n] = [..., m, n]}, each operand transposed first if asked. */
  public static Tensor apply(Tensor a, Tensor b, boolean transposeA, boolean transposeB) {
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
    Operand left = Autocast.operand(expand(a, batch));
    Operand right = Autocast.operand(expand(b, batch));
    Checks.sameKind("matmul", left.value(), right.value());
    return product(left, right, batch, transposeA, transposeB);
  }

  private static Tensor expand(Tensor x, Shape batch) {
    Shape shape = join(batch, x.dim(-2), x.dim(-1));
    return x.shape().equals(shape) ? x : x.expand(shape);
  }

  private static Tensor product(
      Operand left, Operand right, Shape batch, boolean transposeA, boolean transposeB) {
    Tensor a = left.value();
    Tensor b = right.value();
    boolean tf32 = Autocast.allowsTf32();
    int m = a.dim(transposeA ? -1 : -2);
    int n = b.dim(transposeB ? -2 : -1);
    Tensor c = Tensors.empty(a.backend(), a.dtype(), join(batch, m, n));
    multiply(a, b, transposeA, transposeB, tf32, new Target(c, false));
    return Autograd.record(
        "matmul",
        c,
        (dOutput, gradients) -> {
          Tensor dC = dOutput.contiguous();
          if (gradients.needs(left.source())) {
            Target target = gradients.target(left.source());
            if (transposeA) {
              multiply(b, dC, transposeB, true, tf32, target);
            } else {
              multiply(dC, b, false, !transposeB, tf32, target);
            }
          }
          if (gradients.needs(right.source())) {
            Target target = gradients.target(right.source());
            if (transposeB) {
              multiply(dC, a, true, transposeA, tf32, target);
            } else {
              multiply(a, dC, !transposeA, false, tf32, target);
            }
          }
        },
        left.source(),
        right.source());
  }

  private static void multiply(
      Tensor a, Tensor b, boolean transposeA, boolean transposeB, boolean tf32, Target target) {
    Tensor c = target.tensor();
    int m = c.dim(-2);
    int n = c.dim(-1);
    int k = a.dim(transposeA ? -2 : -1);
    int batch = Math.toIntExact(leading(c.shape()).size());
    var shape =
        new MatmulShape(
                batch, m, n, k, transposeA, transposeB, (long) m * k, (long) k * n, (long) m * n)
            .withTf32(tf32);
    a.backend()
        .matmul()
        .matmul(
            shape,
            a.contiguousSpan(),
            b.contiguousSpan(),
            null,
            c.contiguousSpan(),
            target.accumulate());
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
