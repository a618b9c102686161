package dev.galen.kernels.cpu;

import static dev.galen.kernels.cpu.Parity.normal;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.galen.tensor.DType;
import dev.galen.tensor.Layout;
import dev.galen.tensor.Shape;
import dev.galen.tensor.backend.Binary;
import dev.galen.tensor.backend.Unary;
import dev.galen.tensor.backend.UpdateRule;
import dev.galen.tensor.testing.Tolerance;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Element-by-element kernels against the reference, the awkward values among them. */
class PointwiseTest {
  private static final int[] SIZES = {1, 13, 207, 768, 4098, 40_000};
  private static final float[] AWKWARD = {
    0f,
    -0f,
    1e-30f,
    -1e-4f,
    0.3f,
    0.7f,
    -0.9f,
    1f,
    -1f,
    3.9f,
    4.1f,
    -5f,
    20f,
    -20f,
    86f,
    -86f,
    88.5f,
    90f,
    -90f,
    200f,
    -200f,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.NaN
  };

  /** A few roundings of numbers whose terms are as large as the result. */
  private static final Tolerance FEW = Tolerance.of(DType.F32, 4);

  /** Derivatives multiply the rounding of y or of a sigmoid by dY, which reaches 4, and a slope. */
  private static final Tolerance SLOPE = Tolerance.of(DType.F32, 32);

  @ParameterizedTest
  @EnumSource(Unary.class)
  void unary(Unary f) {
    for (int size : SIZES) {
      Parity.check(
          f + " " + size,
          FEW,
          (backend, s) -> backend.pointwise().unary(f, s[0], s[1]),
          input(f, size),
          new float[size]);
      Parity.check(
          f + " in place " + size,
          FEW,
          (backend, s) -> backend.pointwise().unary(f, s[0], s[0]),
          input(f, size));
      Parity.check(
          f + " backward " + size,
          SLOPE,
          (backend, s) -> {
            backend.pointwise().unary(f, s[0], s[1]);
            backend.pointwise().unaryBackward(f, s[0], s[1], s[2], s[3]);
          },
          input(f, size),
          new float[size],
          normal(size, 2),
          new float[size]);
    }
  }

  @ParameterizedTest
  @EnumSource(Unary.class)
  void unaryOfAwkwardValues(Unary f) {
    Parity.check(
        f.toString(),
        FEW,
        (backend, s) -> backend.pointwise().unary(f, s[0], s[1]),
        AWKWARD,
        new float[AWKWARD.length]);
  }

  /** Numbers where f is defined and its slope is moderate. */
  private static float[] input(Unary f, int size) {
    float[] x = normal(size, 1);
    for (int i = 0; i < size; i++) {
      x[i] =
          switch (f) {
            case LOG, SQRT, RECIPROCAL -> Math.abs(x[i]) + 0.5f;
            case TANH, SIGMOID, SILU, GELU_TANH, GELU_ERF -> 3 * x[i];
            default -> x[i];
          };
    }
    return x;
  }

  @ParameterizedTest
  @EnumSource(Binary.class)
  void binary(Binary f) {
    for (int size : SIZES) {
      binary(f, Shape.of(size), Shape.of(size), Shape.of(size));
    }
    binary(f, Shape.of(7, 300), Shape.of(7, 300), Shape.of(300));
    binary(f, Shape.of(7, 300), Shape.of(7, 1), Shape.of(7, 300));
    binary(f, Shape.of(5, 6, 70), Shape.of(), Shape.of(5, 1, 70));
    binary(f, Shape.of(3, 5000), Shape.of(5000), Shape.of(3, 1));
    binary(f, Shape.of(0, 5), Shape.of(0, 5), Shape.of(5));
    Layout transposed = Layout.contiguous(Shape.of(90, 50)).permute(1, 0);
    check(f, transposed, Layout.contiguous(Shape.of(50, 90)));
    check(f, transposed, transposed);
  }

  private static void binary(Binary f, Shape y, Shape a, Shape b) {
    check(f, Layout.contiguous(a).expand(y), Layout.contiguous(b).expand(y));
  }

  private static void check(Binary f, Layout a, Layout b) {
    Parity.check(
        f + " of " + a + " and " + b,
        FEW,
        (backend, s) -> backend.pointwise().binary(f, s[0], a, s[1], b, s[2]),
        rounded((int) a.extent(), 1),
        rounded((int) b.extent(), 2),
        new float[Math.toIntExact(a.shape().size())]);
  }

