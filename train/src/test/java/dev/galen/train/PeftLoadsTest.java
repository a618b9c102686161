package dev.galen.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.galen.model.Model;
import dev.galen.model.SequenceClassifier;
import dev.galen.model.lora.Adapters;
import dev.galen.model.lora.LoraConfig;
import dev.galen.model.lora.LoraConfig.Bias;
import dev.galen.model.lora.LoraConfig.Initialisation;
import dev.galen.model.lora.LoraTargets;
import dev.galen.tensor.Device;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.random.Philox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PEFT loads the adapters that Galen saves, without a warning, and computes the same with them. */
class PeftLoadsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  private static LoraConfig.Builder builder(LoraTargets targets) {
    return LoraConfig.builder(3, targets).alpha(5).initialisation(Initialisation.RANDOM);
  }

  /** Adapters that are not zero, by the model that they are beside. */
  private static Map<String, LoraConfig> configs() {
    var configs = new LinkedHashMap<String, LoraConfig>();
    configs.put("llama-yarn", builder(LoraTargets.linear()).rankStabilised(true).build());
    configs.put(
        "llama-biases",
        builder(LoraTargets.named("q_proj", "up_proj", "embed_tokens"))
            .dora(true)
            .bias(Bias.LORA_ONLY)
            .modulesToSave(List.of("lm_head"))
            .build());
    configs.put("llama-classifier", builder(LoraTargets.linear()).bias(Bias.ALL).build());
    configs.put(
        "opt-projected",
        builder(LoraTargets.matching(".*(fc1|project_in)")).updateBias(false).build());
    configs.put(
        "opt-bare", builder(LoraTargets.named("v_proj", "fc2").inLayers(List.of(1))).build());
    configs.put("mixtral-router", builder(LoraTargets.linear()).build());
    configs.put("qwen2-windows", builder(LoraTargets.named("k_proj")).updateBias(true).build());
    return configs;
  }

  @Test
  void peftLoadsWhatIsSaved() throws IOException, InterruptedException {
    Path python = HfTinySavedTest.python();
    Path script = HfTinyTest.own("load.py").getParent().resolveSibling("lora/load.py");
    List<String> command = new ArrayList<>(List.of(python.toString(), script.toString()));
    Map<String, double[]> logits = new LinkedHashMap<>();
    Map<String, HfCase> cases =
        HfTinyTest.cases().stream()
            .collect(Collectors.toMap(HfCase::name, each -> each, (a, b) -> a));
    for (var entry : configs().entrySet()) {
      HfCase base = cases.get(entry.getKey());
      Path saved = folder.resolve(base.name());
      try (var scope = MemoryScope.open(base.name())) {
        Model model = base.load(Device.CPU);
        var adapters = new Adapters(model);
        adapters.add("mine", entry.getValue(), new Philox(3));
        adapters.save("mine", saved, base.name());
        logits.put(base.name(), base.logits(model).toDoubles());
      }
      command.add(base.directory().toString());
      command.add(saved.toString());
    }
    Path out = folder.resolve("peft.jsonl");
    Path err = folder.resolve("peft.err");
    var builder = new ProcessBuilder(command).redirectOutput(out.toFile());
    builder.environment().put("OMP_NUM_THREADS", "1");
    int code = builder.redirectError(err.toFile()).start().waitFor();
    assertEquals(0, code, Files.readString(err));
    for (String line : Files.readAllLines(out)) {
      JsonNode loaded = JSON.readTree(line);
      String name = Path.of(loaded.get("adapter").asText()).getFileName().toString();
      assertEquals("[]", loaded.get("wrong").toString(), name);
      assertNear(cases.get(name), logits.remove(name), loaded.get("logits"));
    }
    assertEquals(Map.of(), logits);
  }

  /** Where there is a token; at padding logits mean nothing. */
  private static void assertNear(HfCase base, double[] got, JsonNode wanted) {
    double[] want = HfCase.numbers(wanted);
    boolean all = base.role() == SequenceClassifier.class;
    int time = all ? 1 : wanted.get(0).size();
    int size = want.length / wanted.size() / time;
    for (int i = 0; i < want.length; i++) {
      int at = i / size;
      if (all || base.hasTokenAt(at / time, at % time)) {
        assertEquals(want[i], got[i], 1e-4 * Math.max(1, Math.abs(want[i])), base.name() + " " + i);
      }
    }
  }
}
