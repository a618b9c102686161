package dev.galen.model.generate;

import dev.galen.tensor.DType;
import dev.galen.tensor.Layout;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Span;

/**
 * The likeliest token of each sequence, found where the scores are, so that some bytes come to the
 * host instead of {@code [B, V]}. Its score comes along: of scores that are no numbers it is one,
 * by which damaged weights are seen.
 */
final class LikeliestTokens {
  private LikeliestTokens() {}

  /**
   * Finds them.
   *
   * @param scores_BV {@code [B, V]}
   * @return I32 {@code [2, B]}: the ids, then the bits of their scores in F32
   */
  static Tensor of(Tensor scores_BV) {
    Tensor scores = scores_BV.contiguous();
    int batch = scores.dim(0);
    Tensor found = Tensors.empty(scores.backend(), DType.I32, Shape.of(2, batch));
    Span ids = found.span().slice(0, batch);
    var best = new Span(ids.buffer(), DType.F32, ids.offset() + batch, batch);
    scores.backend().reduce().argmax(scores.contiguousSpan(), ids, batch, scores.dim(1));
    Tensor highest = scores.max(1);
    Layout layout = highest.layout();
    scores.backend().copy().copy(highest.span(), layout, best, layout);
    return found;
  }

  /**
   * The ids, on the host.
   *
   * @throws IllegalArgumentException if a score is not a number, or infinite
   */
  static int[] ids(Tensor found) {
    int[] all = found.toInts();
    var ids = new int[all.length / 2];
    for (int row = 0; row < ids.length; row++) {
      ids[row] = all[row];
      Scores.requireNumber(ids[row], Float.intBitsToFloat(all[ids.length + row]));
    }
    return ids;
  }
}
