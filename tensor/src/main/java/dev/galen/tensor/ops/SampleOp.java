package dev.galen.tensor.ops;

import dev.galen.tensor.DType;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.RandomKernels;
import dev.galen.tensor.random.Philox;
import java.util.Arrays;

/**
 * Draws from {@code softmax(x / temperature)}, cut by top-k and then by top-p, along the last
 * dimension, where the logits lie: {@link RandomKernels#sample} has the formula. Indices have no
 * gradient.
 */
public final class SampleOp {
  /** The index of a row without a distribution: NaN or infinity in it, or nothing to draw. */
  public static final int NONE = -1;

  private SampleOp() {}

  /**
   * One index per row; takes as many counters of {@code random}.
   *
   * @param input logits {@code [..., classes]}; negative infinity excludes a class
   * @param temperature divides the logits, positive
   * @param topK how many of the highest to draw from; {@link Integer#MAX_VALUE} for all
   * @param topP the probability of those to draw from, in (0, 1]; 1 for all
   * @return I32 {@code [...]}, {@link #NONE} where a row has no distribution
   */
  public static Tensor apply(
      Tensor input, double temperature, int topK, double topP, Philox random) {
    Checks.requireRows("sample", input, "[..., classes]");
    Tensor x = input.detach().contiguous();
    int cols = x.dim(-1);
    Checks.require(cols > 0, "a draw from no elements of shape %s", x.shape());
    int rows = x.shape().rows();
    int[] dims = Arrays.copyOf(x.shape().toArray(), x.shape().rank() - 1);
    Tensor index = Tensors.empty(x.backend(), DType.I32, Shape.of(dims));
    long seed = random.seed();
    long offset = random.reserve(4L * rows);
    x.backend()
        .random()
        .sample(
            x.contiguousSpan(), index.span(), rows, cols, temperature, topK, topP, seed, offset);
    return index;
  }
}
