package dev.galen.kernels.cuda;

import static dev.galen.kernels.KernelParity.normal;
import static dev.galen.kernels.KernelParity.normalOver;

import dev.galen.kernels.KernelParity.Rounded;
import dev.galen.tensor.DType;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Normalisations against the reference. */
@Tag("software-gpu")
@Tag("gpu")
class CudaNormTest {
  /**
   * Also rows that the backward pass owns in whole blocks, more rows than it has shares, and rows
   * too long for registers.
   */
  static Stream<Arguments> shapes() {
    return Stream.concat(
        RowsParity.shapes(),
        Stream.of(
            Arguments.of(7, 2048),
            Arguments.of(3, 4096),
            Arguments.of(600, 64),
            Arguments.of(2, 16392)));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void layerNorm(int rows, int cols) {
    RowsParity.check(
        "layerNorm of " + rows + " " + cols,
        cols,
        (backend, s) ->
            backend.norm().layerNorm(s[0], s[1], s[2], s[3], s[4], s[5], rows, cols, 1e-5),
        normal(rows * cols, 1),
        normal(cols, 2),
        normal(cols, 3),
        new float[rows * cols],
        new Rounded(DType.F32, new float[rows]),
        new Rounded(DType.F32, new float[rows]));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void residualLayerNorm(int rows, int cols) {
    RowsParity.check(
        "residualLayerNorm of " + rows + " " + cols,
        cols,
        (backend, s) ->
            backend
                .norm()
                .residualLayerNorm(
                    s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7], rows, cols, 1e-5),
        normal(rows * cols, 1),
        normal(rows * cols, 2),
        new float[rows * cols],
        normal(cols, 3),
        normal(cols, 4),
        new float[rows * cols],
        new Rounded(DType.F32, new float[rows]),
        new Rounded(DType.F32, new float[rows]));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void rmsNorm(int rows, int cols) {
    RowsParity.check(
        "rmsNorm of " + rows + " " + cols,
        cols,
        (backend, s) -> backend.norm().rmsNorm(s[0], s[1], s[2], s[3], rows, cols, 1e-5),
        normal(rows * cols, 1),
        normal(cols, 2),
        new float[rows * cols],
        new Rounded(DType.F32, new float[rows]));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void rmsNormBackward(int rows, int cols) {
    float[] rstd = normal(rows, 4);
    for (int i = 0; i < rows; i++) {
      rstd[i] = 1 + Math.abs(rstd[i]) / 8;
    }
    RowsParity.check(
        "rmsNormBackward of " + rows + " " + cols,
        Math.max(rows, cols),
        (backend, s) ->
            backend.norm().rmsNormBackward(s[0], s[1], s[2], s[3], s[4], s[5], rows, cols),
        normalOver(rows, rows * cols, 1),
        normal(rows * cols, 2),
        normal(cols, 3),
        new Rounded(DType.F32, rstd),
        new float[rows * cols],
        normal(cols, 5));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void layerNormBackward(int rows, int cols) {
    float[] mean = normal(rows, 4);
    float[] rstd = normal(rows, 5);
    for (int i = 0; i < rows; i++) {
      mean[i] /= 8;
      rstd[i] = 1 + Math.abs(rstd[i]) / 8;
    }
    RowsParity.check(
        "layerNormBackward of " + rows + " " + cols,
        Math.max(rows, cols),
        (backend, s) ->
            backend
                .norm()
                .layerNormBackward(s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7], rows, cols),
        normalOver(rows, rows * cols, 1),
        normal(rows * cols, 2),
        normal(cols, 3),
        new Rounded(DType.F32, mean),
        new Rounded(DType.F32, rstd),
        new float[rows * cols],
        normal(cols, 6),
        normal(cols, 7));
  }
}
