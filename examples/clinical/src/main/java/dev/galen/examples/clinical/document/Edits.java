package dev.galen.examples.clinical.document;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Changes of a text, collected from left to right, with the way back: each place of the new text
 * has one in the old text, and annotations move along.
 *
 * <p>A place inside of a replaced stretch belongs to the whole stretch: its start maps to the
 * stretch's start and its end to the stretch's end, in either direction.
 */
public final class Edits {
  private final String text;
  private final StringBuilder result = new StringBuilder();

  /** Of each change: where it begins and ends in the old text, and in the new one. */
  private int[] oldStarts = new int[8];

  private int[] oldEnds = new int[8];
  private int[] newStarts = new int[8];
  private int[] newEnds = new int[8];
  private int count;
  private int copied;

  /** No changes of {@code text} yet. */
  public Edits(String text) {
    this.text = text;
  }

  /**
   * Puts {@code replacement} in the place of {@code text[start, end)}.
   *
   * @throws IllegalArgumentException if the place begins before the end of the last one
   */
  public Edits replace(int start, int end, String replacement) {
    if (start < copied || end < start || end > text.length()) {
      throw new IllegalArgumentException(
          "change of %d to %d behind %d in a text of %d"
              .formatted(start, end, copied, text.length()));
    }
    result.append(text, copied, start);
    copied = end;
    if (text.regionMatches(start, replacement, 0, end - start)
        && replacement.length() == end - start) {
      result.append(replacement);
      return this;
    }
    if (count == oldStarts.length) {
      oldStarts = Arrays.copyOf(oldStarts, 2 * count);
      oldEnds = Arrays.copyOf(oldEnds, 2 * count);
      newStarts = Arrays.copyOf(newStarts, 2 * count);
      newEnds = Arrays.copyOf(newEnds, 2 * count);
    }
    oldStarts[count] = start;
    oldEnds[count] = end;
    newStarts[count] = result.length();
    result.append(replacement);
    newEnds[count++] = result.length();
    return this;
  }

  /** Takes {@code text[start, end)} out. */
  public Edits delete(int start, int end) {
    return replace(start, end, "");
  }

  /** Whether anything differs. */
  public boolean isEmpty() {
    return count == 0;
  }

  /** The text with all changes so far. */
  public String result() {
    return result + text.substring(copied);
  }

  /** Where the place that begins at {@code index} of the new text begins in the old one. */
  public int oldStart(int index) {
    return move(index, newStarts, newEnds, oldStarts, oldEnds, false);
  }

  /** Where the place that ends at {@code index} of the new text ends in the old one. */
  public int oldEnd(int index) {
    return move(index, newStarts, newEnds, oldStarts, oldEnds, true);
  }

  /** Where the place that begins at {@code index} of the old text begins in the new one. */
  public int newStart(int index) {
    return move(index, oldStarts, oldEnds, newStarts, newEnds, false);
  }

  /** Where the place that ends at {@code index} of the old text ends in the new one. */
  public int newEnd(int index) {
    return move(index, oldStarts, oldEnds, newStarts, newEnds, true);
  }

  private int move(int index, int[] starts, int[] ends, int[] toStarts, int[] toEnds, boolean end) {
    // The last change that begins before the index; one that begins at it leaves it where it is,
    // except for a start behind an insertion.
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (starts[middle] < index) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    int change = low - 1;
    if (change < 0) {
      return index;
    }
    if (index < ends[change]) {
      return end ? toEnds[change] : toStarts[change];
    }
    return toEnds[change] + index - ends[change];
  }

  /**
   * The document with the changed text; annotations that become empty are left out, those that were
   * empty stay.
   */
  public Document applyTo(Document document) {
    if (!document.text().equals(text)) {
      throw new IllegalArgumentException(
          document.origin() + ": the changes were made for another text");
    }
    if (isEmpty()) {
      return document;
    }
    List<Annotation> moved = new ArrayList<>();
    for (Annotation annotation : document.annotations()) {
      int start = newStart(annotation.start());
      int end = Math.max(start, newEnd(annotation.end()));
      if (end > start || annotation.start() == annotation.end()) {
        moved.add(annotation.at(start, end));
      }
    }
    return document.withText(result(), moved);
  }
}
