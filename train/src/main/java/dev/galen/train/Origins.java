package dev.galen.train;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Where the sequences that a model learns come from, for a message about some of them. */
@FunctionalInterface
public interface Origins {
  /** Nobody knows. */
  Origins UNKNOWN = sequences -> Map.of();

  /**
   * Looks some sequences up, which may take a pass over the data.
   *
   * @param sequences by their places among the training sequences, from 0
   * @return for each of them the rows that it was made of, {@code file:line}; those that are not
   *     known are left out
   */
  Map<Integer, List<String>> of(Set<Integer> sequences) throws IOException;
}
