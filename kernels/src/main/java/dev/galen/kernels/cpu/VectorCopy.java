package dev.galen.kernels.cpu;

import static dev.galen.kernels.cpu.Lanes.F;
import static dev.galen.kernels.cpu.Lanes.L;

import dev.galen.tensor.DType;
import dev.galen.tensor.Layout;
import dev.galen.tensor.backend.CopyKernels;
import dev.galen.tensor.backend.Span;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;

/**
 * Copies between layouts of one type, and between F32 and F16 or BF16, by contiguous rows where
 * both have them, element by element otherwise. Other conversions are the reference's.
 */
final class VectorCopy implements CopyKernels {
  private static final int PIECE = 1 << 15;
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  private final WorkerPool pool;
  private final CopyKernels reference;

  VectorCopy(WorkerPool pool, CopyKernels reference) {
    this.pool = pool;
    this.reference = reference;
  }

  @Override
  public void copy(Span source, Layout sourceLayout, Span target, Layout targetLayout) {
    DType fromType = source.dtype();
    DType toType = target.dtype();
    boolean converts = Half.converts(fromType, toType);
    boolean sameShape = sourceLayout.shape().equals(targetLayout.shape());
    if ((fromType != toType && !converts) || !sameShape) {
      reference.copy(source, sourceLayout, target, targetLayout);
      return;
    }
    var from = F32.memory("source", source, sourceLayout.extent());
    var to = F32.memory("target", target, targetLayout.extent());
    int fromSize = fromType.byteSize();
    int toSize = toType.byteSize();
    StridedLoop strided = StridedLoop.of(sourceLayout, targetLayout);
    long fromStep = strided.innerStride(0) * fromSize;
    long toStep = strided.innerStride(1) * toSize;
    boolean contiguous = fromStep == fromSize && toStep == toSize;
    strided.pieces(
        pool,
        PIECE,
        (row, first, count, _) -> {
          long f = strided.start(0, row) * fromSize + first * fromStep;
          long t = strided.start(1, row) * toSize + first * toStep;
          if (converts && contiguous) {
            Half.convert(
                from.asSlice(f, (long) count * fromSize),
                fromType,
                to.asSlice(t, (long) count * toSize),
                toType,
                count);
          } else if (converts) {
            for (int i = 0; i < count; i++) {
              Half.set(to, toType, t + i * toStep, Half.get(from, fromType, f + i * fromStep));
            }
          } else if (contiguous) {
            MemorySegment.copy(from, f, to, t, (long) count * fromSize);
          } else {
            elements(from, f, fromStep, to, t, toStep, count, fromSize);
          }
        });
    F32.keep(source, target);
  }

  private static void elements(
      MemorySegment from,
      long f,
      long fromStep,
      MemorySegment to,
      long t,
      long toStep,
      int count,
      int size) {
    for (int i = 0; i < count; i++) {
      switch (size) {
        case 1 ->
            to.set(
                ValueLayout.JAVA_BYTE,
                t + i * toStep,
                from.get(ValueLayout.JAVA_BYTE, f + i * fromStep));
        case 2 -> to.set(SHORT, t + i * toStep, from.get(SHORT, f + i * fromStep));
        case 4 -> to.set(INT, t + i * toStep, from.get(INT, f + i * fromStep));
        default -> to.set(LONG, t + i * toStep, from.get(LONG, f + i * fromStep));
      }
    }
  }

  @Override
  public void fill(Span target, double value) {
    if (target.dtype() != DType.F32) {
      reference.fill(target, value);
      return;
    }
    var y = F32.memory("target", target, target.length());
    Elementwise.run(pool, target.length(), (slices, n) -> fill(slices, (float) value, n), 1, y);
    F32.keep(target);
  }

  private static void fill(Slices slices, float value, int n) {
    MemorySegment y = slices.slice(0, n);
    var all = FloatVector.broadcast(F, value);
    for (int i = 0; i < n; i += L) {
      Lanes.store(all, y, i);
    }
  }
}
