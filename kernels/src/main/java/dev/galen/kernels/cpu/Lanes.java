package dev.galen.kernels.cpu;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector width of this process, as constants that the compiler folds: the machine's own, or
 * what the system property {@code galen.vector.bits} (128, 256 or 512) asks for.
 *
 * <p>Sums over lanes go through {@link #sum}: {@code reduceLanes(ADD)} may add in another order
 * once a method is compiled, and results must not depend on when that happens. For the same reason
 * no kernel here uses {@code VectorOperators.EXP} and its kin.
 */
final class Lanes {
  static final VectorSpecies<Float> F = VectorSpecies.of(float.class, shape());

  /** Floats in a vector. */
  static final int L = F.length();

  static final ByteOrder NATIVE = ByteOrder.nativeOrder();

  private static final VectorShuffle<Float> ROTATE_8 = VectorShuffle.iota(F, 8 % L, 1, true);
  private static final VectorShuffle<Float> ROTATE_4 = VectorShuffle.iota(F, 4 % L, 1, true);
  private static final VectorShuffle<Float> ROTATE_2 = VectorShuffle.iota(F, 2, 1, true);
  private static final VectorShuffle<Float> ROTATE_1 = VectorShuffle.iota(F, 1, 1, true);

  private static final VectorShuffle<Float> SWAP_HALVES = VectorShuffle.fromOp(F, i -> i ^ L / 2);
  private static final VectorShuffle<Float> SWAP_QUARTERS = VectorShuffle.fromOp(F, i -> i ^ L / 4);
  private static final VectorShuffle<Float> EVERY_QUARTER =
      VectorShuffle.fromOp(F, i -> i % 4 * (L / 4));
  private static final VectorMask<Float> UPPER_HALF = VectorMask.fromLong(F, -1L << L / 2);
  private static final VectorMask<Float> ODD_QUARTERS =
      VectorMask.fromLong(F, (-1L << L * 3 / 4) | ((1L << L / 2) - (1L << L / 4)));

  private Lanes() {}

  /** Bits in a vector. */
  static int bits() {
    return F.vectorBitSize();
  }

  /** The vector of {@code L} floats from element {@code index}. */
  static FloatVector load(MemorySegment x, long index) {
    return FloatVector.fromMemorySegment(F, x, index << 2, NATIVE);
  }

  /** The floats from element {@code index} that {@code mask} selects, zeros elsewhere. */
  static FloatVector load(MemorySegment x, long index, VectorMask<Float> mask) {
    return FloatVector.fromMemorySegment(F, x, index << 2, NATIVE, mask);
  }

  /** Stores {@code L} floats from element {@code index}. */
  static void store(FloatVector v, MemorySegment y, long index) {
    v.intoMemorySegment(y, index << 2, NATIVE);
  }

  /** Stores the floats that {@code mask} selects. */
  static void store(FloatVector v, MemorySegment y, long index, VectorMask<Float> mask) {
    v.intoMemorySegment(y, index << 2, NATIVE, mask);
  }

  /** The mask of the elements of {@code [index, end)}; none or all where that is what is left. */
  static VectorMask<Float> tail(long index, long end) {
    return F.indexInRange(index, end);
  }

  /** The sum of all lanes, always in the same order. */
  static float sum(FloatVector v) {
    if (L > 8) {
      v = v.add(v.rearrange(ROTATE_8));
    }
    if (L > 4) {
      v = v.add(v.rearrange(ROTATE_4));
    }
    v = v.add(v.rearrange(ROTATE_2));
    v = v.add(v.rearrange(ROTATE_1));
    return v.lane(0);
  }

  /**
   * The sum of the {@code L} floats from {@code at}, for methods too large to have {@link
   * #sum(FloatVector)} inlined: they would pass their vector as an object on the heap.
   */
  static float sum(float[] lanes, int at) {
    float sum = 0;
    for (int i = 0; i < L; i++) {
      sum += lanes[at + i];
    }
    return sum;
  }

  /** The sums of all lanes of four vectors in lanes 0 to 3, always in the same order. */
  static FloatVector sums(FloatVector a, FloatVector b, FloatVector c, FloatVector d) {
    // Halves of a and c, of b and d; then quarters of a, b, c, d.
    var ac = merge(a, c, UPPER_HALF, SWAP_HALVES);
    var bd = merge(b, d, UPPER_HALF, SWAP_HALVES);
    var all = merge(ac, bd, ODD_QUARTERS, SWAP_QUARTERS);
    if (L > 8) {
      all = all.add(all.rearrange(ROTATE_2));
    }
    if (L > 4) {
      all = all.add(all.rearrange(ROTATE_1));
    }
    return all.rearrange(EVERY_QUARTER);
  }

  /**
   * Adds up the lanes of each of {@code 4 groups} vectors.
   *
   * @param partial the vectors, from {@code from}
   * @param sums gets the sums from {@code to} on, and behind them up to {@code L} elements that
   *     mean nothing
   */
  static void fold(float[] partial, int from, int groups, float[] sums, int to) {
    for (int g = 0; g < groups; g++) {
      int at = from + g * 4 * L;
      sums(
              FloatVector.fromArray(F, partial, at),
              FloatVector.fromArray(F, partial, at + L),
              FloatVector.fromArray(F, partial, at + 2 * L),
              FloatVector.fromArray(F, partial, at + 3 * L))
          .intoArray(sums, to + 4 * g);
    }
  }

  private static FloatVector merge(
      FloatVector x, FloatVector y, VectorMask<Float> mask, VectorShuffle<Float> swap) {
    return x.blend(y, mask).add(y.blend(x, mask).rearrange(swap));
  }

  /** The largest lane; NaN if any is. */
  static float max(FloatVector v) {
    return v.reduceLanes(VectorOperators.MAX);
  }

  private static VectorShape shape() {
    String bits = System.getProperty("galen.vector.bits");
    if (bits == null) {
      VectorShape preferred = FloatVector.SPECIES_PREFERRED.vectorShape();
      return preferred.vectorBitSize() > 512 ? VectorShape.S_512_BIT : preferred;
    }
    return switch (bits) {
      case "128" -> VectorShape.S_128_BIT;
      case "256" -> VectorShape.S_256_BIT;
      case "512" -> VectorShape.S_512_BIT;
      default ->
          throw new IllegalArgumentException(
              "galen.vector.bits must be 128, 256 or 512, not " + bits);
    };
  }
}
