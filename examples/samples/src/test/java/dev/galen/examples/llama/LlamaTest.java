package dev.galen.examples.llama;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.galen.model.generate.GenerationConfig;
import dev.galen.model.generate.Generator;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.memory.MemoryScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The model of {@code docs/your-own-model.md} gives what transformers gives in F64. */
class LlamaTest {
  private static final String OWN = "src/test/resources/dev/galen/examples/llama";

  /** Losses near 5, in F32, after up to 20 updates. */
  private static final double TOLERANCE = 1e-5;

  @TempDir Path folder;

  /** A batch as the reference was given it. */
  private record Batch(Tensor ids, Tensor labels, int count) {}

  @ParameterizedTest
  @ValueSource(strings = {OWN, "shared/data/hf-tiny/llama"})
  void lossAndTextsAreThoseOfTransformers(String name) throws IOException {
    Path directory = directory(name);
    JsonNode expected = expected(directory);
    Llama llama = Llama.load(directory, Device.CPU);
    Batch batch = batch(expected);
    double loss = expected.get("loss").asDouble();
    assertEquals(loss, loss(llama, batch), TOLERANCE);
    llama.setRecompute(true);
    assertEquals(loss, loss(llama, batch), TOLERANCE);

    int[] prompt = ints(expected.at("/greedy/prompt"));
    int[] greedy = ints(expected.at("/greedy/ids"));
    int[] beams = ints(expected.at("/beam4/ids"));
    var likeliest = GenerationConfig.greedy(greedy.length - prompt.length);
    var four =
        GenerationConfig.builder().maxNewTokens(beams.length - prompt.length).beams(4).build();
    var generator = new Generator(llama);
    assertArrayEquals(greedy, generator.generate(prompt, likeliest));
    assertArrayEquals(beams, generator.generate(prompt, four));
  }

  @ParameterizedTest
  @ValueSource(strings = {OWN, "shared/data/hf-tiny/llama"})
  void updatesByAdamWAreThoseOfPyTorch(String name) throws IOException {
    Path directory = directory(name);
    Llama llama = Llama.load(directory, Device.CPU);
    Batch batch = batch(expected(directory));
    double[] wanted = doubles(expected(directory).at("/adamw20/losses"));
    assertArrayEquals(
        wanted,
        TrainLlama.adamW(llama, batch.ids(), batch.labels(), batch.count(), wanted.length),
        TOLERANCE);
  }

  @Test
  void updatesByGradientDescentAreThoseOfPyTorch() throws IOException {
    Llama llama = Llama.load(Path.of(OWN), Device.CPU);
    JsonNode expected = expected(Path.of(OWN));
    Batch batch = batch(expected);
    double[] wanted = doubles(expected.at("/sgd20/losses"));
    assertArrayEquals(
        wanted,
        TrainLlama.gradientDescent(
            llama, batch.ids(), batch.labels(), batch.count(), wanted.length),
        TOLERANCE);
  }

  @Test
  void weightsThatDoNotFitAreNamed() throws IOException {
    Files.copy(Path.of(OWN, "model.safetensors"), folder.resolve("model.safetensors"));
    String config = Files.readString(Path.of(OWN, "config.json"));
    refused(
        config.replace("\"tie_word_embeddings\": true", "\"tie_word_embeddings\": false"),
        "no tensor \"lm_head.weight\" among its");
    refused(
        config.replace("\"intermediate_size\": 24", "\"intermediate_size\": 25"),
        "layers.0.mlp.gate_proj.weight is F32[24, 16], the model wants F32[25, 16]");
    refused(
        config.replace("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 1"),
        "has tensors that this model does not: [model.layers.1.");
    refused(config.replace("default", "llama3"), "config.json: is no LLaMA without");
  }

  private void refused(String config, String reason) throws IOException {
    Files.writeString(folder.resolve("config.json"), config);
    var e = assertThrows(Exception.class, () -> Llama.load(folder, Device.CPU));
    assertTrue(e.getMessage().contains(folder.toString()), e.getMessage());
    assertTrue(e.getMessage().contains(reason), e.getMessage());
  }

  private static double loss(Llama llama, Batch batch) {
    try (var scope = MemoryScope.open("loss")) {
      return llama.loss(batch.ids(), batch.labels(), batch.count()).item();
    }
  }

  private static Batch batch(JsonNode expected) {
    int rows = expected.get("input_ids").size();
    int time = expected.get("input_ids").get(0).size();
    int[] labels = flat(expected.get("labels"));
    int count = 0;
    for (int i = 0; i < labels.length; i++) {
      count += i % time > 0 && labels[i] != -100 ? 1 : 0;
    }
    return new Batch(
        Tensors.of(Device.CPU, flat(expected.get("input_ids")), rows, time),
        Tensors.of(Device.CPU, labels, rows, time),
        count);
  }

  private static JsonNode expected(Path directory) throws IOException {
    return new ObjectMapper().readTree(directory.resolve("expected.json").toFile());
  }

  private static int[] ints(JsonNode array) {
    return new ObjectMapper().convertValue(array, int[].class);
  }

  private static double[] doubles(JsonNode array) {
    return new ObjectMapper().convertValue(array, double[].class);
  }

  private static int[] flat(JsonNode rows) {
    return Arrays.stream(new ObjectMapper().convertValue(rows, int[][].class))
        .flatMapToInt(Arrays::stream)
        .toArray();
  }

  /** The fixture beside this test, or a folder of the shared data where that is there. */
  private static Path directory(String name) {
    for (Path up = Path.of("").toAbsolutePath(); up != null; up = up.getParent()) {
      if (Files.exists(up.resolve(name))) {
        return up.resolve(name);
      }
    }
    assumeTrue(false, "skipped: " + name + " is not beside the repository");
    return null;
  }
}
