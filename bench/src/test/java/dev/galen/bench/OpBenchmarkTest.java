package dev.galen.bench;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.galen.tensor.testing.OpCase;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every case has a benchmark that verifies it and then runs. */
class OpBenchmarkTest {
  static List<OpCase> cases() {
    return OpCases.at(13, 50);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void verifiesAndRuns(OpCase opCase) {
    var benchmark = new OpBenchmark();
    benchmark.op = opCase.name();
    benchmark.shape = "13x50";
    benchmark.prepare();
    assertNotNull(benchmark.forwardBackward());
  }
}
