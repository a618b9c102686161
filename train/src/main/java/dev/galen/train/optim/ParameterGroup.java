package dev.galen.train.optim;

import dev.galen.train.values.NamedValues;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Parameters that are updated in another way than the rest, as PyTorch's groups.
 *
 * @param pattern of their names, see {@link NamePattern}
 * @param rate factor on the learning rate
 * @param weightDecay of all of these, vectors included, in place of the optimizer's; or null
 */
public record ParameterGroup(String pattern, double rate, Double weightDecay) {
  /** All others. */
  static final ParameterGroup REST = new ParameterGroup("*", 1, null);

  /** Checks the numbers. */
  public ParameterGroup {
    NamePattern.require(pattern);
    if (!(rate >= 0 && rate < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "rate of group %s is %s, must be a number from 0 on".formatted(pattern, rate));
    }
    if (weightDecay != null) {
      WeightDecay.require(weightDecay);
    }
  }

  /**
   * Reads what {@link #text} writes: {@code transformer.h.0:rate=0.1,weight_decay=0}.
   *
   * @throws IllegalArgumentException naming what is no number, or no setting of a group
   */
  public static ParameterGroup parse(String text) {
    int colon = text.lastIndexOf(':');
    Numbers.require(colon > 0, "group", text, "a pattern, a colon and rate=X or weight_decay=X");
    var numbers = new LinkedHashMap<String, String>();
    for (String pair : text.substring(colon + 1).split(",")) {
      String[] parts = pair.split("=", 2);
      Numbers.require(parts.length == 2, "group", text, "with rate=X or weight_decay=X");
      numbers.put(parts[0], parts[1]);
    }
    return of(text.substring(0, colon), numbers);
  }

  /** The same of numbers by name. */
  public static ParameterGroup of(String pattern, Map<String, String> numbers) {
    var values = new NamedValues("group " + pattern, numbers);
    var group =
        new ParameterGroup(pattern, values.number("rate", 1), values.number("weight_decay"));
    values.requireNoOther();
    return group;
  }

  /** Its numbers by name. */
  public Map<String, String> numbers() {
    return NamedValues.text("rate", rate, "weight_decay", weightDecay);
  }

  boolean isLike(ParameterGroup other) {
    return Double.compare(rate, other.rate) == 0 && Objects.equals(weightDecay, other.weightDecay);
  }

  ParameterGroup times(double factor) {
    return factor == 1 ? this : new ParameterGroup(pattern, rate * factor, weightDecay);
  }

  /** As the command line and a checkpoint have it. */
  public String text() {
    return numbers().entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining(",", pattern + ":", ""));
  }
}
