package dev.galen.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.CausalLm;
import dev.galen.model.Model;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.train.data.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mixtral's loss for unevenly used experts as transformers computes it, padding left out. */
class RouterLossTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  @Test
  void equalsTransformers() throws IOException {
    Path shared = SharedData.file("recipe-cases/losses.json");
    List<String> seen = new ArrayList<>();
    for (JsonNode one : JSON.readTree(shared.toFile()).get("cases")) {
      String id = one.get("id").asText();
      if (id.startsWith("mixtral router loss")) {
        for (Device device : List.of(Device.REFERENCE, Device.CPU)) {
          check(id, one, device);
        }
        seen.add(id);
      }
    }
    assertEquals(6, seen.size(), seen::toString);
  }

  private void check(String id, JsonNode one, Device device) throws IOException {
    Path source = SharedData.file("hf-tiny/mixtral");
    ObjectNode config = (ObjectNode) JSON.readTree(source.resolve("config.json").toFile());
    config.put("output_router_logits", true);
    config.set("router_aux_loss_coef", one.get("router_aux_loss_coef"));
    Files.writeString(folder.resolve("config.json"), config.toString());
    Path weights = folder.resolve("model.safetensors");
    if (!Files.exists(weights)) {
      Files.copy(source.resolve("model.safetensors"), weights);
    }
    try (var scope = MemoryScope.open(id)) {
      Model model = Pretrained.load(folder, device, CausalLm.class).model();
      ObjectNode batch = one.get("inputs").deepCopy();
      var expected = new HfCase(id, folder, batch.put("architecture", "MixtralForCausalLM"));
      Tensor loss = expected.loss(model);
      assertEquals(one.get("loss").asDouble(), loss.item(), 1e-5, id);
      loss.backward();
      double squares = 0;
      for (Tensor parameter : model.parameters().values()) {
        Tensor grad = parameter.grad();
        squares += grad == null ? 0 : Arrays.stream(grad.toDoubles()).map(x -> x * x).sum();
      }
      double norm = one.get("grad_norm").asDouble();
      assertEquals(norm, Math.sqrt(squares), 1e-4 * norm, id);
    }
  }
}
