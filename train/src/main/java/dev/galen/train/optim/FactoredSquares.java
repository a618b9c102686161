package dev.galen.train.optim;

import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.ops.InPlace;
import dev.galen.tensor.ops.ReduceOp;
import java.util.List;

/**
 * Adafactor's memory of squared gradients of one parameter (Shazeer and Stern 2018, arXiv
 * 1804.04235): a running mean by row and by column of a matrix, of each element of a vector. Of
 * more than two dimensions the last two are a matrix.
 *
 * @param shape of the parameter
 * @param means rows {@code [..., R, 1]} and columns {@code [..., 1, C]}; or all of a vector
 */
record FactoredSquares(Shape shape, List<Tensor> means) {
  static final String ROWS = ".rows";
  static final String COLUMNS = ".columns";
  static final String ALL = ".squares";

  static boolean isMatrix(Shape shape) {
    return shape.rank() >= 2;
  }

  static Shape rows(Shape shape) {
    return shape.withDim(-1, 1);
  }

  static Shape columns(Shape shape) {
    return shape.withDim(-2, 1);
  }

  /** means = keep means + (1 - keep) (the mean of squares). */
  void average(double keep, Tensor squares) {
    if (!isMatrix(shape)) {
      average(keep, means.getFirst(), squares);
      return;
    }
    average(keep, means.get(0), squares.mean(shape.rank() - 1));
    average(keep, means.get(1), squares.mean(shape.rank() - 2));
  }

  private static void average(double keep, Tensor mean, Tensor now) {
    new InPlace(mean.backend()).average(keep, mean.span(), now.contiguousSpan());
  }

  /** The estimate of all squares, with the mean of the rows at least {@code least}. */
  Tensor estimate(double least) {
    if (!isMatrix(shape)) {
      return means.getFirst().mul(1);
    }
    Tensor rows = means.get(0);
    int[] one = rows.shape().toArray();
    one[one.length - 2] = 1;
    Tensor mean = rows.mean(shape.rank() - 2).reshape(one);
    return rows.div(mean.maximum(scalar(mean, least))).mul(means.get(1));
  }

  static Tensor scalar(Tensor like, double value) {
    return Tensors.full(like.backend(), like.dtype(), Shape.of(), value);
  }

  /** The root of the mean square of all elements. */
  static double rms(Tensor x) {
    return Math.sqrt(ReduceOp.sumOfSquares(x.contiguous()) / x.shape().size());
  }
}
