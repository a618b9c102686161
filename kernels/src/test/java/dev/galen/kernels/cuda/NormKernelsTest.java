package dev.galen.kernels.cuda;

import static dev.galen.kernels.KernelParity.normal;
import static dev.galen.kernels.KernelParity.normalOver;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.testing.Tolerance;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The kernels of {@code norm.cu} that no operation calls yet, against plain loops. */
@Tag("software-gpu")
@Tag("gpu")
class NormKernelsTest {
  private static final double EPSILON = 1e-5;
  private static final int SHARES = 4;

  private Backend gpu;
  private CudaContext cuda;
  private DType dtype;
  private int margin;

  private void eachTypeAndPlace(Runnable test) {
    gpu = CudaParity.gpu();
    cuda = ((CudaBackend) gpu).context();
    for (DType type : CudaParity.TYPES) {
      for (int place : new int[] {0, 5}) {
        dtype = type;
        margin = place;
        test.run();
      }
    }
  }

  private Span device(float... values) {
    return Numbers.upload(gpu, dtype, margin, Numbers.bytes(dtype, values));
  }

  private Span statistics(int length) {
    return new Span(gpu.allocate(4L * length), DType.F32, 0, length);
  }

  private double[] rounded(float... values) {
    return Numbers.values(dtype, Numbers.bytes(dtype, values));
  }

