package dev.galen.model.generate;

import dev.galen.tensor.Tensor;
import dev.galen.tensor.ops.SampleOp;
import dev.galen.tensor.random.Philox;
import java.util.Arrays;

/**
 * The next token of each sequence, found where the logits are, so that some bytes come to the host
 * instead of {@code [B, V]}. The likeliest token's logit comes along: of logits that are no numbers
 * it is one, by which damaged weights are seen.
 */
final class NextTokens {
  private NextTokens() {}

  /**
   * The likeliest tokens, the first of equals.
   *
   * @param logits_BV {@code [B, V]}
   * @return I32 {@code [2, B]}: the ids, then the bits of their logits in F32
   */
  static Tensor likeliest(Tensor logits_BV) {
    return SampleOp.likeliest(logits_BV);
  }

  /**
   * Tokens sampled as {@code config} says, of which each takes one counter of {@code random}.
   *
   * @param logits_BV {@code [B, V]}
   * @return I32 {@code [3, B]}: what {@link #likeliest} gives, then the ids sampled
   */
  static Tensor sampled(Tensor logits_BV, GenerationConfig config, Philox random) {
    return SampleOp.withLikeliest(
        logits_BV, config.temperature(), config.topK(), config.topP(), random);
  }

  /**
   * The ids on the host, the sampled ones where there are any.
   *
   * @throws IllegalArgumentException if a logit is not a number, or infinite, or all are negative
   *     infinity where one was to be sampled
   */
  static int[] ids(Tensor picked) {
    int[] all = picked.toInts();
    int batch = picked.dim(1);
    for (int row = 0; row < batch; row++) {
      Logits.requireNumber(all[row], Float.intBitsToFloat(all[batch + row]));
    }
    if (picked.dim(0) == 2) {
      return Arrays.copyOf(all, batch);
    }
    int[] sampled = Arrays.copyOfRange(all, 2 * batch, 3 * batch);
    for (int row = 0; row < batch; row++) {
      if (sampled[row] == SampleOp.NONE) {
        throw new NonFiniteLogitException(
            "the model's logit of token %d is %s, and no other is higher; its weights are damaged"
                .formatted(all[row], Float.intBitsToFloat(all[batch + row])));
      }
    }
    return sampled;
  }
}
