package dev.galen.bench.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.galen.kernels.softgpu.SoftwareGpu;
import dev.galen.tensor.Device;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every row on the software GPU, at sizes of which no figure means anything. */
@Tag("software-gpu")
class GpuBenchTest {
  @Test
  void everyRowIsVerifiedAndHasAFigure(@TempDir Path directory) throws Exception {
    SoftwareGpu.start();
    var gpu = Device.of("cuda:0").backend();
    long before = gpu.memory().live();
    assertEquals(0, GpuBench.measure(Sizes.TINY, Optional.empty(), GpuBench.SECTIONS, directory));
    // A model keeps its positions' ids on the GPU until the cleaner finds it unreachable.
    for (int i = 0; i < 50 && gpu.memory().live() > before; i++) {
      System.gc();
      Thread.sleep(100);
    }
    assertEquals(before, gpu.memory().live(), "bytes live on the GPU");

    Set<String> sections = new LinkedHashSet<>();
    for (String line : Files.readAllLines(directory.resolve("results.jsonl"))) {
      JsonNode row = new ObjectMapper().readTree(line);
      String section = row.get("name").textValue().split("/", 2)[0];
      sections.add(section);
      assertTrue(row.get("value").doubleValue() > 0, line);
      assertTrue(row.get("roof").doubleValue() > 0, line);
      boolean model = List.of("train", "decode").contains(section);
      assertEquals(model, row.has("host"), line);
      if (model) {
        double host = row.get("host").doubleValue();
        assertTrue(host > 0 && host < 1, line);
      }
    }
    var expected = new LinkedHashSet<>(List.of("copy"));
    expected.addAll(GpuBench.SECTIONS);
    assertEquals(expected, sections);
  }
}
