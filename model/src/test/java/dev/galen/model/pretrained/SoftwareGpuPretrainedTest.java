package dev.galen.model.pretrained;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.galen.kernels.softgpu.SoftwareGpu;
import dev.galen.tensor.Device;
import dev.galen.tensor.backend.WeightFormat;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@link PretrainedTest} on the software GPU. */
@Tag("software-gpu")
@Tag("gpu")
class SoftwareGpuPretrainedTest extends PretrainedTest {
  @BeforeAll
  static void start() {
    SoftwareGpu.startUnlessCard();
  }

  @Override
  Device device() {
    return Device.of("cuda:0");
  }

  @ParameterizedTest
  @EnumSource(names = {"BF16", "INT8"})
  void packedWeightsAreRefused(WeightFormat format) throws IOException {
    var config = Variants.expected().at("/variants/0/config");
    Path place = Variants.write(dir, config, Variants.tensors(config, dir, false));
    var error =
        assertThrows(
            IllegalArgumentException.class, () -> Pretrained.load(place, device(), format));
    assertEquals(
        "device 'cuda:0' has no kernels for packed weights; load with F32 weights, or on the cpu",
        error.getMessage());
  }
}
