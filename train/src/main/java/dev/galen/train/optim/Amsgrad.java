package dev.galen.train.optim;

import dev.galen.tensor.backend.Binary;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.Unary;
import dev.galen.tensor.backend.UpdateRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Adam and AdamW whose second moment never falls (Reddi et al. 2018, arXiv 1904.09237), by
 * PyTorch's rule: {@code x = max(x, v); p -= lr / (1-b1^t) m / (sqrt(x / (1-b2^t)) + eps)}.
 */
final class Amsgrad {
  private Amsgrad() {}

  /** Those of Adam's states that have no sign. */
  static final Set<String> NEVER_NEGATIVE = Set.of("moment2");

  /** Bytes of Adam's states; the largest of values that are rounded up at times only grows. */
  static double stateBytes(boolean amsgrad, StateFormat format) {
    Numbers.require(
        !amsgrad || format == StateFormat.F32,
        "amsgrad",
        amsgrad,
        "false where %s is %s".formatted(StateFormat.SETTING, format.word()));
    return format.bytes(states(amsgrad).size());
  }

  /** The names of the states of Adam, with or without. */
  static List<String> states(boolean amsgrad) {
    var states = new ArrayList<>(UpdateRule.AdamW.STATES);
    if (amsgrad) {
      states.add("moment2max");
    }
    return states;
  }

  /**
   * Updates values and states.
   *
   * @param rule whose numbers count, but for the gradient's scale
   * @param gradient scaled
   */
  static void update(Elements part, UpdateRule.AdamW rule, Span gradient) {
    Span mean = part.states().get(0);
    Span square = part.states().get(1);
    Span most = part.states().get(2);
    part.with().average(rule.beta1(), mean, gradient);
    part.with().average(rule.beta2(), square, part.with().map(Unary.SQUARE, gradient));
    part.with().combine(Binary.MAX, most, square, most);
    Span root = part.with().map(Unary.SQRT, most);
    part.with().scale(1 / Math.sqrt(rule.correction2()), rule.epsilon(), root);
    part.with().combine(Binary.DIV, mean, root, root);
    part.with().scale(1 - rule.learningRate() * rule.weightDecay(), part.values());
    part.with().add(-rule.learningRate() / rule.correction1(), root, part.values());
  }
}
