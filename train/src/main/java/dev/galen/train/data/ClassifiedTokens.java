package dev.galen.train.data;

import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * A text that is tokenised already, and the class that it belongs to. The array is not copied.
 *
 * @param inputIds token ids, [T]; at least one
 * @param label the class's name, or its number from 0 in decimals
 * @param origin where the record comes from
 */
@SuppressWarnings("ArrayRecordComponent") // Carried, never compared.
public record ClassifiedTokens(int[] inputIds, String label, Origin origin) implements Example {

  /** Checks that there are ids and a label. */
  public ClassifiedTokens {
    Objects.requireNonNull(label, "label");
    Objects.requireNonNull(origin, "origin");
    if (inputIds.length == 0) {
      throw new IllegalArgumentException(origin + ": input_ids is empty; expected token ids");
    }
  }

  /** The ids: the same sequence stays in one part, whatever its label. */
  @Override
  public String key() {
    return Arrays.toString(inputIds);
  }

  @Override
  public boolean tokenised() {
    return true;
  }

  @Override
  public String text() {
    throw new IllegalArgumentException(
        origin + ": is tokenised already; a tokenizer learns from text");
  }

  @Override
  public Optional<String> category() {
    return Optional.of(label);
  }
}
