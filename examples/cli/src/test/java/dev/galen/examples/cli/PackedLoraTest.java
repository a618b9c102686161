package dev.galen.examples.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.galen.model.CausalLm;
import dev.galen.model.lora.Adapters;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.WeightFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Adapters that learn beside matrices in BF16 and INT8. */
class PackedLoraTest {
  private static final String MODEL =
      "{\"model_type\": \"llama\", \"vocab_size\": 31, \"hidden_size\": 16,"
          + " \"intermediate_size\": 24, \"num_hidden_layers\": 2, \"num_attention_heads\": 2,"
          + " \"num_key_value_heads\": 1, \"max_position_embeddings\": 32,"
          + " \"tie_word_embeddings\": true, \"initializer_range\": 0.2}";

  @TempDir Path folder;

  private Path model;
  private Path rows;

  @BeforeEach
  void makeModel() throws IOException {
    Path config = Files.writeString(folder.resolve("config.json"), MODEL);
    var lines = new StringBuilder();
    for (int row = 0; row < 8; row++) {
      var ids = new int[12];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = (7 * row + 3 * i * i) % 31;
      }
      lines.append("{\"input_ids\": %1$s, \"labels\": %1$s}%n".formatted(Arrays.toString(ids)));
    }
    rows = Files.writeString(folder.resolve("rows.jsonl"), lines);
    model = folder.resolve("model");
    run("train --config %s --data %s --out %s --steps 1 --json", config, rows, model).good();
  }

  private static Run run(String line, Object... values) {
    return Run.galen(line.formatted(values).split(" "));
  }

  private Run train(Path out, String more) {
    return run(
        "train --model %s --data %s --valid %s --out %s --batch 4 --learning-rate 0.02 --lora 4"
            + " --lora-alpha 8 --json --schedule constant --save-every 2 "
            + more,
        model,
        rows,
        rows,
        out);
  }

  private double measured(Path adapter, String weights) {
    String line = "evaluate --model %s --adapter %s --weights %s --data %s --batch 4 --json";
    Run run = run(line, model, adapter, weights, rows).good();
    return run.json().getLast().get("loss").asDouble();
  }

  private static byte[] weights(Path adapter) throws IOException {
    return Files.readAllBytes(adapter.resolve("adapter_model.safetensors"));
  }

  @ParameterizedTest
  @CsvSource({
    "int8, ''",
    "bf16, ''",
    "int8, --dora --lora-dropout 0.2",
    "int8, --lora-targets q_proj,v_proj --precision bf16 --recompute --accumulate 2",
    "int8, --ema 0.5 --optimizer-states int8",
  })
  void oneLearnsResumesAndIsMeasured(String format, String more) throws IOException {
    String options = "--weights " + format + (more.isEmpty() ? "" : " " + more);
    Path whole = folder.resolve("whole");
    JsonNode end = train(whole, options + " --steps 6").good().json().getLast();
    Path parts = folder.resolve("parts");
    train(parts, options + " --steps 4").good();
    train(parts, options + " --steps 6 --resume").good();
    assertArrayEquals(weights(whole), weights(parts));

    // What the run measured beside its packed weights is what the command measures.
    double after = Math.log(end.get("perplexityAfter").asDouble());
    assertEquals(after, measured(whole, format), 1e-5);
    assertTrue(after < Math.log(end.get("perplexityBefore").asDouble()), end.toString());
    double dense = measured(whole, "f32");
    assertEquals(dense, after, 0.05);

    String embedding =
        run("embed --model %s --adapter %s --weights %s --data %s", model, whole, format, rows)
            .good()
            .out();
    assertEquals(8, embedding.lines().count());
    assertFalse(
        embedding.equals(run("embed --model %s --data %s", model, rows).good().out()),
        "the adapter changes what is embedded");

    Path again = folder.resolve("again");
    run("train --config %s --out %s", whole.resolve("recipe.yaml"), again).good();
    assertArrayEquals(weights(whole), weights(again));
  }

  @Test
  void aRunBesideOtherWeightsDoesNotGoOn() {
    Path out = folder.resolve("out");
    train(out, "--weights int8 --steps 4").good();
    String said = train(out, "--weights bf16 --steps 6 --resume").refusal();
    assertTrue(said.contains("frozen weights"), said);
    said = train(folder.resolve("none"), "--weights int4 --steps 4").refusal();
    assertTrue(said.contains("--weights") && said.contains("F32, BF16, INT8"), said);
  }

  @Test
  void weightsThatLearnAreNotPacked() {
    Path out = folder.resolve("out");
    String line = "train --model %s --data %s --out %s --steps 1 --weights int8";
    String said = run(line, model, rows, out).refusal();
    assertTrue(said.contains("--weights is for an adapter: add --lora RANK"), said);
    assertFalse(Files.exists(out));
  }

  /** Two adapters beside one packed model, alone, together, and none. */
  @ParameterizedTest
  @CsvSource({"INT8", "BF16"})
  void severalShareOnePackedModel(WeightFormat format) throws IOException {
    Path one = folder.resolve("one");
    Path two = folder.resolve("two");
    String weights = "--weights " + format.name().toLowerCase(Locale.ROOT);
    train(one, weights + " --steps 4").good();
    train(two, weights + " --steps 3 --lora-targets v_proj --seed 7").good();
    CausalLm plain = Pretrained.load(model, Device.CPU, format).model();
    CausalLm lm = Pretrained.load(model, Device.CPU, format).model();
    float[] bare = logits(plain);
    var adapters = new Adapters(lm);
    adapters.load("one", one);
    float[] first = logits(lm);
    adapters.load("two", two);
    float[] second = logits(lm);
    assertFalse(Arrays.equals(first, second));
    adapters.activate("one", "two");
    float[] both = logits(lm);
    assertFalse(Arrays.equals(first, both) || Arrays.equals(second, both));
    adapters.activate("one");
    assertArrayEquals(first, logits(lm));
    adapters.activate();
    assertArrayEquals(bare, logits(lm));
    adapters.activate("two");
    adapters.remove("one");
    assertArrayEquals(second, logits(lm));
  }

  private static float[] logits(CausalLm lm) {
    try (var off = Autograd.noGrad()) {
      Tensor ids = Tensors.of(lm.backend(), new int[] {3, 1, 4, 1, 5}, 1, 5);
      lm.eval();
      return lm.logits(ids).toFloats();
    }
  }
}
