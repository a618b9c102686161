package dev.galen.tensor.backend;

import dev.galen.tensor.DType;

/**
 * A typed piece of a buffer.
 *
 * @param buffer the memory
 * @param dtype the type of its elements
 * @param offset the first element, counted in elements from the buffer's start
 * @param length elements
 */
public record Span(Buffer buffer, DType dtype, long offset, long length) {
  /** Checks that the piece lies inside the buffer. */
  public Span {
    if (offset < 0 || length < 0 || (offset + length) * dtype.byteSize() > buffer.byteSize()) {
      throw new IllegalArgumentException(
          "span of %d %s at %d exceeds a buffer of %d bytes"
              .formatted(length, dtype, offset, buffer.byteSize()));
    }
  }

  /** The whole of {@code buffer}. */
  public static Span of(Buffer buffer, DType dtype) {
    return new Span(buffer, dtype, 0, buffer.byteSize() / dtype.byteSize());
  }

  /** The piece of {@code length} elements that starts {@code from} elements into this one. */
  public Span slice(long from, long length) {
    if (from < 0 || length < 0 || from + length > this.length) {
      throw new IndexOutOfBoundsException(
          "slice of %d at %d exceeds a span of %d elements".formatted(length, from, this.length));
    }
    return new Span(buffer, dtype, offset + from, length);
  }

  /**
   * The same memory as elements of another type, as PyTorch's {@code view(dtype)}.
   *
   * @throws IllegalArgumentException if one element of {@code type} has another number of bytes
   */
  public Span as(DType type) {
    if (type.byteSize() != dtype.byteSize()) {
      throw new IllegalArgumentException(
          "elements of %s, %d bytes each, cannot be seen as %s, %d bytes each"
              .formatted(dtype, dtype.byteSize(), type, type.byteSize()));
    }
    return new Span(buffer, type, offset, length);
  }

  /** The first byte, counted from the buffer's start. */
  public long byteOffset() {
    return offset * dtype.byteSize();
  }

  /** The length in bytes. */
  public long byteSize() {
    return length * dtype.byteSize();
  }
}
