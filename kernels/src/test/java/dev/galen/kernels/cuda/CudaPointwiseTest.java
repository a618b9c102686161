package dev.galen.kernels.cuda;

import static dev.galen.kernels.KernelParity.normal;

import dev.galen.tensor.DType;
import dev.galen.tensor.Layout;
import dev.galen.tensor.Shape;
import dev.galen.tensor.backend.Binary;
import dev.galen.tensor.backend.Unary;
import dev.galen.tensor.testing.Tolerance;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Functions of one element and of two against the reference. */
@Tag("software-gpu")
@Tag("gpu")
class CudaPointwiseTest {
  private static final int[] SIZES = {1, 13, 207, 768, 4098};
  private static final float[] AWKWARD = {
    0f,
    -0f,
    1e-30f,
    -1e-4f,
    0.3f,
    -0.9f,
    1f,
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
  private static Tolerance few(DType dtype) {
    return Tolerance.of(dtype, 4);
  }

  /** Derivatives multiply the rounding of y or of a sigmoid by dY, which reaches 4, and a slope. */
  private static Tolerance slope(DType dtype) {
    return Tolerance.of(dtype, 32);
  }

  @ParameterizedTest
  @EnumSource(Unary.class)
  void unary(Unary f) {
    for (int size : SIZES) {
      CudaParity.check(
          f + " " + size,
          CudaPointwiseTest::few,
          (backend, s) -> backend.pointwise().unary(f, s[0], s[1]),
          input(f, size),
          new float[size]);
      CudaParity.check(
          f + " in place " + size,
          CudaPointwiseTest::few,
          (backend, s) -> backend.pointwise().unary(f, s[0], s[0]),
          input(f, size));
      CudaParity.check(
          f + " backward " + size,
          CudaPointwiseTest::slope,
          (backend, s) -> backend.pointwise().unaryBackward(f, s[0], s[1], s[2], s[3]),
          input(f, size),
          output(f, size),
          normal(size, 2),
          new float[size]);
    }
    CudaParity.check(
        f + " of awkward values",
        CudaPointwiseTest::few,
        (backend, s) -> backend.pointwise().unary(f, s[0], s[1]),
        AWKWARD,
        new float[AWKWARD.length]);
  }

  /** Normal numbers, away from the poles and kinks of {@code f}. */
  private static float[] input(Unary f, int size) {
    float[] x = normal(size, 1);
    for (int i = 0; i < size; i++) {
      x[i] =
          switch (f) {
            case LOG, SQRT, RECIPROCAL, ABS, RELU -> Math.abs(x[i]) + 0.5f;
            default -> x[i];
          };
    }
    return x;
  }

  /** Any numbers serve as y = f(x), as long as none is near 0. */
  private static float[] output(Unary f, int size) {
    return f == Unary.SQRT || f == Unary.RECIPROCAL ? input(f, size) : normal(size, 3);
  }

  @ParameterizedTest
  @EnumSource(Binary.class)
  void binary(Binary f) {
    for (int size : SIZES) {
      binary(f, Shape.of(size), Shape.of(size), Shape.of(size));
    }
    binary(f, Shape.of(7, 304), Shape.of(7, 304), Shape.of(304));
    binary(f, Shape.of(7, 300), Shape.of(300), Shape.of(7, 300));
    binary(f, Shape.of(7, 304), Shape.of(7, 1), Shape.of(7, 304));
    binary(f, Shape.of(5, 6, 72), Shape.of(), Shape.of(5, 1, 72));
    binary(f, Shape.of(5, 6, 7), Shape.of(5, 1, 7), Shape.of(1, 6, 1));
    binary(f, Shape.of(3, 4, 5, 6), Shape.of(3, 1, 5, 1), Shape.of(1, 4, 1, 6));
    binary(f, Shape.of(0, 5), Shape.of(0, 5), Shape.of(5));
    Layout transposed = Layout.contiguous(Shape.of(90, 50)).permute(1, 0);
    check(f, transposed, Layout.contiguous(Shape.of(50, 90)));
    check(f, transposed, transposed);
    check(f, Layout.strided(Shape.of(6, 16), 24, 1), Layout.strided(Shape.of(6, 16), 20, 1));
  }

  @ParameterizedTest
  @EnumSource(Binary.class)
  void binaryOfNaN(Binary f) {
    Layout three = Layout.contiguous(Shape.of(3));
    CudaParity.check(
        f + " of NaN",
        _ -> Tolerance.EXACT,
        (backend, s) -> backend.pointwise().binary(f, s[0], three, s[1], three, s[2]),
        new float[] {Float.NaN, 1, Float.NaN},
        new float[] {1, Float.NaN, Float.NaN},
        new float[3]);
  }

  private static void binary(Binary f, Shape y, Shape a, Shape b) {
    check(f, Layout.contiguous(a).expand(y), Layout.contiguous(b).expand(y));
  }

  private static void check(Binary f, Layout a, Layout b) {
    CudaParity.check(
        f + " of " + a + " and " + b,
        CudaPointwiseTest::few,
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
  @ValueSource(ints = {1, 13, 207, 768, 4098})
  void affineAndAxpy(int size) {
    CudaParity.check(
        "affine",
        CudaPointwiseTest::few,
        (backend, s) -> backend.pointwise().affine(s[0], 1.7, -0.3, s[1]),
        normal(size, 1),
        new float[size]);
    CudaParity.check(
        "axpy",
        CudaPointwiseTest::few,
        (backend, s) -> backend.pointwise().axpy(-0.6, s[0], s[1]),
        normal(size, 1),
        normal(size, 2));
  }
}
