package dev.galen.bench;

import dev.galen.tensor.testing.OpCase;
import dev.galen.tensor.testing.OpCatalog;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation of the catalogue passes the check that its benchmark makes before timing. */
class OpBenchmarkTest {
  static List<OpCase> cases() {
    return OpCatalog.cases(13, 50);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void verifies(OpCase opCase) {
    OpBenchmark.verify(opCase);
  }
}
