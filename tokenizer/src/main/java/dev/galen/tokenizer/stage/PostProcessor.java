package dev.galen.tokenizer.stage;

import java.util.List;

/** The fourth stage: puts special tokens around one text or two, and trims offsets. Thread-safe. */
public interface PostProcessor {

  /** Leaves tokens as they are. */
  PostProcessor NONE = (texts, addSpecialTokens) -> texts;

  /**
   * Processes the tokens of one text or two.
   *
   * @param texts the tokens of each
   * @param addSpecialTokens whether to put special tokens around them
   * @return the tokens of each, or of all together in one list
   */
  List<List<Piece>> process(List<List<Piece>> texts, boolean addSpecialTokens);

  /**
   * The segment of what overflows a text, which no template says.
   *
   * @param typeId what it is unless this processor sets it: 0 for the first text, 1 for the second
   */
  default int overflowTypeId(int typeId, boolean addSpecialTokens) {
    return typeId;
  }

  /** The ids in front of a single text. */
  default int[] before() {
    return new int[0];
  }

  /** The ids behind a single text. */
  default int[] after() {
    return new int[0];
  }
}
