package dev.galen.bench.book;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The loops that {@link Calibration} times: as many vectors in flight as hide the latency. */
final class CalibrationLoops {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final int L = F.length();

  /** Independent sums, since one multiply-add waits for the one before it. */
  private static final int CHAINS = 8;

  /** Operations of a step of {@link #fma}. */
  static final int FMA_FLOPS = 2 * CHAINS * L;

  private CalibrationLoops() {}

  /** {@code steps} multiply-adds in each of eight chains; nothing but registers. */
  static float fma(float[] x, int steps) {
    FloatVector a = FloatVector.fromArray(F, x, 0);
    FloatVector b = FloatVector.fromArray(F, x, L).mul(1e-3f);
    FloatVector s0 = a.add(1);
    FloatVector s1 = a.add(2);
    FloatVector s2 = a.add(3);
    FloatVector s3 = a.add(4);
    FloatVector s4 = a.add(5);
    FloatVector s5 = a.add(6);
    FloatVector s6 = a.add(7);
    FloatVector s7 = a.add(8);
    for (int i = 0; i < steps; i++) {
      s0 = s0.fma(b, a);
      s1 = s1.fma(b, a);
      s2 = s2.fma(b, a);
      s3 = s3.fma(b, a);
      s4 = s4.fma(b, a);
      s5 = s5.fma(b, a);
      s6 = s6.fma(b, a);
      s7 = s7.fma(b, a);
    }
    return s0.add(s1).add(s2.add(s3)).add(s4.add(s5).add(s6.add(s7))).lane(0);
  }

  /** The sum of the first {@code length} values, a multiple of eight vectors. */
  static float sum(float[] x, int length) {
    FloatVector s0 = FloatVector.zero(F);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    FloatVector s4 = s0;
    FloatVector s5 = s0;
    FloatVector s6 = s0;
    FloatVector s7 = s0;
    for (int i = 0; i < length; i += CHAINS * L) {
      s0 = s0.add(FloatVector.fromArray(F, x, i));
      s1 = s1.add(FloatVector.fromArray(F, x, i + L));
      s2 = s2.add(FloatVector.fromArray(F, x, i + 2 * L));
      s3 = s3.add(FloatVector.fromArray(F, x, i + 3 * L));
      s4 = s4.add(FloatVector.fromArray(F, x, i + 4 * L));
      s5 = s5.add(FloatVector.fromArray(F, x, i + 5 * L));
      s6 = s6.add(FloatVector.fromArray(F, x, i + 6 * L));
      s7 = s7.add(FloatVector.fromArray(F, x, i + 7 * L));
    }
    return s0.add(s1).add(s2.add(s3)).add(s4.add(s5).add(s6.add(s7))).lane(0);
  }

  /** Writes {@code value} everywhere. */
  static void fill(float[] y, float value) {
    FloatVector v = FloatVector.broadcast(F, value);
    for (int i = 0; i < y.length; i += L) {
      v.intoArray(y, i);
    }
  }

  /** Copies {@code x} to {@code y} of the same length. */
  static void copy(float[] x, float[] y) {
    for (int i = 0; i < y.length; i += L) {
      FloatVector.fromArray(F, x, i).intoArray(y, i);
    }
  }
}
