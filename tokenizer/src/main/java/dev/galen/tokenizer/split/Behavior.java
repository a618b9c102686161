package dev.galen.tokenizer.split;

import dev.galen.tokenizer.stage.IntList;
import dev.galen.tokenizer.stage.PreTokenizer.Words;
import dev.galen.tokenizer.text.Text;

/** What becomes of the matches at which a text is cut, as HuggingFace's library has it. */
public enum Behavior {
  /** They go. */
  REMOVED,
  /** Each is a word of its own. */
  ISOLATED,
  /** One goes to the word before it; a match behind a match is a word of its own. */
  MERGED_WITH_PREVIOUS,
  /** One goes to the word behind it; a match before a match is a word of its own. */
  MERGED_WITH_NEXT,
  /** Neighbours are one word. */
  CONTIGUOUS;

  /**
   * Cuts {@code [start, end)} of a text.
   *
   * @param matches as {@link Finder} has them
   * @param inverted whether what lies between the matches is taken for them
   */
  void cut(Text text, int start, int end, IntList matches, boolean inverted, Words words) {
    // The ends of the segments, each with 1 if it is a match.
    var segments = new IntList(2 * matches.size() + 2);
    int at = start;
    for (int i = 0; i < matches.size(); i += 2) {
      if (at < matches.get(i)) {
        add(segments, matches.get(i), inverted);
      }
      add(segments, matches.get(i + 1), !inverted);
      at = matches.get(i + 1);
    }
    if (at < end) {
      add(segments, end, inverted);
    }
    emit(text, start, segments, words);
  }

  private static void add(IntList segments, int end, boolean match) {
    segments.add(end);
    segments.add(match ? 1 : 0);
  }

  private void emit(Text text, int start, IntList segments, Words words) {
    int word = start;
    for (int i = 0; i < segments.size(); i += 2) {
      int end = segments.get(i);
      boolean match = segments.get(i + 1) == 1;
      boolean last = i + 2 == segments.size();
      boolean nextMatch = !last && segments.get(i + 3) == 1;
      boolean joins =
          !last
              && switch (this) {
                case REMOVED, ISOLATED -> false;
                case MERGED_WITH_PREVIOUS -> !match && nextMatch;
                case MERGED_WITH_NEXT -> match && !nextMatch;
                case CONTIGUOUS -> match == nextMatch;
              };
      if (!joins) {
        if (word < end && !(match && this == REMOVED)) {
          words.add(text, word, end);
        }
        word = end;
      }
    }
  }
}
