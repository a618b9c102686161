package dev.galen.tokenizer.text;

import java.util.Arrays;

/**
 * A text on its way through the stages: UTF-8 and, where offsets are wanted, which character of the
 * original each byte comes from, counted in code points. Immutable, but its bytes are not copied.
 */
public final class Text {

  private static final byte[] SPACE = {' '};

  private final byte[] utf8;

  /** Where the original character of each byte starts, and where it ends; null if not aligned. */
  private final int[] starts;

  private final int[] ends;

  Text(byte[] utf8, int[] starts, int[] ends) {
    this.utf8 = utf8;
    this.starts = starts;
    this.ends = ends;
  }

  /**
   * A text without offsets.
   *
   * @throws IllegalArgumentException if it holds a lone surrogate
   */
  public static Text of(String text) {
    return new Text(Utf8.encode(text), null, null);
  }

  /**
   * A text that was made of another one.
   *
   * @param utf8 well-formed UTF-8
   * @param starts where the original character of each byte starts, in code points; null if the
   *     other text is not aligned
   * @param ends where it ends
   */
  public static Text of(byte[] utf8, int[] starts, int[] ends) {
    return new Text(utf8, starts, ends);
  }

  /**
   * A text whose bytes know where they come from.
   *
   * @throws IllegalArgumentException if it holds a lone surrogate
   */
  public static Text aligned(String text) {
    byte[] utf8 = Utf8.encode(text);
    var starts = new int[utf8.length];
    var ends = new int[utf8.length];
    int index = 0;
    for (int i = 0; i < utf8.length; ) {
      int length = Utf8.length(utf8[i]);
      Arrays.fill(starts, i, i + length, index);
      index++;
      Arrays.fill(ends, i, i + length, index);
      i += length;
    }
    return new Text(utf8, starts, ends);
  }

  /** Its well-formed UTF-8, not to be changed. */
  public byte[] utf8() {
    return utf8;
  }

  /** How many bytes it has. */
  public int length() {
    return utf8.length;
  }

  /** Whether its bytes know where they come from. */
  public boolean isAligned() {
    return starts != null;
  }

  void copyPlaces(int start, int end, int[] toStarts, int[] toEnds, int to) {
    System.arraycopy(starts, start, toStarts, to, end - start);
    System.arraycopy(ends, start, toEnds, to, end - start);
  }

  /** Where the original character starts that the byte at {@code i} comes from. */
  public int start(int i) {
    return starts[i];
  }

  /** Where the original character ends that the byte at {@code i} comes from. */
  public int end(int i) {
    return ends[i];
  }

  /**
   * A part of this text, which is not empty, with a space in front. The space comes from the first
   * character behind it, as in HuggingFace's library.
   */
  public Text withSpaceBefore(int start, int end) {
    return withBefore(SPACE, start, end);
  }

  /** The same with other characters in front, as UTF-8. */
  public Text withBefore(byte[] before, int start, int end) {
    var bytes = new byte[before.length + end - start];
    System.arraycopy(before, 0, bytes, 0, before.length);
    System.arraycopy(utf8, start, bytes, before.length, end - start);
    return new Text(
        bytes,
        starts == null ? null : withFirst(starts, before.length, start, end),
        ends == null ? null : withFirst(ends, before.length, start, end));
  }

  private static int[] withFirst(int[] indexes, int times, int start, int end) {
    var more = new int[times + end - start];
    Arrays.fill(more, 0, times, indexes[start]);
    System.arraycopy(indexes, start, more, times, end - start);
    return more;
  }

  /** A part of this text. */
  public Text slice(int start, int end) {
    return new Text(
        Arrays.copyOfRange(utf8, start, end),
        starts == null ? null : Arrays.copyOfRange(starts, start, end),
        ends == null ? null : Arrays.copyOfRange(ends, start, end));
  }
}
