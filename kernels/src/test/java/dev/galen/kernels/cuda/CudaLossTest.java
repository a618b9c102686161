package dev.galen.kernels.cuda;

import static dev.galen.kernels.KernelParity.normal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.galen.kernels.KernelParity.Rounded;
import dev.galen.tensor.DType;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Span;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Cross-entropy against the reference. */
@Tag("software-gpu")
@Tag("gpu")
class CudaLossTest {
  private static final int IGNORED = -100;

  @ParameterizedTest
  @MethodSource("dev.galen.kernels.cuda.RowsParity#shapes")
  void crossEntropy(int rows, int classes) {
    RowsParity.check(
        "crossEntropy of " + rows + " " + classes,
        classes,
        (backend, s) -> backend.loss().crossEntropy(s[0], s[1], s[2], s[3], rows, classes, IGNORED),
        normal(rows * classes, 1),
        labels(rows, classes),
        new Rounded(DType.F32, new float[rows]),
        new Rounded(DType.F32, new float[rows]));
  }

  @ParameterizedTest
  @MethodSource("dev.galen.kernels.cuda.RowsParity#shapes")
  void crossEntropyBackward(int rows, int classes) {
    var logSumExp = new float[rows];
    Arrays.fill(logSumExp, (float) Math.log(classes) + 0.5f);
    RowsParity.check(
        "crossEntropyBackward of " + rows + " " + classes,
        1,
        (backend, s) -> {
          backend
              .loss()
              .crossEntropyBackward(s[0], s[1], s[2], s[3], 0.25, s[4], rows, classes, IGNORED);
          backend
              .loss()
              .crossEntropyBackward(s[0], s[1], s[2], s[3], 0.25, s[0], rows, classes, IGNORED);
        },
        normal(rows * classes, 1),
        labels(rows, classes),
        new Rounded(DType.F32, logSumExp),
        new Rounded(DType.F32, new float[] {1.5f}),
        new float[rows * classes]);
  }

  private static int[] labels(int rows, int classes) {
    var labels = new int[rows];
    for (int i = 0; i < rows; i++) {
      labels[i] = i % 3 == 1 ? IGNORED : (int) (i * 7919L % classes);
    }
    labels[0] = classes - 1;
    return labels;
  }

  /** Classes that are masked, nothing but those, an infinity, a NaN. */
  @Test
  void rowsWithoutADistribution() {
    int classes = 77;
    float[] logits = normal(4 * classes, 1);
    Arrays.fill(logits, 0, classes - 1, Float.NEGATIVE_INFINITY);
    Arrays.fill(logits, classes, 2 * classes, Float.NEGATIVE_INFINITY);
    logits[2 * classes + 70] = Float.POSITIVE_INFINITY;
    logits[3 * classes + 1] = Float.NaN;
    RowsParity.check(
        "crossEntropy",
        classes,
        (backend, s) -> backend.loss().crossEntropy(s[0], s[1], s[2], s[3], 4, classes, IGNORED),
        logits,
        new int[] {76, 3, IGNORED, 5},
        new Rounded(DType.F32, new float[4]),
        new Rounded(DType.F32, new float[4]));
  }

  @Test
  void aLabelThatIsNoClassIsNamed() {
    Backend gpu = CudaParity.gpu();
    Span logits = new Span(gpu.allocate(24), DType.F32, 0, 6);
    gpu.upload(MemorySegment.ofArray(new float[6]), logits);
    Span labels = new Span(gpu.allocate(12), DType.I32, 0, 3);
    gpu.upload(MemorySegment.ofArray(new int[] {IGNORED, 1, 2}), labels);
    Span loss = new Span(gpu.allocate(12), DType.F32, 0, 3);
    Span logSumExp = new Span(gpu.allocate(12), DType.F32, 0, 3);
    gpu.loss().crossEntropy(logits, labels, loss, logSumExp, 3, 2, IGNORED);
    var thrown =
        assertThrows(
            IndexOutOfBoundsException.class,
            () -> gpu.download(loss, MemorySegment.ofArray(new float[3])));
    assertEquals(
        "label 2 at position 2 is none of the 2 classes and not -100, which is ignored",
        thrown.getMessage());
  }
}
