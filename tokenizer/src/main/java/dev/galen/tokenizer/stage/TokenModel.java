package dev.galen.tokenizer.stage;

/** The third stage: turns a word into tokens. Thread-safe. */
public interface TokenModel {

  /** Its tokens, without those that are added to them. */
  Vocabulary vocabulary();

  /**
   * Appends the ids of a word and, where the list has places, the bytes of each token.
   *
   * @param utf8 well-formed UTF-8
   * @throws IllegalArgumentException if the vocabulary has no token for a part of the word
   */
  void encode(byte[] utf8, int start, int end, TokenList tokens);
}
