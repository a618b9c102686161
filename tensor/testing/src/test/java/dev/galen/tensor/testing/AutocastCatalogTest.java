package dev.galen.tensor.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.galen.tensor.Autocast;
import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation of the catalogue under {@link Autocast}. */
class AutocastCatalogTest {
  static Stream<OpCase> cases() {
    return OpCatalog.cases(4, 7).stream();
  }

  /** Every operation runs under autocast, and each leaf gets a gradient of its own type. */
  @ParameterizedTest
  @MethodSource("cases")
  void everyOperationPassesGradientsOn(OpCase op) {
    for (DType low : List.of(DType.F16, DType.BF16)) {
      for (DType given : List.of(DType.F32, low)) {
        List<Tensor> leaves = op.draw(Device.REFERENCE, given, 5);
        leaves.forEach(Tensor::requireGrad);
        try (var cast = Autocast.to(low)) {
          op.run().apply(leaves).sum().backward();
        }
        leaves.forEach(leaf -> assertEquals(given, leaf.grad().dtype()));
      }
    }
  }
}
