package dev.galen.tensor.backend.reference;

import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.RoundedState;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.host.HostBuffer;
import dev.galen.tensor.random.Philox;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/** An optimizer's state in fewer bits, element by element; the arithmetic is in F32. */
final class ReferenceRounding {
  private ReferenceRounding() {}

  static void round(Span values, RoundedState state, long seed, long counter) {
    Require.sameLength("values", values, "codes", state.codes());
    if (state.codes().dtype() == DType.BF16) {
      bfloat16(values, state.codes(), seed, counter);
    } else {
      levels(values, state, seed, counter);
    }
  }

  private static void bfloat16(Span values, Span codes, long seed, long counter) {
    MemorySegment target = HostBuffer.segment(codes);
    Pieces.each(
        values.length(),
        (from, count) -> {
          double[] x = Values.read(values, from, count);
          for (int i = 0; i < count; i++) {
            int bits = Float.floatToRawIntBits((float) x[i]);
            int rounded = bits + random(seed, counter, from + i) >>> 16;
            target.setAtIndex(JAVA_SHORT_UNALIGNED, from + i, (short) rounded);
          }
        });
    Reference.reachabilityFence(codes);
  }

  private static void levels(Span values, RoundedState state, long seed, long counter) {
    double[] levels = Values.read(state.levels());
    for (long from = 0; from < values.length(); from += RoundedState.BLOCK) {
      int count = (int) Math.min(RoundedState.BLOCK, values.length() - from);
      double[] x = Values.read(values, from, count);
      double scale = 0;
      for (double each : x) {
        scale = Math.max(scale, Math.abs(each));
      }
      var codes = new double[count];
      for (int i = 0; i < count; i++) {
        float share = scale == 0 ? 0 : (float) x[i] / (float) scale;
        codes[i] = code(share, levels, random(seed, counter, from + i));
      }
      Values.write(codes, state.codes(), from);
      Values.write(new double[] {scale}, state.scales(), from / RoundedState.BLOCK);
    }
  }

  private static int code(float x, double[] levels, int random) {
    int below = 0;
    while (below + 1 < levels.length && levels[below + 1] <= x) {
      below++;
    }
    if (below + 1 == levels.length) {
      return below;
    }
    float low = (float) levels[below];
    float part = (x - low) / ((float) levels[below + 1] - low);
    int code = part * 65536f > random ? below + 1 : below;
    return code == 0 && x > 0 ? 1 : code;
  }

  /** 16 bits of element {@code i}. */
  private static int random(long seed, long counter, long i) {
    int word = Philox.word(seed, counter + i / 8, (int) (i / 2 % 4));
    return (i % 2 == 0 ? word : word >>> 16) & 0xffff;
  }

  static void widen(RoundedState state, Span values) {
    Require.sameLength("values", values, "codes", state.codes());
    double[] levels = Values.read(state.levels());
    for (long from = 0; from < values.length(); from += RoundedState.BLOCK) {
      int count = (int) Math.min(RoundedState.BLOCK, values.length() - from);
      double[] codes = Values.read(state.codes(), from, count);
      float scale = (float) Values.read(state.scales(), from / RoundedState.BLOCK, 1)[0];
      var x = new double[count];
      for (int i = 0; i < count; i++) {
        x[i] = (float) levels[(int) codes[i]] * scale;
      }
      Values.write(x, values, from);
    }
  }
}
