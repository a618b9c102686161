package dev.galen.train.optim;

import dev.galen.tensor.DType;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.ops.ReduceOp;

/**
 * Brings the singular values of a matrix near 1 (Jordan et al. 2024,
 * kellerjordan.github.io/posts/muon) by {@code A = X X'; X = a X + (b A + c A A) X}, from X of norm
 * 1. PyTorch rounds each matrix to BF16; products are summed in F32 here as there.
 *
 * @param a of the matrix
 * @param b of its cube
 * @param c of its fifth power
 * @param steps repetitions
 * @param epsilon least norm
 * @param bfloat16 whether matrices are rounded to BF16
 */
record NewtonSchulz(double a, double b, double c, int steps, double epsilon, boolean bfloat16) {
  /** Of {@code g [R, C]}, F32. */
  Tensor of(Tensor g) {
    boolean tall = g.dim(0) > g.dim(1);
    Tensor x = rounded(tall ? g.transpose(0, 1).contiguous() : g);
    double norm = Math.sqrt(ReduceOp.sumOfSquares(x));
    Tensor divisor = rounded(FactoredSquares.scalar(x, norm));
    x = rounded(x.div(divisor.maximum(FactoredSquares.scalar(x, epsilon))));
    for (int i = 0; i < steps; i++) {
      Tensor gram = rounded(x.matmul(x, false, true));
      Tensor change = rounded(gram.matmul(gram).mul(c).add(gram.mul(b)));
      x = rounded(change.matmul(x).add(x.mul(a)));
    }
    return tall ? x.transpose(0, 1).contiguous() : x;
  }

  /** Bytes of all that {@link #of} makes of a matrix, which lives until its scope ends. */
  long bytes(Shape matrix) {
    long rows = matrix.dim(0);
    long cols = matrix.dim(1);
    long all = rows * cols;
    long gram = Math.min(rows, cols) * Math.min(rows, cols);
    long rounding = bfloat16 ? Short.BYTES + Float.BYTES : 0;
    long first = (rows > cols ? 2 : 0) * Float.BYTES + rounding + Float.BYTES + rounding;
    long step = (5 * Float.BYTES + 2 * rounding) * gram + (3 * Float.BYTES + rounding) * all;
    return first * all + steps * step;
  }

  private Tensor rounded(Tensor x) {
    return bfloat16 ? x.to(DType.BF16).to(DType.F32) : x;
  }
}
