package dev.galen.model.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.galen.kernels.softgpu.SoftwareGpu;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.Device;
import dev.galen.tensor.backend.WeightFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@link TransformersTest} on the software GPU. */
@Tag("software-gpu")
@Tag("gpu")
final class SoftwareGpuTransformersTest extends TransformersTest {
  @BeforeAll
  static void start() {
    SoftwareGpu.startUnlessGpu();
  }

  @Override
  List<Device> devices() {
    return List.of(Device.of("cuda:0"));
  }

  /** Prime to the number of prompts and of kinds of search, so that each has its turn. */
  @Override
  int stride() {
    return 5;
  }

  /** A prompt is multiplied by unpacked weights, and each token after it by the packed ones. */
  @ParameterizedTest
  @EnumSource(names = {"BF16", "INT8"})
  void packedWeightsContinueAsOnTheProcessor(WeightFormat format) throws IOException {
    Path directory = Models.shared("hf-tiny/gpt2-lm");
    var gpu = new Generator(Pretrained.load(directory, devices().getFirst(), format).model());
    var cpu = new Generator(Pretrained.load(directory, Device.CPU, format).model());
    var config = GenerationConfig.builder().maxNewTokens(24).build();
    for (int length : new int[] {1, 8, 9, 20}) {
      int[] prompt = IntStream.range(0, length).map(i -> (7 * i + 3) % 50).toArray();
      assertArrayEquals(cpu.generate(prompt, config), gpu.generate(prompt, config));
    }
  }
}
