package dev.galen.tensor.backend;

import dev.galen.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * One line of a packed matrix in host memory: how {@link WeightFormat} rounds, and what it means.
 * Host backends share it, so that they pack the same bits.
 */
public final class PackedLines {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final int MOST = 127;

  private PackedLines() {}

  /**
   * Writes one line.
   *
   * @param values {@link WeightFormat#lineInputs} weights from {@code from}
   * @param index the line's {@link WeightFormat#index}
   * @param scales the first byte of the scales
   * @throws IllegalArgumentException where the format has no number for one of them
   */
  public static void write(
      WeightFormat format,
      float[] values,
      int from,
      MemorySegment packed,
      long index,
      long scales) {
    long at = index * WeightFormat.LINE;
    int count = format.lineInputs();
    switch (format) {
      case BF16 -> {
        for (int i = 0; i < count; i++) {
          packed.set(SHORT, at + 2L * i, DType.toBFloat16(values[from + i]));
        }
      }
      case INT8 -> {
        float scale = scale(values, from, count);
        packed.set(FLOAT, scales + 4 * index, scale);
        for (int i = 0; i < count; i++) {
          double q = scale == 0 ? 0 : Math.rint((double) values[from + i] / scale);
          packed.set(ValueLayout.JAVA_BYTE, at + i, (byte) Math.max(-MOST, Math.min(MOST, q)));
        }
      }
      case F32 -> throw new IllegalArgumentException("F32 weights are not packed");
    }
  }

  private static float scale(float[] values, int from, int count) {
    float max = 0;
    for (int i = 0; i < count; i++) {
      max = Math.max(max, Math.abs(values[from + i]));
    }
    requireFinite(max);
    return max / MOST;
  }

  /**
   * Throws where {@link WeightFormat#INT8} has no number.
   *
   * @param magnitude a weight's, the largest of a line, or the scale that came of it
   */
  public static void requireFinite(float magnitude) {
    if (!(magnitude < Float.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "a weight is %s, for which INT8 has no number; look for the damage, or load as BF16"
              .formatted(magnitude));
    }
  }

  /** Reads one line; arguments as in {@link #write}. */
  public static void read(
      WeightFormat format,
      MemorySegment packed,
      long index,
      long scales,
      float[] values,
      int from) {
    long at = index * WeightFormat.LINE;
    int count = format.lineInputs();
    switch (format) {
      case BF16 -> {
        for (int i = 0; i < count; i++) {
          values[from + i] = DType.fromBFloat16(packed.get(SHORT, at + 2L * i));
        }
      }
      case INT8 -> {
        float scale = packed.get(FLOAT, scales + 4 * index);
        for (int i = 0; i < count; i++) {
          values[from + i] = scale * packed.get(ValueLayout.JAVA_BYTE, at + i);
        }
      }
      case F32 -> throw new IllegalArgumentException("F32 weights are not packed");
    }
  }
}
