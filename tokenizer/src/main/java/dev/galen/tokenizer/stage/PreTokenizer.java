package dev.galen.tokenizer.stage;

import dev.galen.tokenizer.text.Text;

/** The second stage: cuts a text into words, across which no token reaches. Thread-safe. */
@FunctionalInterface
public interface PreTokenizer {

  /** Takes the words of a text, one by one. */
  @FunctionalInterface
  interface Words {

    /** Takes the word {@code [start, end)}, in bytes; it may lie in a text that was made for it. */
    void add(Text text, int start, int end);
  }

  /** Whether the cut depends on where in the original text a stretch begins. */
  default boolean needsPlaces() {
    return false;
  }

  /** Cuts the bytes {@code [start, end)}, one at least, and hands the words on. */
  void split(Text text, int start, int end, Words words);
}
