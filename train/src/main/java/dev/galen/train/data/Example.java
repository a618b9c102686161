package dev.galen.train.data;

import java.util.Optional;

/**
 * One record of a data set, before a tokenizer has seen it. A module with rows of its own makes its
 * own kinds, and encodes them itself: {@link SequenceEncoder} takes Galen's for language models.
 */
public interface Example {

  /** Where the record comes from. */
  Origin origin();

  /** Whether it is a sequence of tokens already. */
  default boolean tokenised() {
    return false;
  }

  /** The class of a text that has one, by its name or number, for stratified splits. */
  default Optional<String> category() {
    return Optional.empty();
  }

  /** What {@link Split} goes by: examples of one key are in the same part. */
  String key();

  /**
   * The text as a model will see it, for a tokenizer to learn from.
   *
   * @throws IllegalArgumentException with one line that names the place if there is none
   */
  String text();
}
