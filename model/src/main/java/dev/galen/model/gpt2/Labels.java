package dev.galen.model.gpt2;

import java.util.List;
import java.util.stream.IntStream;

/**
 * A classifier's classes, by index.
 *
 * @param names one per class
 */
public record Labels(List<String> names) {
  /** Keeps its own copy. */
  public Labels {
    names = List.copyOf(names);
  }

  /** {@code count} classes with HuggingFace's default names. */
  public static Labels of(int count) {
    return new Labels(IntStream.range(0, count).mapToObj(i -> "LABEL_" + i).toList());
  }

  /** The number of classes. */
  public int count() {
    return names.size();
  }
}
