package dev.galen.model.pretrained;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.gpt2.Gpt2CausalLm;
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

  @Test
  void fiftyMappedModelsLeaveResidentMemoryFlat() throws Exception {
    assumeTrue(Files.exists(STATUS), "skipped: resident memory is read from " + STATUS);
    Path place = write(DType.F32);
    use(place);
    long before = resident();
    for (int i = 0; i < MODELS; i++) {
      use(place);
    }
    long grown = resident() - before;
    assertTrue(grown < 100 * 1024, "resident memory grew by " + grown + " kB");
    assertUnmapped(place);
  }

  @Test
  void fiftyConvertedModelsLeaveLiveMemoryFlat() throws Exception {
    Path place = write(DType.BF16);
    long most = use(place);
    for (int i = 1; i < MODELS; i++) {
      use(place);
    }
    // Not what is resident: the C library keeps freed blocks of this size for the next.
    for (int i = 0; i < 100 && live() > most; i++) {
      System.gc();
      Thread.sleep(20);
    }
    assertTrue(live() <= most, live() + " bytes are live after 50 models, at first " + most);
  }

  @Test
  void trainingLetsGoOfTheFile() throws Exception {
    assumeTrue(Files.exists(MAPS), "skipped: mappings are read from " + MAPS);
    Path place = write(DType.F32);
    Gpt2CausalLm model = load(place);
    assertTrue(isMapped(place));
    var block = ParameterBlock.of(List.copyOf(model.parameters().values()));
    assertUnmapped(place);
    assertTrue(block.values().shape().size() > 0);
  }

  /** Loads a model, computes with it and drops it; returns what was live meanwhile. */
  private static long use(Path place) throws IOException {
    double[] logits = Variants.lastLogits(load(place), Variants.expected().get("ids"));
    assertTrue(Double.isFinite(logits[0]));
    return live();
  }

  private static long live() {
    return Device.CPU.backend().memory().live();
  }

  private static Gpt2CausalLm load(Path place) throws IOException {
    return Pretrained.load(place, Device.CPU, Gpt2CausalLm.class).model();
  }

  /** Waits for the cleaner, which unmaps what is unreachable. */
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
    for (String line : Files.readAllLines(STATUS)) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException("no VmRSS in " + STATUS);
  }
}
