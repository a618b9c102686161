package dev.galen.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.galen.kernels.ResidualNormParity;
import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.testing.OpCase;
import dev.galen.tensor.testing.OpCatalog;
import dev.galen.tensor.testing.OpParity;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation of the catalogue equals the reference, forward and backward. */
class OpCatalogTest {
  static Stream<OpCase> cases() {
    return Stream.of(
            OpCatalog.cases(1, 1),
            OpCatalog.cases(13, 207),
            OpCatalog.cases(207, 13),
            OpCatalog.cases(20, 768))
        .flatMap(cases -> cases.stream());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void equalsTheReference(OpCase op) {
    OpParity.check(op, Device.CPU);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void equalsTheReferenceInF16(OpCase op) {
    OpParity.check(op, Device.CPU, DType.F16);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void equalsTheReferenceInBf16(OpCase op) {
    OpParity.check(op, Device.CPU, DType.BF16);
  }

  @Test
  void theFusedResidualNormHasTheBitsOfItsParts() {
    ResidualNormParity.check(Device.CPU);
    ResidualNormParity.check(Device.REFERENCE);
  }

  @Test
  void theProcessorIsServedByThisBackend() {
    assertEquals("vector", Device.CPU.backend().name());
  }

  @Test
  void aProductWithoutColumnsIsEmpty() {
    Tensor row = Tensors.zeros(Device.CPU, DType.F32, Shape.of(1, 4));
    Tensor none = Tensors.zeros(Device.CPU, DType.F32, Shape.of(4, 0));
    assertEquals(Shape.of(1, 0), row.matmul(none).shape());
  }
}
