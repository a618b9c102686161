package dev.galen.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.galen.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Conversions against the scalar ones of {@link Float} and {@link DType}, bit for bit. */
class HalfTest {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final int ALL = 1 << 16;

  private final WorkerPool pool = new WorkerPool(2);

  private static float widened(DType dtype, short bits) {
    return dtype == DType.F16 ? Float.float16ToFloat(bits) : DType.fromBFloat16(bits);
  }

  private static short rounded(DType dtype, float value) {
    return dtype == DType.F16 ? Float.floatToFloat16(value) : DType.toBFloat16(value);
  }

  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void everyNumberIsWidenedExactly(DType dtype) {
    var x = MemorySegment.ofArray(new byte[2 * ALL + 2]).asSlice(2);
    var y = MemorySegment.ofArray(new float[ALL]);
    for (int i = 0; i < ALL; i++) {
      x.setAtIndex(SHORT, i, (short) i);
    }
    Half.convert(pool, x, dtype, y, DType.F32, ALL);
    for (int i = 0; i < ALL; i++) {
      assertEquals(widened(dtype, (short) i), y.getAtIndex(FLOAT, i), "bits " + i);
    }
  }

  /** Every number of the type, the ties between neighbours, and what lies right beside a tie. */
  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void roundsToNearestEven(DType dtype) {
    var values = new float[4 * ALL + 5];
    for (int i = 0; i < ALL; i++) {
      float value = widened(dtype, (short) i);
      float tie = (float) ((value + (double) widened(dtype, (short) (i + 1))) / 2);
      values[4 * i] = value;
      values[4 * i + 1] = tie;
      values[4 * i + 2] = Math.nextUp(tie);
      values[4 * i + 3] = Math.nextDown(tie);
    }
    values[4 * ALL] = Float.MAX_VALUE;
    values[4 * ALL + 1] = 65520; // the first that F16 has only infinity for
    values[4 * ALL + 2] = Math.nextDown(65520f);
    values[4 * ALL + 3] = Float.MIN_VALUE;
    values[4 * ALL + 4] = Float.intBitsToFloat(0x7f800001); // a NaN that truncation would lose
    var y = MemorySegment.ofArray(new short[values.length]);
    Half.convert(pool, MemorySegment.ofArray(values), DType.F32, y, dtype, values.length);
    for (int i = 0; i < values.length; i++) {
      float expected = widened(dtype, rounded(dtype, values[i]));
      assertEquals(expected, widened(dtype, y.getAtIndex(SHORT, i)), "of " + values[i]);
    }
  }

  @Test
  void onlyItsOwnElementsAreWritten() {
    var y = MemorySegment.ofArray(new short[40]);
    y.fill((byte) 0x5a);
    Half.convert(
        pool, MemorySegment.ofArray(new float[37]), DType.F32, y.asSlice(2), DType.BF16, 37);
    assertEquals(0x5a5a, y.getAtIndex(SHORT, 0));
    assertEquals(0, y.getAtIndex(SHORT, 37));
    assertEquals(0x5a5a, y.getAtIndex(SHORT, 38));
  }
}
