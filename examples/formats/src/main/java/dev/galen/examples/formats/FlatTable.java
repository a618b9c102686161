package dev.galen.examples.formats;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A table of a FlatBuffer, the form of Arrow's metadata: fields by number, found by a table of
 * offsets, and absent where they have their default. Whatever points beyond the buffer throws
 * {@link IndexOutOfBoundsException}.
 *
 * @param buffer all of it
 * @param at where the table begins
 * @see <a href="https://flatbuffers.dev/internals">FlatBuffers internals</a>
 */
record FlatTable(MemorySegment buffer, long at) {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** The table that a buffer is. */
  static FlatTable root(MemorySegment buffer) {
    return new FlatTable(buffer, Integer.toUnsignedLong(buffer.get(INT, 0)));
  }

  /** Where field {@code i} lies; 0 if it is absent. */
  private long place(int i) {
    long offsets = at - buffer.get(INT, at);
    int size = Short.toUnsignedInt(buffer.get(SHORT, offsets));
    int entry = 4 + 2 * i;
    int offset = entry + 2 > size ? 0 : Short.toUnsignedInt(buffer.get(SHORT, offsets + entry));
    return offset == 0 ? 0 : at + offset;
  }

  boolean has(int i) {
    return place(i) != 0;
  }

  int number8(int i) {
    long place = place(i);
    return place == 0 ? 0 : buffer.get(ValueLayout.JAVA_BYTE, place);
  }

  int number16(int i) {
    long place = place(i);
    return place == 0 ? 0 : buffer.get(SHORT, place);
  }

  int number32(int i) {
    long place = place(i);
    return place == 0 ? 0 : buffer.get(INT, place);
  }

  long number64(int i) {
    long place = place(i);
    return place == 0 ? 0 : buffer.get(LONG, place);
  }

  /** Where a table, string or vector in field {@code i} begins; the field is there. */
  private long target(long place) {
    return place + Integer.toUnsignedLong(buffer.get(INT, place));
  }

  /** The table in field {@code i}, or null. */
  FlatTable table(int i) {
    long place = place(i);
    return place == 0 ? null : new FlatTable(buffer, target(place));
  }

  /** The string in field {@code i}; empty if it is absent. */
  String string(int i) {
    long place = place(i);
    if (place == 0) {
      return "";
    }
    long begin = target(place);
    byte[] bytes = buffer.asSlice(begin + 4, buffer.get(INT, begin)).toArray(ValueLayout.JAVA_BYTE);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** The number of entries of the vector in field {@code i}; 0 if it is absent. */
  int size(int i) {
    long place = place(i);
    int size = place == 0 ? 0 : buffer.get(INT, target(place));
    if (size < 0 || size > buffer.byteSize()) {
      throw new IndexOutOfBoundsException("a vector of " + size);
    }
    return size;
  }

  /** Entry {@code entry} of a vector of tables. */
  FlatTable table(int i, int entry) {
    return new FlatTable(buffer, target(target(place(i)) + 4 + 4L * entry));
  }

  /** A number of 64 bits in a vector of numbers, or of structs of such numbers. */
  long number64(int i, int index) {
    return buffer.get(LONG, target(place(i)) + 4 + 8L * index);
  }
}
