package dev.galen.tensor.backend;

import java.util.List;

/** Parameter updates, in one pass over memory. */
public interface OptimizerKernels {
  /**
   * Updates {@code parameter} and {@code states} in place as {@code rule} says.
   *
   * @param gradient as long as the parameter
   * @param states what {@link UpdateRule#states} names, in its order, each as long as the parameter
   */
  void update(UpdateRule rule, Span parameter, Span gradient, List<Span> states);

  /**
   * Keeps F32 in fewer bits, as {@link RoundedState} says, to the bit: quotients, differences and
   * products are F32, in the order written there. BF16 is the upper half of {@code bits + r}, where
   * r are the 16 random bits. In 8 bits {@code x = value / scale}; with the largest code k whose
   * level is at most x, or 0 where none is, the code is k + 1 if {@code (x - levels[k]) / (levels[k
   * + 1] - levels[k]) * 65536 > r}, else k; and 1 instead of 0 for a positive x, so that nothing is
   * divided by a second moment that only rounding made 0. A block of zeros has scale 0.
   *
   * @param values F32 {@code [n]}
   * @param state as long
   * @param seed key of the random bits
   * @param counter the first of their counters
   */
  void round(Span values, RoundedState state, long seed, long counter);

  /**
   * The values of a state in 8 bits: {@code levels[code] * scale}.
   *
   * @param values F32 {@code [n]}, overwritten
   */
  void widen(RoundedState state, Span values);

  /**
   * Checks what every backend needs of an update.
   *
   * @throws IllegalArgumentException if a span has another length, or there are too few or many
   */
  static void require(UpdateRule rule, Span parameter, Span gradient, List<Span> states) {
    List<String> names = rule.states();
    if (states.size() != names.size()) {
      throw new IllegalArgumentException(
          "%s keeps %s, which are not %d spans".formatted(rule, names, states.size()));
    }
    requireLength("gradient", gradient, parameter);
    for (int i = 0; i < names.size(); i++) {
      requireLength(names.get(i), states.get(i), parameter);
    }
  }

  private static void requireLength(String name, Span span, Span parameter) {
    if (span.length() != parameter.length()) {
      throw new IllegalArgumentException(
          "%s holds %d elements, but parameter holds %d"
              .formatted(name, span.length(), parameter.length()));
    }
  }
}
