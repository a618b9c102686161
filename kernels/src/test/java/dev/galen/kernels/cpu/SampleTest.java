package dev.galen.kernels.cpu;

import dev.galen.kernels.SampleCases;
import dev.galen.tensor.DType;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.reference.ReferenceBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Draws on the CPU, by one thread and by two, and the reference's. */
class SampleTest {
  @ParameterizedTest
  @CsvSource({"1, 40", "13, 40", "207, 20", "4098, 4", "50257, 2"})
  void drawsWhatF64Says(int cols, int times) {
    Backend[] vector = {new VectorBackend(1), new VectorBackend(2)};
    for (Backend[] backends : new Backend[][] {vector, {new ReferenceBackend()}}) {
      var count = new SampleCases.Count();
      for (DType dtype : new DType[] {DType.F32, DType.F16, DType.BF16}) {
        for (SampleCases.Settings settings : SampleCases.SETTINGS) {
          for (int seed = 0; seed < times; seed++) {
            SampleCases.check(count, dtype, cols, settings, seed, backends);
          }
        }
      }
      count.requireMostCertain();
    }
  }

  @Test
  void rowsWithoutADistributionAreMarked() {
    for (DType dtype : new DType[] {DType.F32, DType.F16, DType.BF16}) {
      SampleCases.checkRowsWithout(new VectorBackend(2), dtype);
      SampleCases.checkRowsWithout(new ReferenceBackend(), dtype);
    }
  }

  @Test
  void drawsFollowTheDistribution() {
    SampleCases.checkFrequencies(new VectorBackend(2), 100_000);
    SampleCases.checkFrequencies(new ReferenceBackend(), 100_000);
  }
}