  /** Odd multiples of a half, so that some pairs are equal and none is divided by zero. */
  private static float[] rounded(int size, long seed) {
    float[] x = normal(size, seed);
    for (int i = 0; i < size; i++) {
      x[i] = (float) Math.floor(x[i] * 2) + 0.5f;
    }
    return x;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 13, 207, 768, 4098, 40_000})
  void affineAxpyAndFill(int size) {
    Parity.check(
        "affine",
        FEW,
        (backend, s) -> backend.pointwise().affine(s[0], 1.7, -0.3, s[1]),
        normal(size, 1),
        new float[size]);
    Parity.check(
        "axpy",
        FEW,
        (backend, s) -> backend.pointwise().axpy(-0.6, s[0], s[1]),
        normal(size, 1),
        normal(size, 2));
    Parity.check(
        "fill", Tolerance.EXACT, (backend, s) -> backend.copy().fill(s[0], 0.1), new float[size]);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 13, 4098, 40_000})
  void adamW(int size) {
    for (long step : new long[] {1, 10, 100_000}) {
      var update = new UpdateRule.AdamW(0.01, 0.9, 0.999, 1e-8, 0.1, step, 0.7);
      Parity.check(
          "adamW step " + step,
          FEW,
          (backend, s) -> backend.optimizer().update(update, s[0], s[1], List.of(s[2], s[3])),
          normal(size, 1),
          normal(size, 2),
          normal(size, 3),
          squares(normal(size, 4)));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 13, 4098, 40_000})
  void sgd(int size) {
    var update = new UpdateRule.Sgd(0.01, 0.9, 0.1, 0.7);
    Parity.check(
        "sgd",
        FEW,
        (backend, s) -> backend.optimizer().update(update, s[0], s[1], List.of(s[2])),
        normal(size, 1),
        normal(size, 2),
        normal(size, 3));
  }

  private static float[] squares(float[] x) {
    for (int i = 0; i < x.length; i++) {
      x[i] *= x[i];
    }
    return x;
  }

  @Test
  void copies() {
    Layout wide = Layout.contiguous(Shape.of(6, 50, 40));
    copy(wide, wide);
    copy(wide.permute(1, 0, 2), Layout.contiguous(Shape.of(50, 6, 40)));
    copy(wide.permute(2, 0, 1), Layout.contiguous(Shape.of(40, 6, 50)));
    copy(Layout.contiguous(Shape.of(40)).expand(Shape.of(6, 50, 40)), wide);
    copy(Layout.contiguous(Shape.of()), Layout.contiguous(Shape.of()));
    copy(Layout.strided(Shape.of(30, 20), 64, 1), Layout.strided(Shape.of(30, 20), 1, 32));
  }

  private static void copy(Layout from, Layout to) {
    var target = new float[Math.toIntExact(to.extent())];
    Parity.check(
        "copy " + from + " to " + to,
        Tolerance.EXACT,
        (backend, s) -> backend.copy().copy(s[0], from, s[1], to),
        normal((int) from.extent(), 1),
        target);
    Parity.check(
        "copy of bytes",
        Tolerance.EXACT,
        (backend, s) -> backend.copy().copy(s[0], from, s[1], to),
        new byte[(int) from.extent()],
        new byte[target.length]);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 13, 207, 4098, 40_000})
  void randomNumbersAreTheReferencesToTheBit(int size) {
    Parity.check(
        "uniform",
        Tolerance.EXACT,
        (backend, s) -> backend.random().uniform(s[0], -2, 3, 42, 1000),
        new float[size]);
    Parity.check(
        "normal",
        Tolerance.EXACT,
        (backend, s) -> backend.random().normal(s[0], 0.5, 0.02, 42, 1000),
        new float[size]);
    Parity.check(
        "dropout",
        Tolerance.EXACT,
        (backend, s) -> backend.random().dropout(s[0], s[1], 0.3, 42, 1L << 33),
        normal(size, 1),
        new float[size]);
  }

  @Test
  void exponentialOfOneFloatHasTheBitsOfALane() {
    var lanes = new float[Lanes.L];
    for (int bits = 0; bits >= 0 && bits < 0x7fc00000 + 4096; bits += 4099) {
      for (float x : new float[] {Float.intBitsToFloat(bits), -Float.intBitsToFloat(bits)}) {
        VectorMath.exp(FloatVector.broadcast(Lanes.F, x)).intoArray(lanes, 0);
        float one = ScalarExp.of(x);
        for (float lane : lanes) {
          assertEquals(Float.floatToIntBits(lane), Float.floatToIntBits(one), "e^" + x);
        }
      }
    }
  }
}
