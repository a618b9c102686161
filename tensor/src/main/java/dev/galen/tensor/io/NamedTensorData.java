package dev.galen.tensor.io;

import static java.util.Objects.requireNonNull;

import dev.galen.tensor.DType;
import dev.galen.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.util.function.Supplier;

/**
 * A tensor to be written.
 *
 * @param name its name in the file
 * @param dtype its element type
 * @param shape its shape
 * @param data gives its bytes, contiguous, row-major and little-endian. It is asked once, when the
 *     tensor's turn comes, and the bytes are not looked at after the next tensor was asked for: a
 *     supplier may download into one buffer again and again.
 */
public record NamedTensorData(String name, DType dtype, Shape shape, Supplier<MemorySegment> data) {

  /** Requires every component. */
  public NamedTensorData {
    requireNonNull(name, "name");
    requireNonNull(dtype, "dtype");
    requireNonNull(shape, "shape");
    requireNonNull(data, "data");
  }

  /** A tensor whose bytes are in memory. */
  public static NamedTensorData of(String name, DType dtype, Shape shape, MemorySegment data) {
    requireNonNull(data, "data");
    return new NamedTensorData(name, dtype, shape, () -> data);
  }

  /** The size that {@link #data()} must have, in bytes. */
  public long byteSize() {
    return Math.multiplyExact(shape.size(), dtype.byteSize());
  }
}
