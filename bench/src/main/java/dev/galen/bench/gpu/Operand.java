package dev.galen.bench.gpu;

import dev.galen.bench.RandomData;
import dev.galen.tensor.DType;
import dev.galen.tensor.Layout;
import dev.galen.tensor.Shape;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Span;
import java.lang.foreign.MemorySegment;

/**
 * A span that a kernel is called with, filled with random values: never zeros, which draw less
 * current and let a GPU run faster.
 *
 * @param dtype element type
 * @param length elements
 * @param low the least value; the greatest is 1
 * @param classes ids below this many instead, of type I32; 0 for values
 */
record Operand(DType dtype, long length, double low, int classes) {
  /** Values between -1 and 1. */
  static Operand of(DType dtype, long length) {
    return new Operand(dtype, length, -1, 0);
  }

  /** Values between 0 and 1. */
  static Operand positive(DType dtype, long length) {
    return new Operand(dtype, length, 0, 0);
  }

  /** Ids of so many classes. */
  static Operand ids(int length, int classes) {
    return new Operand(DType.I32, length, 0, classes);
  }

  /** New memory of {@code backend} with the values of number {@code seed}: everywhere the same. */
  Span allocate(Backend backend, long seed) {
    var span = new Span(backend.allocate(length * dtype.byteSize()), dtype, 0, length);
    if (classes > 0) {
      backend.upload(MemorySegment.ofArray(RandomData.ids((int) length, classes)), span);
    } else {
      backend.random().uniform(span, low, 1, seed, 0);
    }
    return span;
  }

  /** Elements {@code from, from + stride, ...} of a span, on the host. */
  static float[] read(Backend backend, Span span, long from, long stride, int count) {
    Shape shape = Shape.of(count);
    Span source = span.slice(from, (count - 1) * stride + 1);
    var wide = new Span(backend.allocate(4L * count), DType.F32, 0, count);
    try {
      backend.copy().copy(source, Layout.strided(shape, stride), wide, Layout.contiguous(shape));
      var values = new float[count];
      backend.download(wide, MemorySegment.ofArray(values));
      return values;
    } finally {
      wide.buffer().free("bench");
    }
  }
}
