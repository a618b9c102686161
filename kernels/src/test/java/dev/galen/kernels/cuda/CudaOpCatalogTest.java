package dev.galen.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.galen.kernels.ResidualNormParity;
import dev.galen.kernels.softgpu.SoftwareGpu;
import dev.galen.tensor.Device;
import dev.galen.tensor.testing.OpCase;
import dev.galen.tensor.testing.OpCatalog;
import dev.galen.tensor.testing.OpParity;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation of the catalogue equals the reference, forward and backward. */
@Tag("software-gpu")
@Tag("gpu")
class CudaOpCatalogTest {
  @BeforeAll
  static void start() {
    SoftwareGpu.startUnlessGpu();
  }

  static Stream<OpCase> cases() {
    return Stream.of(
            OpCatalog.cases(1, 1),
            OpCatalog.cases(13, 207),
            OpCatalog.cases(207, 13),
            OpCatalog.cases(20, 768))
        .flatMap(List::stream);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void equalsTheReference(OpCase op) {
    OpParity.check(op, Device.of("cuda:0"));
  }

  @Test
  void theFusedResidualNormHasTheBitsOfItsParts() {
    ResidualNormParity.check(Device.of("cuda:0"));
  }

  @Test
  void theGpuIsTheBestDevice() {
    assertEquals("cuda:0", Device.best().name());
    assertEquals("cuda", Device.best().backend().name());
  }
}
