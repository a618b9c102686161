package dev.galen.kernels.cpu;

import static dev.galen.kernels.cpu.Lanes.F;
import static dev.galen.kernels.cpu.Lanes.L;
import static dev.galen.kernels.cpu.Lanes.NATIVE;
import static dev.galen.kernels.cpu.Lanes.load;
import static dev.galen.kernels.cpu.Lanes.store;

import dev.galen.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * F16 and BF16 in memory, to F32 and back, rounded to nearest even. BF16 is the upper half of an
 * F32; for F16 the compiler has the machine's conversions in loops over {@link Float}'s.
 */
final class Half {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final VectorSpecies<Integer> I = VectorSpecies.of(int.class, F.vectorShape());
  private static final VectorSpecies<Short> S =
      VectorSpecies.of(short.class, VectorShape.forBitSize(Lanes.bits() / 2));
  private static final int TASK = 1 << 15;

  private Half() {}

  /** Whether {@code dtype} is F16 or BF16. */
  static boolean is(DType dtype) {
    return dtype == DType.F16 || dtype == DType.BF16;
  }

  /** Whether a copy from one to the other is a conversion of this class. */
  static boolean converts(DType from, DType to) {
    return is(from) && to == DType.F32 || from == DType.F32 && is(to);
  }

  /** {@code count} elements of {@code from} into {@code to}, on all threads. */
  static void convert(
      WorkerPool pool, MemorySegment x, DType from, MemorySegment y, DType to, long count) {
    int tasks = Math.toIntExact((count + TASK - 1) / TASK);
    pool.run(
        tasks,
        (index, _) -> {
          long first = (long) index * TASK;
          int n = (int) Math.min(TASK, count - first);
          convert(slice(x, from, first, n), from, slice(y, to, first, n), to, n);
        });
  }

  private static MemorySegment slice(MemorySegment x, DType dtype, long from, long count) {
    return x.asSlice(from * dtype.byteSize(), count * dtype.byteSize());
  }

  /** The same on the calling thread. */
  static void convert(MemorySegment x, DType from, MemorySegment y, DType to, int n) {
    if (from == DType.F16) {
      widenF16(x, y, n);
    } else if (from == DType.BF16) {
      widenBf16(x, y, n);
    } else if (to == DType.F16) {
      roundF16(x, y, n);
    } else {
      roundBf16(x, y, n);
    }
  }

  private static void widenBf16(MemorySegment x, MemorySegment y, int n) {
    int i = 0;
    for (; i <= n - L; i += L) {
      var bits = ShortVector.fromMemorySegment(S, x, 2L * i, NATIVE);
      var wide = (IntVector) bits.convertShape(VectorOperators.ZERO_EXTEND_S2I, I, 0);
      store(wide.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), y, i);
    }
    for (; i < n; i++) {
      y.setAtIndex(FLOAT, i, DType.fromBFloat16(x.getAtIndex(SHORT, i)));
    }
  }

  private static void roundBf16(MemorySegment x, MemorySegment y, int n) {
    int i = 0;
    for (; i <= n - L; i += L) {
      var value = load(x, i);
      var bits = value.reinterpretAsInts();
      var upper = bits.lanewise(VectorOperators.LSHR, 16);
      // Half of the last place, and a little less where the upper half is even: ties go there.
      var rounded = bits.add(upper.and(1)).add(0x7fff).lanewise(VectorOperators.LSHR, 16);
      var nan = value.test(VectorOperators.IS_NAN).cast(I);
      var result = rounded.blend(upper.or(0x40), nan);
      ((ShortVector) result.convertShape(VectorOperators.I2S, S, 0))
          .intoMemorySegment(y, 2L * i, NATIVE);
    }
    for (; i < n; i++) {
      y.setAtIndex(SHORT, i, DType.toBFloat16(x.getAtIndex(FLOAT, i)));
    }
  }

  private static void widenF16(MemorySegment x, MemorySegment y, int n) {
    for (int i = 0; i < n; i++) {
      y.setAtIndex(FLOAT, i, Float.float16ToFloat(x.getAtIndex(SHORT, i)));
    }
  }

  private static void roundF16(MemorySegment x, MemorySegment y, int n) {
    for (int i = 0; i < n; i++) {
      y.setAtIndex(SHORT, i, Float.floatToFloat16(x.getAtIndex(FLOAT, i)));
    }
  }

  /** One element at byte {@code at}. */
  static float get(MemorySegment x, DType dtype, long at) {
    return switch (dtype) {
      case F16 -> Float.float16ToFloat(x.get(SHORT, at));
      case BF16 -> DType.fromBFloat16(x.get(SHORT, at));
      default -> x.get(FLOAT, at);
    };
  }

  /** Rounds {@code value} into the element at byte {@code at}. */
  static void set(MemorySegment y, DType dtype, long at, float value) {
    switch (dtype) {
      case F16 -> y.set(SHORT, at, Float.floatToFloat16(value));
      case BF16 -> y.set(SHORT, at, DType.toBFloat16(value));
      default -> y.set(FLOAT, at, value);
    }
  }
}
