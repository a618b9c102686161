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
