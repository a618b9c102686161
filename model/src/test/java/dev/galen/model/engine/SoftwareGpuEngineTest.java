package dev.galen.model.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.kernels.softgpu.SoftwareGpu;
import dev.galen.model.CausalLm;
import dev.galen.model.generate.GenerationConfig;
import dev.galen.model.testing.TinyModels;
import dev.galen.tensor.Device;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The same scheduler over a GPU. */
@Tag("software-gpu")
@Tag("gpu")
final class SoftwareGpuEngineTest {
  @BeforeAll
  static void start() {
    SoftwareGpu.startUnlessGpu();
  }

  @Test
  void companyChangesNoBit() throws InterruptedException {
    CausalLm model = TinyModels.decided(Device.of("cuda:0"), 50, 64, 0);
    var config = new EngineConfig(1 << 20, 4, 20, 8, 4);
    List<GenerationRequest> requests = new ArrayList<>();
    List<Heard> together = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      int[] prompt = {3, 4, 5, 6, 7, 8, 9, 10, 11, 12 + i, 20, 21, 22, 23, 24, i};
      var settings = GenerationConfig.builder().maxNewTokens(2 + i).temperature(1).seed(i).build();
      requests.add(GenerationRequest.builder(prompt, settings).topLogProbabilities(1).build());
    }
    try (var engine = Engine.of(model, config)) {
      for (GenerationRequest request : requests) {
        together.add(new Heard());
        engine.submit(request, together.getLast());
      }
      assertTrue(engine.drain(Duration.ofSeconds(60)));
      assertTrue(engine.figures().cachedTokens() > 0);
    }
    for (int i = 0; i < requests.size(); i++) {
      try (var engine = Engine.of(model, config)) {
        assertEquals(Heard.all(engine, requests.get(i)).bits(), together.get(i).bits());
      }
    }
  }
}
