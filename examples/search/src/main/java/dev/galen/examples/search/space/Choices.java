package dev.galen.examples.search.space;

import java.util.HashSet;
import java.util.List;

/**
 * One of a list, without an order.
 *
 * @param labels the values as text, each once
 */
public record Choices(List<String> labels) implements Range {
  /** Keeps its own copy. */
  public Choices {
    labels = List.copyOf(labels);
    if (labels.isEmpty()) {
      throw new IllegalArgumentException("there is nothing to choose from; give a value or more");
    }
    if (new HashSet<>(labels).size() < labels.size()) {
      throw new IllegalArgumentException("the choices are " + labels + ", each must differ");
    }
  }

  /** These values. */
  public static Choices of(String... labels) {
    return new Choices(List.of(labels));
  }

  @Override
  public long size() {
    return labels.size();
  }

  @Override
  public boolean contains(double number) {
    return number >= 0 && number < labels.size() && number == Math.rint(number);
  }

  @Override
  public double at(long i) {
    return i;
  }

  @Override
  public String text(double number) {
    return labels.get((int) number);
  }

  @Override
  public String text() {
    return "choice:" + RangeText.list(labels);
  }
}
