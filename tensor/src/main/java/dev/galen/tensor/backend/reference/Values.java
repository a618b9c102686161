package dev.galen.tensor.backend.reference;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.host.HostBuffer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;

/**
 * Elements of every type as doubles. Unaligned layouts, because a buffer may wrap a byte array. The
 * fences keep a buffer that no scope owns from its cleaner while its bytes are in use.
 */
final class Values {
  private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final ValueLayout.OfDouble F64 = ValueLayout.JAVA_DOUBLE_UNALIGNED;
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG_UNALIGNED;

  private Values() {}

  /** All elements; I64 beyond 2^53 loses bits. */
  static double[] read(Span span) {
    return read(span, 0, Math.toIntExact(span.length()));
  }

  /** {@code count} elements from {@code from}. */
  static double[] read(Span span, long from, int count) {
    MemorySegment segment = HostBuffer.segment(span);
    var values = new double[count];
    try {
      for (int i = 0; i < count; i++) {
        values[i] = get(segment, span.dtype(), from + i);
      }
      return values;
    } finally {
      Reference.reachabilityFence(span.buffer());
    }
  }

  /** The first {@code count} elements of an I32 span. */
  static int[] readInts(Span span, int count) {
    MemorySegment segment = HostBuffer.segment(span);
    var values = new int[count];
    try {
      for (int i = 0; i < count; i++) {
        values[i] = segment.getAtIndex(I32, i);
      }
      return values;
    } finally {
      Reference.reachabilityFence(span.buffer());
    }
  }

  /** Overwrites the first elements, rounding once. */
  static void write(double[] values, Span span) {
    write(values, span, 0);
  }

  /** Overwrites the elements from {@code from}, rounding once. */
  static void write(double[] values, Span span, long from) {
    MemorySegment segment = HostBuffer.segment(span);
    try {
      for (int i = 0; i < values.length; i++) {
        set(segment, span.dtype(), from + i, values[i]);
      }
    } finally {
      Reference.reachabilityFence(span.buffer());
    }
  }

  static double get(MemorySegment segment, DType dtype, long index) {
    return switch (dtype) {
      case F32 -> segment.getAtIndex(F32, index);
      case F64 -> segment.getAtIndex(F64, index);
      case F16 -> Float.float16ToFloat(segment.getAtIndex(SHORT, index));
      case BF16 -> DType.fromBFloat16(segment.getAtIndex(SHORT, index));
      case I32 -> segment.getAtIndex(I32, index);
      case I64 -> segment.getAtIndex(I64, index);
      case U8, BOOL -> getLong(segment, dtype, index);
    };
  }

  /** Floating to integer truncates towards zero and saturates at 32 or 64 bits; to U8 wraps. */
  static void set(MemorySegment segment, DType dtype, long index, double value) {
    switch (dtype) {
      case F32 -> segment.setAtIndex(F32, index, (float) value);
      case F64 -> segment.setAtIndex(F64, index, value);
      case F16 -> segment.setAtIndex(SHORT, index, Float.floatToFloat16(roundToOdd(value)));
      case BF16 -> segment.setAtIndex(SHORT, index, DType.toBFloat16(roundToOdd(value)));
      case I32 -> segment.setAtIndex(I32, index, (int) value);
      case I64 -> segment.setAtIndex(I64, index, (long) value);
      case U8 -> segment.setAtIndex(JAVA_BYTE, index, (byte) (int) value);
      case BOOL -> segment.setAtIndex(JAVA_BYTE, index, (byte) (value == 0 ? 0 : 1));
    }
  }

  /** An element of an integer type, exactly. */
  static long getLong(MemorySegment segment, DType dtype, long index) {
    return switch (dtype) {
      case I32 -> segment.getAtIndex(I32, index);
      case I64 -> segment.getAtIndex(I64, index);
      case U8 -> segment.getAtIndex(JAVA_BYTE, index) & 0xff;
      case BOOL -> segment.getAtIndex(JAVA_BYTE, index) == 0 ? 0 : 1;
      case F32, F64, F16, BF16 -> throw new IllegalArgumentException(dtype + " is no integer type");
    };
  }

  /** Integer to integer keeps the low bits, as Java's casts do. */
  static void setLong(MemorySegment segment, DType dtype, long index, long value) {
    switch (dtype) {
      case I32 -> segment.setAtIndex(I32, index, (int) value);
      case I64 -> segment.setAtIndex(I64, index, value);
      case U8 -> segment.setAtIndex(JAVA_BYTE, index, (byte) value);
      case BOOL -> segment.setAtIndex(JAVA_BYTE, index, (byte) (value == 0 ? 0 : 1));
      case F32, F64, F16, BF16 -> throw new IllegalArgumentException(dtype + " is no integer type");
    }
  }

  /**
   * A float that rounds to F16 and BF16 as {@code value} itself would: inexact values are cut off
   * and their last bit set, so that a tie is one only where it was one before (Boldo and Melquiond
   * 2008, "Emulation of FMA and correctly rounded sums").
   */
  private static float roundToOdd(double value) {
    float nearest = (float) value;
    if (nearest == value || Float.isNaN(nearest) || Float.isInfinite(nearest)) {
      return nearest;
    }
    int bits = Float.floatToRawIntBits(nearest);
    int truncated = Math.abs((double) nearest) > Math.abs(value) ? bits - 1 : bits;
    return Float.intBitsToFloat(truncated | 1);
  }
}
