package dev.galen.kernels.cpu;

import static dev.galen.kernels.cpu.Lanes.L;
import static dev.galen.kernels.cpu.Lanes.load;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.RoundedState;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.host.HostBuffer;
import dev.galen.tensor.random.Philox;
import java.lang.foreign.MemorySegment;

/**
 * An optimizer's state in fewer bits, the same bits as the reference's, on all threads. Four words
 * of Philox serve eight neighbours. The level below a value is found by eight comparisons without a
 * branch, of floats as integers of the same order: which way one goes is random, and a wrong guess
 * would cost more than all eight.
 */
final class StateRounding {
  /** Elements of a task: whole blocks. */
  private static final int TASK = 1 << 14;

  private static final int NEIGHBOURS = 8;

  private final WorkerPool pool;

  StateRounding(WorkerPool pool) {
    this.pool = pool;
  }

  /** One task: {@code count} elements from {@code from}. */
  private interface Piece {
    void run(long from, int count);
  }

  private void each(long length, Piece piece) {
    pool.run(
        Math.toIntExact(Math.ceilDiv(length, (long) TASK)),
        (index, _) -> {
          long from = (long) index * TASK;
          piece.run(from, (int) Math.min(TASK, length - from));
        });
  }

  void round(Span values, RoundedState state, long seed, long counter) {
    long length = values.length();
    MemorySegment x = F32.same("values", values, "codes", state.codes().length());
    MemorySegment codes = HostBuffer.segment(state.codes());
    if (state.codes().dtype() == DType.BF16) {
      each(
          length,
          (from, count) -> bfloat16(x, codes, from, count, seed, counter + from / NEIGHBOURS));
    } else {
      float[] levels = HostBuffer.segment(state.levels()).toArray(JAVA_FLOAT_UNALIGNED);
      int[] order = ordered(levels);
      MemorySegment scales = HostBuffer.segment(state.scales());
      each(
          length,
          (first, count) -> {
            for (long from = first; from < first + count; from += RoundedState.BLOCK) {
              int n = (int) Math.min(RoundedState.BLOCK, first + count - from);
              float scale = largest(x.asSlice(4 * from, 4L * n), n);
              scales.setAtIndex(JAVA_FLOAT_UNALIGNED, from / RoundedState.BLOCK, scale);
              long words = counter + from / NEIGHBOURS;
              block(x, codes, from, n, scale, levels, order, seed, words);
            }
          });
    }
    F32.keep(values, state.codes(), state.scales(), state.levels());
  }

  private static void bfloat16(
      MemorySegment x, MemorySegment codes, long from, int count, long seed, long counter) {
    var words = new int[4];
    for (int i = 0; i < count; i++) {
      if (i % NEIGHBOURS == 0) {
        Philox.words(seed, counter + i / NEIGHBOURS, words);
      }
      int bits = Float.floatToRawIntBits(x.getAtIndex(JAVA_FLOAT_UNALIGNED, from + i));
      codes.setAtIndex(JAVA_SHORT_UNALIGNED, from + i, (short) (bits + random(words, i) >>> 16));
    }
  }

  private static void block(
      MemorySegment x,
      MemorySegment codes,
      long from,
      int count,
      float scale,
      float[] levels,
      int[] order,
      long seed,
      long counter) {
    var words = new int[4];
    for (int i = 0; i < count; i++) {
      if (i % NEIGHBOURS == 0) {
        Philox.words(seed, counter + i / NEIGHBOURS, words);
      }
      float share = scale == 0 ? 0 : x.getAtIndex(JAVA_FLOAT_UNALIGNED, from + i) / scale;
      int code = code(share, levels, order, random(words, i));
      codes.set(JAVA_BYTE, from + i, (byte) code);
    }
  }

  private static int code(float x, float[] levels, int[] order, int random) {
    int rank = ordered(x);
    int below = 0;
    for (int step = RoundedState.LEVELS / 2; step > 0; step /= 2) {
      // All ones where the level is at most x. Both lie in [-1, 1], so nothing overflows.
      below += step & (order[below + step] - rank - 1 >> 31);
    }
    if (below == RoundedState.LEVELS - 1) {
      return below;
    }
    float low = levels[below];
    float part = (x - low) / (levels[below + 1] - low);
    int code = part * 65536f > random ? below + 1 : below;
    return code == 0 && x > 0 ? 1 : code;
  }

  /** 16 bits of the element {@code i} of eight. */
  private static int random(int[] words, int i) {
    return words[i / 2 % 4] >>> (i % 2 * 16) & 0xffff;
  }

  private static int[] ordered(float[] levels) {
    var order = new int[levels.length];
    for (int i = 0; i < order.length; i++) {
      order[i] = ordered(levels[i]);
    }
    return order;
  }

  /** An integer that is to others what the float is to others; both zeros are one. */
  private static int ordered(float value) {
    int bits = Float.floatToRawIntBits(value + 0f);
    return bits ^ (bits >> 31 & 0x7fffffff);
  }

  /** The largest magnitude. */
  private static float largest(MemorySegment x, int n) {
    float largest = 0;
    int i = 0;
    if (n >= L) {
      var most = load(x, 0).abs();
      for (i = L; i <= n - L; i += L) {
        most = most.max(load(x, i).abs());
      }
      for (int lane = 0; lane < L; lane++) {
        largest = Math.max(largest, most.lane(lane));
      }
    }
    for (; i < n; i++) {
      largest = Math.max(largest, Math.abs(x.getAtIndex(JAVA_FLOAT_UNALIGNED, i)));
    }
    return largest;
  }

  void widen(RoundedState state, Span values) {
    MemorySegment y = F32.same("values", values, "codes", state.codes().length());
    MemorySegment codes = HostBuffer.segment(state.codes());
    MemorySegment scales = HostBuffer.segment(state.scales());
    float[] levels = HostBuffer.segment(state.levels()).toArray(JAVA_FLOAT_UNALIGNED);
    each(
        values.length(),
        (first, count) -> {
          for (long from = first; from < first + count; from += RoundedState.BLOCK) {
            int n = (int) Math.min(RoundedState.BLOCK, first + count - from);
            float scale = scales.getAtIndex(JAVA_FLOAT_UNALIGNED, from / RoundedState.BLOCK);
            for (long i = from; i < from + n; i++) {
              float level = levels[codes.get(JAVA_BYTE, i) & 0xff];
              y.setAtIndex(JAVA_FLOAT_UNALIGNED, i, level * scale);
            }
          }
        });
    F32.keep(values, state.codes(), state.scales(), state.levels());
  }
}
