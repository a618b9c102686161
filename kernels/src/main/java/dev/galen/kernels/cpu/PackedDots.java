package dev.galen.kernels.cpu;

import static dev.galen.kernels.cpu.Lanes.F;
import static dev.galen.kernels.cpu.Lanes.L;
import static dev.galen.kernels.cpu.Lanes.NATIVE;
import static dev.galen.tensor.backend.WeightFormat.LINE;
import static dev.galen.tensor.backend.WeightFormat.ROWS;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;

import dev.galen.tensor.backend.WeightFormat;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Dot products of four packed outputs with one row of activations, read as one stream.
 *
 * <p>A lane of a vector of ints holds two BF16 or four signed bytes. Shifts and masks take them
 * apart where they are: a float of BF16 is the upper half of its bits, and a byte on top of an int
 * converts to 2^24 times itself. So nothing moves between lanes; the activations are put in the
 * order of the parts once, by {@link #interleave}.
 *
 * <p>The loops are written out. The compiler's budget of nodes is spent before the last of them,
 * and a helper method that it then does not inline boxes every vector, at a tenth of the speed; the
 * Vector API's own methods are inlined whatever the budget is. For the same reason the sums of the
 * lanes are left to {@link Lanes#fold}.
 */
final class PackedDots {
  /** Floats that a dot product of {@code ROWS} outputs leaves: a vector of sums each. */
  static final int PARTIAL = ROWS * L;

  private static final VectorSpecies<Integer> I = VectorSpecies.of(int.class, F.vectorShape());
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final int UPPER_HALF = 0xffff0000;
  private static final int TOP_BYTE = 0xff000000;

  /** What undoes the place of a byte on top of an int. */
  private static final float PER_TOP_BYTE = 0x1p-24f;

  private PackedDots() {}

  /**
   * Puts a row of activations in the order in which packed weights meet them: of each group of
   * {@code parts L}, first every {@code parts}-th, then the ones after these, and so on.
   *
   * @param x {@code in} elements from element {@code from}
   * @param to whole lines, filled up with zeros
   */
  static void interleave(
      WeightFormat format, MemorySegment x, long from, int in, float[] to, int at) {
    int parts = Integer.BYTES / format.elementSize();
    float factor = format == WeightFormat.INT8 ? PER_TOP_BYTE : 1;
    Arrays.fill(to, at, at + format.lines(in) * format.lineInputs(), 0f);
    for (int group = 0; group < in; group += parts * L) {
      for (int part = 0; part < parts; part++) {
        int lanes = Math.min(L, Math.ceilDiv(in - group - part, parts));
        for (int lane = 0; lane < lanes; lane++) {
          to[at + group + part * L + lane] =
              factor * x.getAtIndex(FLOAT, from + group + lane * parts + part);
        }
      }
    }
  }

  /**
   * {@code ROWS} outputs of BF16.
   *
   * @param first their first byte
   * @param x interleaved activations from {@code at}
   * @param partial {@code PARTIAL} floats from {@code to}
   */
  static void bf16(
      MemorySegment w, int first, float[] x, int at, int lines, float[] partial, int to) {
    var s0 = FloatVector.zero(F);
    var s1 = s0;
    var s2 = s0;
    var s3 = s0;
    for (int line = 0; line < lines; line++) {
      for (int o = 0; o < LINE; o += 4 * L) {
        int from = first + line * ROWS * LINE + o;
        int p = at + (line * LINE + o) / 2;
        var w0 = IntVector.fromMemorySegment(I, w, from, NATIVE);
        var w1 = IntVector.fromMemorySegment(I, w, from + LINE, NATIVE);
        var w2 = IntVector.fromMemorySegment(I, w, from + 2 * LINE, NATIVE);
        var w3 = IntVector.fromMemorySegment(I, w, from + 3 * LINE, NATIVE);
        var v = FloatVector.fromArray(F, x, p);
        s0 = w0.lanewise(LSHL, 16).reinterpretAsFloats().fma(v, s0);
        s1 = w1.lanewise(LSHL, 16).reinterpretAsFloats().fma(v, s1);
        s2 = w2.lanewise(LSHL, 16).reinterpretAsFloats().fma(v, s2);
        s3 = w3.lanewise(LSHL, 16).reinterpretAsFloats().fma(v, s3);
        v = FloatVector.fromArray(F, x, p + L);
        s0 = w0.and(UPPER_HALF).reinterpretAsFloats().fma(v, s0);
        s1 = w1.and(UPPER_HALF).reinterpretAsFloats().fma(v, s1);
        s2 = w2.and(UPPER_HALF).reinterpretAsFloats().fma(v, s2);
        s3 = w3.and(UPPER_HALF).reinterpretAsFloats().fma(v, s3);
      }
    }
    s0.intoArray(partial, to);
    s1.intoArray(partial, to + L);
    s2.intoArray(partial, to + 2 * L);
    s3.intoArray(partial, to + 3 * L);
  }

  /** The same of INT8, with scales from byte {@code scale} on. */
  static void int8(
      MemorySegment w,
      int first,
      int scale,
      float[] x,
      int at,
      int lines,
      float[] partial,
      int to) {
    var s0 = FloatVector.zero(F);
    var s1 = s0;
    var s2 = s0;
    var s3 = s0;
    for (int line = 0; line < lines; line++) {
      for (int o = 0; o < LINE; o += 4 * L) {
        int from = first + line * ROWS * LINE + o;
        int p = at + (line * LINE + o);
        var w0 = IntVector.fromMemorySegment(I, w, from, NATIVE);
        var w1 = IntVector.fromMemorySegment(I, w, from + LINE, NATIVE);
        var w2 = IntVector.fromMemorySegment(I, w, from + 2 * LINE, NATIVE);
        var w3 = IntVector.fromMemorySegment(I, w, from + 3 * LINE, NATIVE);
        var v = FloatVector.fromArray(F, x, p);
        var b0 = ((FloatVector) w0.lanewise(LSHL, 24).convert(I2F, 0)).mul(v);
        var b1 = ((FloatVector) w1.lanewise(LSHL, 24).convert(I2F, 0)).mul(v);
        var b2 = ((FloatVector) w2.lanewise(LSHL, 24).convert(I2F, 0)).mul(v);
        var b3 = ((FloatVector) w3.lanewise(LSHL, 24).convert(I2F, 0)).mul(v);
        v = FloatVector.fromArray(F, x, p + L);
        b0 = ((FloatVector) w0.lanewise(LSHL, 16).and(TOP_BYTE).convert(I2F, 0)).fma(v, b0);
        b1 = ((FloatVector) w1.lanewise(LSHL, 16).and(TOP_BYTE).convert(I2F, 0)).fma(v, b1);
        b2 = ((FloatVector) w2.lanewise(LSHL, 16).and(TOP_BYTE).convert(I2F, 0)).fma(v, b2);
        b3 = ((FloatVector) w3.lanewise(LSHL, 16).and(TOP_BYTE).convert(I2F, 0)).fma(v, b3);
        v = FloatVector.fromArray(F, x, p + 2 * L);
        b0 = ((FloatVector) w0.lanewise(LSHL, 8).and(TOP_BYTE).convert(I2F, 0)).fma(v, b0);
        b1 = ((FloatVector) w1.lanewise(LSHL, 8).and(TOP_BYTE).convert(I2F, 0)).fma(v, b1);
        b2 = ((FloatVector) w2.lanewise(LSHL, 8).and(TOP_BYTE).convert(I2F, 0)).fma(v, b2);
        b3 = ((FloatVector) w3.lanewise(LSHL, 8).and(TOP_BYTE).convert(I2F, 0)).fma(v, b3);
        v = FloatVector.fromArray(F, x, p + 3 * L);
        b0 = ((FloatVector) w0.and(TOP_BYTE).convert(I2F, 0)).fma(v, b0);
        b1 = ((FloatVector) w1.and(TOP_BYTE).convert(I2F, 0)).fma(v, b1);
        b2 = ((FloatVector) w2.and(TOP_BYTE).convert(I2F, 0)).fma(v, b2);
        b3 = ((FloatVector) w3.and(TOP_BYTE).convert(I2F, 0)).fma(v, b3);
        long b = scale + 4L * ROWS * line;
        s0 = b0.fma(FloatVector.broadcast(F, w.get(FLOAT, b)), s0);
        s1 = b1.fma(FloatVector.broadcast(F, w.get(FLOAT, b + 4)), s1);
        s2 = b2.fma(FloatVector.broadcast(F, w.get(FLOAT, b + 8)), s2);
        s3 = b3.fma(FloatVector.broadcast(F, w.get(FLOAT, b + 12)), s3);
      }
    }
    s0.intoArray(partial, to);
    s1.intoArray(partial, to + L);
    s2.intoArray(partial, to + 2 * L);
    s3.intoArray(partial, to + 3 * L);
  }
}