  private void assertNear(String what, long length, double[] expected, Span actual) {
    Tolerance tolerance = RowsParity.rounded(actual.dtype(), length);
    double[] values = Numbers.download(actual);
    for (int i = 0; i < expected.length; i++) {
      if (!tolerance.accepts(expected[i], values[i])) {
        throw new AssertionError(
            "%s at %d in %s, element %d: loops %s, kernel %s, %s"
                .formatted(what, margin, dtype, i, expected[i], values[i], tolerance));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.galen.kernels.cuda.CudaNormTest#shapes")
  void rmsNorm(int rows, int cols) {
    eachTypeAndPlace(() -> rmsNormHere(rows, cols));
  }

  private void rmsNormHere(int rows, int cols) {
    double[] x = rounded(normal(rows * cols, 1));
    double[] w = rounded(normal(cols, 2));
    var expected = new double[rows * cols];
    var rstds = new double[rows];
    for (int i = 0; i < rows; i++) {
      double squares = 0;
      for (int j = 0; j < cols; j++) {
        squares += x[i * cols + j] * x[i * cols + j];
      }
      rstds[i] = 1 / Math.sqrt(squares / cols + EPSILON);
      for (int j = 0; j < cols; j++) {
        expected[i * cols + j] = x[i * cols + j] * rstds[i] * w[j];
      }
    }
    Span y = device(new float[rows * cols]);
    Span rstd = statistics(rows);
    Launch launch =
        cuda.launch("rmsNorm", dtype)
            .pointer(device(normal(rows * cols, 1)))
            .pointer(device(normal(cols, 2)))
            .pointer(y)
            .pointer(rstd)
            .i32(rows)
            .i32(cols)
            .f32(EPSILON);
    RowBlocks.run(launch, rows, cols);
    assertNear("y", cols, expected, y);
    assertNear("rstd", cols, rstds, rstd);
  }

  @ParameterizedTest
  @MethodSource("dev.galen.kernels.cuda.CudaNormTest#shapes")
  void rmsNormBackward(int rows, int cols) {
    eachTypeAndPlace(() -> rmsNormBackwardHere(rows, cols));
  }

  private void rmsNormBackwardHere(int rows, int cols) {
    double[] dY = rounded(normalOver(rows, rows * cols, 1));
    double[] x = rounded(normal(rows * cols, 2));
    double[] w = rounded(normal(cols, 3));
    double[] dWeight = rounded(normal(cols, 4));
    var rstds = new float[rows];
    var expected = new double[rows * cols];
    for (int i = 0; i < rows; i++) {
      rstds[i] = 1 + i % 5 / 8f;
      double meanGh = 0;
      for (int j = 0; j < cols; j++) {
        double h = x[i * cols + j] * rstds[i];
        meanGh += dY[i * cols + j] * w[j] * h / cols;
        dWeight[j] += dY[i * cols + j] * h;
      }
      for (int j = 0; j < cols; j++) {
        double h = x[i * cols + j] * rstds[i];
        expected[i * cols + j] = rstds[i] * (dY[i * cols + j] * w[j] - h * meanGh);
      }
    }
    Span dYs = device(normalOver(rows, rows * cols, 1));
    Span xs = device(normal(rows * cols, 2));
    Span ws = device(normal(cols, 3));
    Span rstd = Numbers.upload(gpu, DType.F32, 0, Numbers.bytes(DType.F32, rstds));
    Span dX = device(new float[rows * cols]);
    Span dWeights = device(normal(cols, 4));
    int blockRows = Math.ceilDiv(rows, SHARES);
    int shares = Math.ceilDiv(rows, blockRows);
    Span share = statistics(shares * cols);
    boolean owned = margin == 0 && cols % RowBlocks.packLength(dtype) == 0 && cols <= 4096;
    if (owned) {
      cuda.launch("rmsNormBackward", dtype)
          .pointer(dYs)
          .pointer(xs)
          .pointer(ws)
          .pointer(rstd)
          .pointer(dX)
          .pointer(share)
          .i32(rows)
          .i32(cols)
          .i32(blockRows)
          .run(shares, Math.ceilDiv(cols, 256) * 32);
    } else {
      Launch launch =
          cuda.launch("rmsNormBackwardRows", dtype)
              .pointer(dYs)
              .pointer(xs)
              .pointer(ws)
              .pointer(rstd)
              .pointer(dX)
              .i32(rows)
              .i32(cols);
      RowBlocks.run(launch, rows, cols);
      cuda.launch("rmsNormBackwardColumns", dtype)
          .pointer(dYs)
          .pointer(xs)
          .pointer(rstd)
          .pointer(share)
          .i32(rows)
          .i32(cols)
          .i32(blockRows)
          .run(Math.ceilDiv(cols, 256), shares, 1, 256, 1, 0);
    }
    cuda.launch("normAddShares", dtype)
        .pointer(share)
        .pointer(dWeights)
        .pointer((Span) null)
        .i32(shares)
        .i32(cols)
        .run(
            RowBlocks.tiles(DType.F32, cols),
            1,
            1,
            RowBlocks.COLUMN_LANES,
            RowBlocks.COLUMN_ROWS,
            0);
    assertNear("dX", cols, expected, dX);
    assertNear("dWeight", Math.max(rows, cols), dWeight, dWeights);
  }

  @ParameterizedTest
  @MethodSource("dev.galen.kernels.cuda.CudaNormTest#shapes")
  void residualAndLayerNormAtOnce(int rows, int cols) {
    eachTypeAndPlace(() -> residualLayerNormHere(rows, cols));
  }

  /** To the bit what an addition and the norm of its rounded sum give one after the other. */
  private void residualLayerNormHere(int rows, int cols) {
    float[] a = normal(rows * cols, 1);
    float[] b = normal(rows * cols, 2);
    double[] exactA = rounded(a);
    double[] exactB = rounded(b);
    var added = new float[rows * cols];
    for (int i = 0; i < added.length; i++) {
      added[i] = (float) exactA[i] + (float) exactB[i];
    }
    Span weight = device(normal(cols, 3));
    Span bias = device(normal(cols, 4));
    Span sum = device(new float[rows * cols]);
    Span y = device(new float[rows * cols]);
    Span mean = statistics(rows);
    Span rstd = statistics(rows);
    Launch launch =
        cuda.launch("residualLayerNorm", dtype)
            .pointer(device(a))
            .pointer(device(b))
            .pointer(sum)
            .pointer(weight)
            .pointer(bias)
            .pointer(y)
            .pointer(mean)
            .pointer(rstd)
            .i32(rows)
            .i32(cols)
            .f32(EPSILON);
    RowBlocks.run(launch, rows, cols);
    assertArrayEquals(rounded(added), Numbers.download(sum));

    Span y2 = device(new float[rows * cols]);
    Span mean2 = statistics(rows);
    Span rstd2 = statistics(rows);
    gpu.norm().layerNorm(device(added), weight, bias, y2, mean2, rstd2, rows, cols, EPSILON);
    assertArrayEquals(Numbers.download(y2), Numbers.download(y));
    assertArrayEquals(Numbers.download(mean2), Numbers.download(mean));
    assertArrayEquals(Numbers.download(rstd2), Numbers.download(rstd));
  }
}
