package dev.galen.model.generate;

import dev.galen.tensor.DType;
import dev.galen.tensor.Layout;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.ops.SampleOp;
import dev.galen.tensor.random.Philox;
import java.util.Arrays;

/**
 * The next token of each sequence, found where the scores are, so that some bytes come to the host
 * instead of {@code [B, V]}. The likeliest token's score comes along: of scores that are no numbers
 * it is one, by which damaged weights are seen.
 */
final class NextTokens {
  private NextTokens() {}

  /**
   * The likeliest tokens, the first of equals.
   *
   * @param scores_BV {@code [B, V]}
   * @return I32 {@code [2, B]}: the ids, then the bits of their scores in F32
   */
  static Tensor likeliest(Tensor scores_BV) {
    return picked(scores_BV.contiguous(), 2);
  }

  /**
   * Tokens drawn as {@code config} says, of which each takes one counter of {@code random}.
   *
   * @param scores_BV {@code [B, V]}
   * @return I32 {@code [3, B]}: what {@link #likeliest} gives, then the ids drawn
   */
  static Tensor drawn(Tensor scores_BV, GenerationConfig config, Philox random) {
    Tensor scores = scores_BV.contiguous();
    int batch = scores.dim(0);
    Tensor picked = picked(scores, 3);
    scores
        .backend()
        .random()
        .sample(
            scores.contiguousSpan(),
            picked.span().slice(2L * batch, batch),
            batch,
            scores.dim(1),
            config.temperature(),
            config.topK(),
            config.topP(),
            random.seed(),
            random.reserve(4L * batch));
    return picked;
  }

  private static Tensor picked(Tensor scores, int rows) {
    int batch = scores.dim(0);
    Tensor picked = Tensors.empty(scores.backend(), DType.I32, Shape.of(rows, batch));
    Span ids = picked.span().slice(0, batch);
    scores.backend().reduce().argmax(scores.contiguousSpan(), ids, batch, scores.dim(1));
    Tensor highest = scores.max(1);
    Layout layout = highest.layout();
    Span best = picked.span().slice(batch, batch).as(DType.F32);
    scores.backend().copy().copy(highest.span(), layout, best, layout);
    return picked;
  }

  /**
   * The ids on the host, those drawn where there are.
   *
   * @throws IllegalArgumentException if a score is not a number, or infinite, or all are negative
   *     infinity where one was to be drawn
   */
  static int[] ids(Tensor picked) {
    int[] all = picked.toInts();
    int batch = picked.dim(1);
    for (int row = 0; row < batch; row++) {
      Scores.requireNumber(all[row], Float.intBitsToFloat(all[batch + row]));
    }
    if (picked.dim(0) == 2) {
      return Arrays.copyOf(all, batch);
    }
    int[] drawn = Arrays.copyOfRange(all, 2 * batch, 3 * batch);
    for (int row = 0; row < batch; row++) {
      if (drawn[row] == SampleOp.NONE) {
        throw new NonFiniteLogitException(
            "the model's score of token %d is %s, and no other is higher; its weights are damaged"
                .formatted(all[row], Float.intBitsToFloat(all[batch + row])));
      }
    }
    return drawn;
  }
}
