package dev.galen.kernels.cuda;

import dev.galen.kernels.BlockCases;
import dev.galen.tensor.DType;
import dev.galen.tensor.testing.Tolerance;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Gates, rotation, and rows of experts on the software GPU against the reference. */
@Tag("software-gpu")
@Tag("gpu")
class CudaBlockKernelsTest {
  static Stream<BlockCases.Case> cases() {
    return Stream.of(
            BlockCases.of(1, 1),
            BlockCases.of(13, 207),
            BlockCases.of(70, 24),
            BlockCases.of(5, 768))
        .flatMap(List::stream);
  }

  /** Sums are F32; what a chain of roundings of F16 or BF16 gives is a few of them. */
  @ParameterizedTest
  @MethodSource("cases")
  void agrees(BlockCases.Case c) {
    for (DType dtype : CudaParity.TYPES) {
      Tolerance tolerance = Tolerance.rounded(dtype, c.reduction());
      RowsParity.check(dtype, c.what(), tolerance, c.call(), c.operands());
    }
  }
}
