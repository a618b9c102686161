package dev.galen.train.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Which examples some sequences were made of, found by encoding the data once more: sequences keep
 * no place, since all of them would pay for what a failure alone asks.
 */
public final class SequenceOrigins {
  private SequenceOrigins() {}

  /**
   * Looks them up.
   *
   * @param wanted places in {@code sequences}
   * @param sequences as they were encoded, or some of them
   * @param examples the same that were encoded then
   * @param encoded which of these were; the others are passed over
   * @param encoding an empty one of the encoder that made the sequences
   */
  public static Map<Integer, List<String>> of(
      Set<Integer> wanted,
      TokenSequences sequences,
      Examples examples,
      Predicate<Example> encoded,
      SequenceEncoding encoding)
      throws IOException {
    Map<Integer, List<String>> found = new TreeMap<>();
    Map<Integer, List<String>> byPlace = new HashMap<>();
    for (int index : wanted) {
      // Sampled rows stand at several places.
      found.put(
          index, byPlace.computeIfAbsent(sequences.encodedAt(index), place -> new ArrayList<>()));
    }
    examples.forEach(
        example -> {
          if (!encoded.test(example)) {
            return;
          }
          int from = encoding.completed();
          encoding.add(example);
          for (int place = from; place < encoding.begun(); place++) {
            if (byPlace.containsKey(place)) {
              byPlace.get(place).add(example.origin().toString());
            }
          }
        });
    return found;
  }
}
