package dev.galen.train.metrics;

import java.util.ArrayList;
import java.util.List;

/**
 * A piece of a text that is too long for the model's context: the model reads the tokens {@code
 * begin} (inclusive) to {@code end} (exclusive), and only the last of them count, those that no
 * earlier window scored. Overlapping windows give the tokens a past; every token but the first of
 * each window that overlaps none is scored exactly once.
 *
 * @param begin index of the first token read
 * @param end index after the last token read
 * @param firstScored index of the first token whose prediction counts; greater than {@code begin},
 *     since nothing predicts the first token of a window
 */
public record StridedWindow(int begin, int end, int firstScored) {

  /** How many tokens this window scores; 0 for a window of one token. */
  public int scored() {
    return end - firstScored;
  }

  /**
   * The windows that cover a text.
   *
   * @param length tokens of the text; an empty text has no window
   * @param context tokens that the model can read at once, at least 2
   * @param stride tokens from one window's begin to the next one's, 1 to {@code context}; the
   *     smaller it is, the more past every token has and the longer it takes
   */
  public static List<StridedWindow> plan(int length, int context, int stride) {
    if (length < 0 || context < 2 || stride < 1 || stride > context) {
      throw new IllegalArgumentException(
          ("Windows need length >= 0, context >= 2 and stride from 1 to context, got length"
                  + " %s, context %s and stride %s")
              .formatted(length, context, stride));
    }
    var windows = new ArrayList<StridedWindow>();
    int end = 0;
    for (int begin = 0; end < length; begin += stride) {
      int seen = end;
      end = begin < length - context ? begin + context : length;
      windows.add(new StridedWindow(begin, end, Math.max(begin + 1, seen)));
    }
    return windows;
  }
}
