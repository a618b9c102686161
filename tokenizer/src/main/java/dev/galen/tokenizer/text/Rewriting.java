package dev.galen.tokenizer.text;

import java.util.Arrays;

/**
 * A text that is rewritten character by character, from the left; what is written knows where it
 * comes from. Each step takes the next character of the text, takes several, or takes none. The
 * places are those of HuggingFace's {@code NormalizedString}.
 */
public final class Rewriting {

  private final Text from;
  private final byte[] source;

  /** The next character of the text. */
  private int at;

  private byte[] bytes;
  private int[] starts;
  private int[] ends;
  private int size;

  /** Where the last character begins that was written, or -1. */
  private int last = -1;

  private boolean lastIsInserted;

  /** Nothing written yet. */
  public Rewriting(Text from) {
    this.from = from;
    this.source = from.utf8();
    this.bytes = new byte[source.length + 16];
    if (from.isAligned()) {
      starts = new int[bytes.length];
      ends = new int[bytes.length];
    }
  }

  /** Writes a character in place of the next one. */
  public void replace(int c) {
    write(c, at);
    lastIsInserted = false;
    skip();
  }

  /** Writes a character for the one that was taken last; at the start of the text for none. */
  public void insert(int c) {
    write(c, at - 1);
    lastIsInserted = true;
  }

  /** Takes the next character and writes nothing. */
  public void skip() {
    if (at < source.length) {
      at += Utf8.length(source[at]);
    }
  }

  /** Takes the text up to {@code end}, where a character begins, and writes nothing. */
  public void skipTo(int end) {
    at = end;
  }

  /** Writes the bytes of the text up to {@code end}, where a character begins, as they are. */
  public void copyTo(int end) {
    if (end <= at) {
      return;
    }
    int length = end - at;
    require(length);
    System.arraycopy(source, at, bytes, size, length);
    if (starts != null) {
      from.copyPlaces(at, end, starts, ends, size);
    }
    size += length;
    last = size - 1;
    while ((bytes[last] & 0xC0) == 0x80) {
      last--;
    }
    lastIsInserted = false;
    at = end;
  }

  /**
   * Takes characters that belong to the one that was written last. One that was inserted gets the
   * place of the first of them. Before anything is written this does nothing at all: the library
   * forgets such characters, and what comes next takes their places.
   */
  public void dropBehind(int count) {
    if (last < 0 || count == 0) {
      return;
    }
    if (lastIsInserted) {
      place(last, size, at);
      lastIsInserted = false;
    }
    for (int i = 0; i < count; i++) {
      skip();
    }
  }

  private void write(int c, int place) {
    int length = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    require(length);
    last = size;
    switch (length) {
      case 1 -> bytes[size] = (byte) c;
      case 2 -> {
        bytes[size] = (byte) (0xC0 | c >> 6);
        bytes[size + 1] = (byte) (0x80 | c & 0x3F);
      }
      case 3 -> {
        bytes[size] = (byte) (0xE0 | c >> 12);
        bytes[size + 1] = (byte) (0x80 | c >> 6 & 0x3F);
        bytes[size + 2] = (byte) (0x80 | c & 0x3F);
      }
      default -> {
        bytes[size] = (byte) (0xF0 | c >> 18);
        bytes[size + 1] = (byte) (0x80 | c >> 12 & 0x3F);
        bytes[size + 2] = (byte) (0x80 | c >> 6 & 0x3F);
        bytes[size + 3] = (byte) (0x80 | c & 0x3F);
      }
    }
    size += length;
    place(last, size, place);
  }

  private void place(int begin, int end, int place) {
    if (starts == null) {
      return;
    }
    boolean known = place >= 0 && place < source.length;
    int start = known ? from.start(place) : source.length == 0 ? 0 : from.start(0);
    Arrays.fill(starts, begin, end, start);
    Arrays.fill(ends, begin, end, known ? from.end(place) : start);
  }

  private void require(int more) {
    if (size + more > bytes.length) {
      int capacity = Math.max(2 * bytes.length, size + more);
      bytes = Arrays.copyOf(bytes, capacity);
      if (starts != null) {
        starts = Arrays.copyOf(starts, capacity);
        ends = Arrays.copyOf(ends, capacity);
      }
    }
  }

  /** What is written. */
  public Text done() {
    return new Text(
        Arrays.copyOf(bytes, size),
        starts == null ? null : Arrays.copyOf(starts, size),
        ends == null ? null : Arrays.copyOf(ends, size));
  }
}
