package dev.galen.tensor.ops;

import dev.galen.tensor.DType;
import dev.galen.tensor.Layout;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.RandomKernels;
import dev.galen.tensor.backend.Span;
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
    Tensor x = rows("sample", input);
    int rows = x.shape().rows();
    int[] dims = Arrays.copyOf(x.shape().toArray(), x.shape().rank() - 1);
    Tensor index = Tensors.empty(x.backend(), DType.I32, Shape.of(dims));
    draw(x, index.span(), temperature, topK, topP, random);
    return index;
  }

  /**
   * The likeliest of each row, the first of equals, with its logit, by which a row with NaN is
   * known. In one tensor, so that few bytes come to the host, at once.
   *
   * @param input logits {@code [B, classes]}
   * @return I32 {@code [2, B]}: the indices, then the bits of their logits in F32
   */
  public static Tensor likeliest(Tensor input) {
    return likeliest(rows("likeliest", input), 2);
  }

  /**
   * What {@link #likeliest(Tensor)} gives, and what {@link #apply} draws.
   *
   * @param input logits {@code [B, classes]}
   * @return I32 {@code [3, B]}
   */
  public static Tensor withLikeliest(
      Tensor input, double temperature, int topK, double topP, Philox random) {
    Tensor x = rows("sample", input);
    int batch = x.shape().rows();
    Tensor picked = likeliest(x, 3);
    draw(x, picked.span().slice(2L * batch, batch), temperature, topK, topP, random);
    return picked;
  }

  private static Tensor likeliest(Tensor x, int columns) {
    int batch = x.shape().rows();
    Tensor picked = Tensors.empty(x.backend(), DType.I32, Shape.of(columns, batch));
    Span ids = picked.span().slice(0, batch);
    x.backend().reduce().argmax(x.contiguousSpan(), ids, batch, x.dim(-1));
    Tensor highest = x.max(-1);
    Layout layout = highest.layout();
    Span best = picked.span().slice(batch, batch).as(DType.F32);
    x.backend().copy().copy(highest.span(), layout, best, layout);
    return picked;
  }

  private static Tensor rows(String name, Tensor input) {
    Checks.requireRows(name, input, "[..., classes]");
    Tensor x = input.detach().contiguous();
    Checks.require(x.dim(-1) > 0, "a draw from no elements of shape %s", x.shape());
    return x;
  }

  private static void draw(
      Tensor x, Span index, double temperature, int topK, double topP, Philox random) {
    int rows = x.shape().rows();
    int cols = x.dim(-1);
    long seed = random.seed();
    long offset = random.reserve(4L * rows);
    x.backend()
        .random()
        .sample(x.contiguousSpan(), index, rows, cols, temperature, topK, topP, seed, offset);
  }
}
