package dev.galen.tokenizer.sentencepiece;

import dev.galen.tokenizer.stage.TokenList;

/** Cuts a text into pieces. */
@FunctionalInterface
interface Segmenter {

  /** Appends the pieces of {@code utf8[start, end)}, which is not empty; some may be unknown. */
  void segment(byte[] utf8, int start, int end, TokenList tokens);
}
