package dev.galen.kernels.cuda;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Span;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Numbers of any floating type, on the host and on a device. */
final class Numbers {
  private Numbers() {}

  /** The bytes of {@code values}, each rounded to {@code dtype}. */
  static byte[] bytes(DType dtype, float... values) {
    var bytes = new byte[values.length * dtype.byteSize()];
    for (int i = 0; i < values.length; i++) {
      set(bytes, dtype, i, values[i]);
    }
    return bytes;
  }

  /** Replaces one number. */
  static void set(byte[] bytes, DType dtype, int index, float value) {
    MemorySegment all = MemorySegment.ofArray(bytes);
    switch (dtype) {
      case F16 ->
          all.setAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, index, Float.floatToFloat16(value));
      case BF16 -> all.setAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, index, DType.toBFloat16(value));
      default -> all.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, index, value);
    }
  }

  /** The numbers in {@code bytes}. */
  static double[] values(DType dtype, byte[] bytes) {
    MemorySegment all = MemorySegment.ofArray(bytes);
    var values = new double[bytes.length / dtype.byteSize()];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (dtype) {
            case F16 -> Float.float16ToFloat(all.getAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, i));
            case BF16 -> DType.fromBFloat16(all.getAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, i));
            default -> all.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i);
          };
    }
    return values;
  }

  /** New memory with these bytes, {@code margin} elements behind its start. */
  static Span upload(Backend backend, DType dtype, int margin, byte[] bytes) {
    long length = bytes.length / dtype.byteSize();
    var buffer = backend.allocate((length + margin) * dtype.byteSize());
    var span = new Span(buffer, dtype, margin, length);
    backend.upload(MemorySegment.ofArray(bytes), span);
    return span;
  }

  /** The numbers of a span. */
  static double[] download(Span span) {
    var bytes = new byte[Math.toIntExact(span.byteSize())];
    span.buffer().backend().download(span, MemorySegment.ofArray(bytes));
    return values(span.dtype(), bytes);
  }
}
