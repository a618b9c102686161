package dev.galen.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.galen.kernels.SampleCases;
import dev.galen.kernels.SampleCases.Settings;
import dev.galen.kernels.softgpu.SoftwareGpu;
import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Span;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Draws on the GPU are the CPU's to the bit, and what F64 says. */
@Tag("software-gpu")
@Tag("gpu")
class CudaSampleTest {
  @ParameterizedTest
  @CsvSource({"1, 3", "13, 10", "207, 5", "4098, 2", "50257, 1"})
  void drawsWhatTheProcessorDraws(int cols, int times) {
    Backend gpu = CudaParity.gpu();
    var count = new SampleCases.Count();
    for (DType dtype : CudaParity.TYPES) {
      for (Settings settings : SampleCases.SETTINGS) {
        for (int seed = 0; seed < times; seed++) {
          SoftwareGpu.seedUnlessGpu(seed);
          SampleCases.check(count, dtype, cols, settings, seed, Device.CPU.backend(), gpu, gpu);
        }
      }
    }
    count.requireMostCertain();
  }

  /** A batch's rows, one launch: each is drawn as if it were alone. */
  @Test
  void manyLongRows() {
    int rows = 64;
    int cols = 50_257;
    float[] scores = SampleCases.scores(cols, 7);
    float[] batch = new float[rows * cols];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(scores, row % 2 * cols, batch, row * cols, cols);
    }
    var settings = new Settings(0.9, 200, 0.95);
    assertArrayEquals(
        SampleCases.draw(Device.CPU.backend(), DType.F32, batch, rows, settings, 3),
        SampleCases.draw(CudaParity.gpu(), DType.F32, batch, rows, settings, 3));
  }

  @Test
  void rowsWithoutADistributionAreMarked() {
    SampleCases.checkRowsWithout(CudaParity.gpu(), DType.F32);
    SampleCases.checkRowsWithout(CudaParity.gpu(), DType.F16);
    SampleCases.checkRowsWithout(CudaParity.gpu(), DType.BF16);
  }

  @Test
  void whatCannotBeDrawnSaysSo() {
    Backend gpu = CudaParity.gpu();
    Span x = Numbers.upload(gpu, DType.F32, 0, Numbers.bytes(DType.F32, 1, 2, 3));
    Span index = new Span(gpu.allocate(4), DType.I32, 0, 1);
    var thrown =
        assertThrows(
            IllegalArgumentException.class,
            () -> gpu.random().sample(x, index, 1, 3, 1, 0, 1, 0, 0));
    assertEquals("top-k is 0, must be at least 1", thrown.getMessage());
    assertThrows(
        IllegalArgumentException.class, () -> gpu.random().sample(x, index, 1, 4, 1, 1, 1, 0, 0));
    assertThrows(
        IllegalArgumentException.class, () -> gpu.random().sample(x, x, 1, 3, 1, 1, 1, 0, 0));
  }

  @Test
  void noRowsAreNoDraws() {
    Backend gpu = CudaParity.gpu();
    var none = new Span(gpu.allocate(4), DType.F32, 0, 0);
    var index = new Span(gpu.allocate(4), DType.I32, 0, 0);
    gpu.random().sample(none, index, 0, 5, 1, 1, 1, 0, 0);
  }

  /** Frequencies of many draws; an excluded class comes never. */
  @Test
  void drawsFollowTheDistribution() {
    SampleCases.checkFrequencies(CudaParity.gpu(), 4_000);
  }
}
