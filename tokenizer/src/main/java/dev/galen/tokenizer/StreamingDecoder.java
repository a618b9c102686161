package dev.galen.tokenizer;

/**
 * Decodes a sequence of ids one at a time, for text that is shown while it is generated. One
 * character may be spread over several ids; a decoder holds its first bytes back until the rest has
 * come. The concatenation of everything {@link #push} and {@link #finish} return equals {@link
 * Tokenizer#decode} of all ids at once. Not thread-safe: one decoder per sequence.
 */
public interface StreamingDecoder {

  /**
   * Takes the next id.
   *
   * @return the characters that are complete now and were not returned before, possibly none, and
   *     none for an id without a token
   * @throws IllegalArgumentException if the id is negative
   */
  String push(int id);

  /**
   * Ends the sequence and makes the decoder ready for another one.
   *
   * @return U+FFFD if an incomplete character was held back, else the empty string
   */
  String finish();
}
