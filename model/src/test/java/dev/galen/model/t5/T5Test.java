package dev.galen.model.t5;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.Inputs;
import dev.galen.model.Seq2SeqLm;
import dev.galen.model.TransformersCase;
import dev.galen.model.nn.KvCache;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.WeightFormat;
import dev.galen.tensor.io.TensorFiles;
import dev.galen.tensor.memory.MemoryScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** T5s of awkward sizes compute, and write, what transformers does. */
class T5Test {
  private static final double CLOSE = 5e-5;

  @TempDir Path folder;

  /** Where all of this happens; other classes run it again elsewhere. */
  List<Device> devices() {
    return List.of(Device.CPU, Device.REFERENCE);
  }

  private static Path fixture(String name) {
    return TransformersCase.fixture(T5Test.class, name);
  }

  private static TransformersCase expected(String name) throws IOException {
    return TransformersCase.in(fixture(name));
  }

  private static T5 load(Path directory, Device device) throws IOException {
    return Pretrained.load(directory, device, T5.class).model();
  }

  private void assertComputes(String name, Path directory) throws IOException {
    TransformersCase expected = expected(name);
    for (Device device : devices()) {
      T5 model = load(directory, device);
      Inputs inputs = expected.inputs(device);
      assertArrayEquals(expected.numbers("logits"), model.logits(inputs).toDoubles(), CLOSE);
      Tensor loss = model.loss(inputs, expected.counted());
      assertEquals(expected.number("loss"), loss.item(), CLOSE);
      loss.backward();
      Map<String, Tensor> parameters = model.parameters();
      var norms = new ArrayList<String>();
      expected.json().get("grad_norms").fieldNames().forEachRemaining(norms::add);
      assertEquals(Set.copyOf(norms), parameters.keySet());
      for (String path : norms) {
        double norm = expected.json().get("grad_norms").get(path).asDouble();
        double[] gradient = parameters.get(path).grad().toDoubles();
        double squares = Arrays.stream(gradient).map(g -> g * g).sum();
        assertEquals(norm, Math.sqrt(squares), 1e-3 * norm, path);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"own-head", "all-names"})
  void computesWhatTransformersDoes(String name) throws IOException {
    assertComputes(name, fixture(name));
    // What is saved is read again and computes the same; a shared embedding is saved once.
    var loaded = Pretrained.load(fixture(name), Device.CPU, Seq2SeqLm.class);
    Path saved = folder.resolve(name);
    Pretrained.save(loaded.model(), null, loaded.directory(), saved);
    assertComputes(name, saved);
    try (TensorFiles files = TensorFiles.open(saved)) {
      assertEquals(name.equals("own-head"), files.entries().containsKey("lm_head.weight"));
      assertTrue(files.entries().containsKey("shared.weight"));
      assertTrue(files.entries().keySet().stream().noneMatch(n -> n.contains("embed_tokens")));
    }
    assertTrue(Files.exists(saved.resolve("generation_config.json")));
  }

  /** Prompts of different lengths side by side, one token at a time. */
  @ParameterizedTest
  @ValueSource(strings = {"own-head", "all-names"})
  void writesWhatTransformersDoes(String name) throws IOException {
    JsonNode greedy = expected(name).json().get("greedy");
    for (Device device : devices()) {
      T5 model = load(fixture(name), device);
      try (var off = Autograd.noGrad();
          KvCache cache = model.newCache(expected(name).inputs(device), greedy.get(0).size())) {
        var ids = new int[greedy.size()];
        Arrays.fill(ids, model.decoderStartId());
        for (int i = 1; i < greedy.get(0).size(); i++) {
          try (var scope = MemoryScope.open("step")) {
            Tensor ids_B1 = Tensors.of(model.backend(), ids, ids.length, 1);
            ids = model.next(ids_B1, cache).argmax().toInts();
          }
          for (int row = 0; row < ids.length; row++) {
            assertEquals(greedy.get(row).get(i).asInt(), ids[row], row + " at " + i);
          }
        }
      }
    }
  }

  /**
   * In pieces of any length, and after rows have moved, the cache gives the logits of the whole.
   */
  @Test
  void cachedIsUncached() throws IOException {
    for (Device device : devices()) {
      T5 model = load(fixture("own-head"), device);
      Inputs inputs = expected("own-head").inputs(device);
      int time = 11;
      var written = new int[3 * time];
      Arrays.setAll(written, i -> 2 + i * 7 % 27);
      try (var off = Autograd.noGrad();
          KvCache cache = model.newCache(inputs, 20)) {
        Tensor ids_BS = Tensors.of(model.backend(), written, 3, time);
        Tensor whole = model.logits(inputs.withDecoderIds(ids_BS));
        model.next(ids_BS.slice(1, 0, 4).contiguous(), cache);
        assertNear(row(whole, 6), model.next(ids_BS.slice(1, 4, 7).contiguous(), cache));
        // The second text three times, then the first.
        cache.select(new int[] {1, 1, 1, 0});
        Tensor moved =
            Tensors.of(
                model.backend(),
                new int[] {
                  written[time + 7], written[time + 7], written[time + 7], written[7],
                },
                4,
                1);
        double[] next = model.next(moved, cache).toDoubles();
        double[] want = row(whole, 7).toDoubles();
        int vocabulary = model.vocabularySize();
        assertArrayEquals(
            Arrays.copyOfRange(want, vocabulary, 2 * vocabulary),
            Arrays.copyOfRange(next, 2 * vocabulary, 3 * vocabulary),
            CLOSE);
        assertArrayEquals(
            Arrays.copyOf(want, vocabulary),
            Arrays.copyOfRange(next, 3 * vocabulary, 4 * vocabulary),
            CLOSE);
      }
    }
  }

  private static Tensor row(Tensor logits_BSV, int at) {
    return logits_BSV.slice(1, at, at + 1).contiguous();
  }

  private static void assertNear(Tensor expected, Tensor actual) {
    assertArrayEquals(expected.toDoubles(), actual.toDoubles(), CLOSE);
  }

  /** A padded text is the text alone. */
  @Test
  void paddingOnEitherSideIsNotSeen() throws IOException {
    for (Device device : devices()) {
      T5 model = load(fixture("own-head"), device);
      Inputs inputs = expected("own-head").inputs(device);
      Tensor all = model.logits(inputs);
      Tensor alone =
          model.logits(
              Inputs.of(
                  inputs.ids().slice(0, 2, 3).slice(1, 0, 11).contiguous(),
                  inputs.labels().slice(0, 2, 3).contiguous()));
      assertNear(all.slice(0, 2, 3).contiguous(), alone);
      Tensor left =
          model.logits(
              Inputs.of(
                  inputs.ids().slice(0, 0, 1).slice(1, 5, 14).contiguous(),
                  inputs.labels().slice(0, 0, 1).contiguous()));
      assertNear(all.slice(0, 0, 1).contiguous(), left);
    }
  }

  @Test
  void distancesFallIntoTransformersBuckets() throws IOException {
    JsonNode json = TransformersCase.read(fixture("buckets.json"));
    for (JsonNode table : json.get("tables")) {
      T5Config config =
          withBuckets(table.get("buckets").asInt(), table.get("max_distance").asInt());
      var distances = new T5Distances(config, table.get("both").asBoolean(), Device.CPU);
      int distance = json.get("first").asInt();
      for (JsonNode run : table.get("runs")) {
        for (int i = 0; i < run.get(1).asInt(); i++) {
          assertEquals(
              run.get(0).asInt(),
              distances.bucket(distance),
              distance + " of " + table.get("both"));
          distance++;
        }
      }
      assertEquals(261, distance);
    }
  }

  @Test
  void theTableOfDistancesGrows() {
    var distances = new T5Distances(T5Config.small(), true, Device.CPU);
    for (int furthest : new int[] {3, 1000, 40}) {
      int[] buckets = distances.of(-furthest, furthest).toInts();
      assertEquals(2 * furthest + 1, buckets.length);
      for (int i = 0; i < buckets.length; i++) {
        assertEquals(distances.bucket(i - furthest), buckets[i]);
      }
    }
  }

  private static T5Config withBuckets(int buckets, int maxDistance) {
    T5Config c = T5Config.small();
    return new T5Config(
        c.vocabularySize(),
        c.contextLength(),
        c.channels(),
        c.encoderLayers(),
        c.decoderLayers(),
        c.heads(),
        c.headSize(),
        c.innerChannels(),
        c.activation(),
        c.gated(),
        buckets,
        maxDistance,
        c.dropout(),
        c.layerNormEpsilon(),
        c.initializerFactor(),
        c.tiedHead(),
        c.scaledHead(),
        c.decoderStartId(),
        c.special(),
        c.classes());
  }

  /** Recomputing draws the same dropout: losses and gradients keep their bits. */
  @Test
  void recomputationKeepsTheBits() throws IOException {
    var gradients = new ArrayList<float[]>();
    for (boolean recompute : new boolean[] {false, true}) {
      T5 model = load(fixture("own-head"), Device.CPU);
      model.train();
      model.setRecompute(recompute);
      model.loss(expected("own-head").inputs(Device.CPU), 30).backward();
      model.parameters().values().forEach(p -> gradients.add(p.grad().toFloats()));
    }
    int half = gradients.size() / 2;
    for (int i = 0; i < half; i++) {
      assertArrayEquals(gradients.get(i), gradients.get(half + i));
    }
  }

  @ParameterizedTest
  @EnumSource(names = "F32", mode = EnumSource.Mode.EXCLUDE)
  void packedWeightsGiveNearlyTheSame(WeightFormat format) throws IOException {
    for (Device device : devices()) {
      TransformersCase expected = expected("all-names");
      T5 model = Pretrained.load(fixture("all-names"), device, T5.class, format).model();
      try (var off = Autograd.noGrad()) {
        double[] logits = model.logits(expected.inputs(device)).toDoubles();
        double far = TransformersCase.relativeError(expected.numbers("logits"), logits);
        assertTrue(far < 0.03, far + "");
      }
    }
  }

  @Test
  void parametersAreCounted() throws IOException {
    assertEquals(60_506_624, T5Config.small().parameterCount());
    for (String name : List.of("own-head", "all-names")) { // gated and untied, and neither
      T5 model = load(fixture(name), Device.CPU);
      assertEquals(model.config().parameterCount(), model.parameterCount());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "feed_forward_proj, '\"gated-celu\"', feed_forward_proj celu is not one of",
    "relative_attention_num_buckets, 5, relative_attention_num_buckets is 5",
    "decoder_start_token_id, 29, decoder_start_token_id is 29",
    "d_kv, 4, .q.weight is F32[6",
  })
  void whatItWouldNotComputeIsRefused(String field, String value, String line) throws IOException {
    Path directory = Files.createDirectory(folder.resolve("changed"));
    Path source = fixture("own-head");
    Files.copy(source.resolve("model.safetensors"), directory.resolve("model.safetensors"));
    var config = (ObjectNode) TransformersCase.read(source.resolve("config.json"));
    config.set(field, new ObjectMapper().readTree(value));
    Files.writeString(directory.resolve("config.json"), config.toString());
    var e = assertThrows(IOException.class, () -> load(directory, Device.CPU));
    assertTrue(e.getMessage().contains(line), e.getMessage());
  }

  @Test
  void aDecoderThatIsGivenNothingIsRefused() throws IOException {
    T5 model = load(fixture("own-head"), Device.CPU);
    Inputs inputs = Inputs.of(Tensors.of(Device.CPU, new int[3], 1, 3));
    assertThrows(IllegalArgumentException.class, () -> model.logits(inputs));
  }
}
