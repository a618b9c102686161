package dev.galen.model.engine;

import dev.galen.model.generate.GenerationConfig;
import dev.galen.model.generate.LogitsProcessor;
import dev.galen.model.generate.Sampler;
import dev.galen.model.generate.TokenRule;
import dev.galen.tensor.random.Philox;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Finds the next tokens of one text from its logits alone. Draws take a counter each of a stream of
 * the text's own.
 */
final class TokenPicker {
  private final LogitsProcessor processor;
  private final Sampler sampler;
  private final TokenConstraint.Progress progress; // null where all may come
  private final boolean measures;
  private final int top;
  private BitSet allowed;

  /**
   * For a text that begins.
   *
   * @param number among those of its request: each draws otherwise
   */
  TokenPicker(GenerationRequest request, int number, TokenRule.Text text) {
    GenerationConfig config = request.config();
    processor = config.processor(text);
    sampler =
        config.sample() ? Sampler.from(new Philox(seed(config.seed(), number))) : Sampler.greedy();
    progress = request.constraint().map(TokenConstraint::begin).orElse(null);
    measures = request.hasLogProbabilities() || request.bestOf() > request.sequences();
    top = Math.max(0, request.topLogProbabilities());
  }

  /** The first text has the seed itself, so that it is the same with others beside. */
  private static long seed(long seed, int number) {
    if (number == 0) {
      return seed;
    }
    long high = Philox.word(seed, number, 0);
    return high << 32 | Philox.word(seed, number, 1) & 0xFFFFFFFFL;
  }

  /** Whether any token may come. */
  boolean hasChoice(int left) {
    if (progress == null) {
      return true;
    }
    allowed = progress.allowed(left);
    return !allowed.isEmpty();
  }

  /** Whether the text can have nothing more. */
  boolean isComplete() {
    return progress != null && progress.isComplete();
  }

  /**
   * The next token.
   *
   * @param logits V of them, as the model gave them; left as they are
   * @param ids of the text so far
   */
  GeneratedToken pick(int number, float[] logits, int[] ids) {
    float[] masked = progress == null ? logits : masked(logits);
    int id = sampler.pick(processor.apply(masked, ids));
    if (progress != null) {
      progress.accept(id);
    }
    if (!measures) {
      return new GeneratedToken(number, id, Double.NaN, List.of());
    }
    double norm = logSumExp(logits);
    return new GeneratedToken(number, id, logits[id] - norm, likeliest(logits, norm));
  }

  private float[] masked(float[] logits) {
    var masked = logits.clone();
    for (int id = allowed.nextClearBit(0); id < masked.length; id = allowed.nextClearBit(id + 1)) {
      masked[id] = Float.NEGATIVE_INFINITY;
    }
    return masked;
  }

  /** {@code ln sum e^logit}, in nats. */
  private static double logSumExp(float[] logits) {
    double most = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      most = Math.max(most, logit);
    }
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - most);
    }
    return most + Math.log(sum);
  }

  private List<TokenAlternative> likeliest(float[] logits, double norm) {
    int count = Math.min(top, logits.length);
    if (count == 0) {
      return List.of();
    }
    var best = new int[count];
    int found = 0;
    for (int id = 0; id < logits.length; id++) {
      if (found == count && !(logits[id] > logits[best[count - 1]])) {
        continue;
      }
      int at = found < count ? found++ : count - 1;
      while (at > 0 && logits[id] > logits[best[at - 1]]) {
        best[at] = best[at - 1];
        at--;
      }
      best[at] = id;
    }
    var alternatives = new ArrayList<TokenAlternative>(count);
    for (int id : best) {
      alternatives.add(new TokenAlternative(id, logits[id] - norm));
    }
    return alternatives;
  }
}
