package dev.galen.tensor.io;

import dev.galen.tensor.DType;
import dev.galen.tensor.Shape;

/**
 * Where a tensor lies in a safetensors file.
 *
 * @param name the tensor's name, for instance {@code h.0.mlp.c_fc.weight}
 * @param dtype its element type
 * @param shape its shape; elements are contiguous and row-major
 * @param begin its first byte, counted from the start of the file's data section
 * @param end one past its last byte, counted likewise
 */
public record TensorEntry(String name, DType dtype, Shape shape, long begin, long end) {

  /** The tensor's size in bytes. */
  public long byteSize() {
    return end - begin;
  }
}
