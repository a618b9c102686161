package dev.galen.model.pretrained;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.gpt2.Gpt2LanguageModel;
import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.ParameterBlock;
import dev.galen.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Models that are dropped give their memory back, mapped files as well as converted weights. */
class PretrainedMemoryTest {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path MAPS = Path.of("/proc/self/maps");
  private static final int MODELS = 50;

  @TempDir Path dir;

  /** About 8 MB in F32. */
  private Path write(DType dtype) throws IOException {
    ObjectNode config = Variants.expected().at("/variants/0/config").deepCopy();
    config.put("vocab_size", 8192).put("n_embd", 256).put("n_layer", 1);
    Map<String, Tensor> tensors = Variants.tensors(config, dir, false);
    return Variants.write(dir.resolve("model"), config, Variants.cast(tensors, dtype));
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "BF16"})
  void fiftyModelsLeaveMemoryFlat(DType dtype) throws Exception {
    assumeTrue(Files.exists(STATUS), "skipped: resident memory is read from " + STATUS);
    Path place = write(dtype);
    JsonNode ids = Variants.expected().get("ids");
    double sum = Variants.lastScores(load(place), ids)[0];
    long before = resident();
    for (int i = 0; i < MODELS; i++) {
      sum += Variants.lastScores(load(place), ids)[0];
    }
    assertTrue(Double.isFinite(sum));
    long grown = resident() - before;
    System.out.printf("%d models in %s: resident memory grew by %,d kB%n", MODELS, dtype, grown);
    assertTrue(grown < 100 * 1024, "resident memory grew by " + grown + " kB");
    assertUnmapped(place);
  }

  @Test
  void trainingLetsGoOfTheFile() throws Exception {
    assumeTrue(Files.exists(MAPS), "skipped: mappings are read from " + MAPS);
    Path place = write(DType.F32);
    Gpt2LanguageModel model = load(place);
    assertTrue(isMapped(place));
    var block = ParameterBlock.of(List.copyOf(model.parameters().values()));
    assertUnmapped(place);
    assertTrue(block.values().shape().size() > 0);
  }

  private static Gpt2LanguageModel load(Path place) throws IOException {
    return Pretrained.load(place, Device.CPU).model();
  }

  /** Waits for the cleaner, which unmaps what nobody can reach. */
  private static void assertUnmapped(Path place) throws Exception {
    for (int i = 0; i < 100 && isMapped(place); i++) {
      System.gc();
      Thread.sleep(20);
    }
    assertTrue(!isMapped(place), "the file is mapped still");
  }

  private static boolean isMapped(Path place) throws IOException {
    return Files.readString(MAPS).contains(place.resolve("model.safetensors").toString());
  }

  private static long resident() throws Exception {
    for (int i = 0; i < 5; i++) {
      System.gc();
      Thread.sleep(20);
    }
    Device.CPU.backend().trim(); // what was given back and waits for the next tensor
    for (String line : Files.readAllLines(STATUS)) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException("no VmRSS in " + STATUS);
  }
}
