package dev.galen.kernels.cpu;

import dev.galen.kernels.BlockCases;
import dev.galen.tensor.DType;
import dev.galen.tensor.testing.Tolerance;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Gates, rotation, and rows of experts against the reference. */
class BlockKernelsTest {
  static Stream<BlockCases.Case> cases() {
    return Stream.of(
            BlockCases.of(1, 1),
            BlockCases.of(13, 207),
            BlockCases.of(207, 13),
            BlockCases.of(3, 4098),
            BlockCases.of(70, 384))
        .flatMap(List::stream);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agrees(BlockCases.Case c) {
    Parity.check(c.what(), Tolerance.of(DType.F32, c.reduction()), c.call(), c.operands());
  }
}
