package dev.galen.train;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * What is measured of a model at each evaluation beside its loss. The model has the weights that
 * are measured: the average where the run keeps one.
 */
@FunctionalInterface
public interface Figures {
  /** None. */
  Figures NONE = step -> new LinkedHashMap<>();

  /**
   * Measures them.
   *
   * @param step updates made
   * @return numbers by name, such as {@code accuracy}
   */
  SequencedMap<String, ? extends Number> at(long step) throws IOException;

  /**
   * The same of little data before the first update, for what would fail later.
   *
   * @param batches of validation data
   */
  default SequencedMap<String, ? extends Number> rehearsed(int batches) throws IOException {
    return at(0);
  }
}
