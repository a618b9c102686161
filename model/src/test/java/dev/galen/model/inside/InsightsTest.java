package dev.galen.model.inside;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.galen.model.CausalLm;
import dev.galen.model.Inputs;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.memory.MemoryScope;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Of GPT-2, on the fixture that is always there; {@link ArchitectureInsightsTest} has the others.
 */
final class InsightsTest {
  private static final double CLOSE = 1e-5;

  private MemoryScope scope;
  private Autograd.Mode off;

  @BeforeEach
  void open() {
    scope = MemoryScope.open("test");
    off = Autograd.noGrad();
  }

  @AfterEach
  void close() {
    off.close();
    scope.close();
  }

  static JsonNode cases() throws IOException {
    return new ObjectMapper().readTree(InsightsTest.class.getResource("inside.json"));
  }

  private static CausalLm model(Device device) throws IOException {
    try {
      Path directory =
          Path.of(InsightsTest.class.getResource("/dev/galen/model/tiny-gpt2").toURI());
      return Pretrained.load(directory, device).model();
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  static int[] ints(JsonNode row) {
    var all = new int[row.size()];
    Arrays.setAll(all, i -> row.get(i).intValue());
    return all;
  }

  static void assertSame(String name, JsonNode wanted, List<Tensor> made) {
    assertEquals(wanted.size(), made.size(), name);
    for (int i = 0; i < made.size(); i++) {
      double[] got = made.get(i).toDoubles();
      assertEquals(wanted.get(i).size(), got.length, name + " " + i);
      for (int j = 0; j < got.length; j++) {
        double want = wanted.get(i).get(j).doubleValue();
        assertEquals(want, got[j], CLOSE * Math.max(1, Math.abs(want)), name + " " + i + ", " + j);
      }
    }
  }

  /** Each row of weights is a distribution. */
  static void assertSumsOfOne(Tensor weights) {
    double[] all = weights.toDoubles();
    int keys = weights.dim(3);
    for (int row = 0; row < all.length / keys; row++) {
      assertEquals(1, Arrays.stream(all, row * keys, (row + 1) * keys).sum(), 1e-6);
    }
  }

  @Test
  void statesAndWeightsAreThoseOfTransformers() throws IOException {
    JsonNode one = cases().get(0);
    for (Device device : List.of(Device.CPU, Device.REFERENCE)) {
      CausalLm model = model(device);
      int[] ids = ints(one.get("ids"));
      Tensor ids_BT = Tensors.of(model.backend(), ids, 1, ids.length);
      float[] unseen = model.logits(ids_BT).toFloats();
      try (var inside = Insights.withAttentions(model)) {
        assertTrue(model.isObserved());
        assertArrayEquals(unseen, model.logits(ids_BT).toFloats());
        assertSame("state", one.get("states"), inside.hiddenStates());
        assertSame("weights", one.get("attentions"), inside.attentions());
        inside.attentions().forEach(InsightsTest::assertSumsOfOne);
        assertEquals(List.of(), inside.hiddenStates("encoder"));
        assertEquals(1, inside.attentions("h.1.").size());
        inside.clear();
        assertEquals(List.of(), inside.hiddenStates());
        assertEquals(List.of(), inside.attentions());
      }
      assertFalse(model.isObserved());
    }
  }

  /** What is looked at survives its step, and nothing survives the look. */
  @Test
  void memoryIsGivenBack() throws IOException {
    CausalLm model = model(Device.CPU);
    long before = model.backend().memory().live();
    try (var inside = Insights.withAttentions(model)) {
      try (var step = MemoryScope.open("step")) {
        model.logits(Tensors.of(model.backend(), new int[] {1, 2, 3}, 1, 3));
      }
      assertEquals(3 * 16, inside.hiddenStates().getLast().toFloats().length);
      assertEquals(2, inside.attentions().size());
    }
    assertEquals(before, model.backend().memory().live());
    try (var inside = Insights.of(model)) {
      model.logits(Tensors.of(model.backend(), new int[] {1, 2, 3}, 1, 3));
      assertEquals(List.of(), inside.attentions());
    }
  }

  /** Keys that are padding get nothing; a row that sees nothing is spread evenly, without NaN. */
  @Test
  void paddingGetsNoWeight() throws IOException {
    CausalLm model = model(Device.CPU);
    int[] ids = {0, 0, 7, 9, 4, 1, 2, 3, 4, 5};
    byte[] mask = {0, 0, 1, 1, 1, 1, 1, 1, 1, 1};
    Inputs inputs =
        Inputs.of(Tensors.of(model.backend(), ids, 2, 5))
            .withMask(Tensors.of(model.backend(), mask, 2, 5), Inputs.Padding.LEFT);
    try (var inside = Insights.withAttentions(model)) {
      model.logits(inputs);
      Tensor weights = inside.attentions().getFirst();
      assertSumsOfOne(weights);
      float[] all = weights.toFloats();
      int heads = weights.dim(1);
      for (int h = 0; h < heads; h++) {
        for (int i = 2; i < 5; i++) {
          for (int j = 0; j < 5; j++) {
            float weight = all[(h * 5 + i) * 5 + j];
            assertEquals(j >= 2 && j <= i, weight > 0, h + " " + i + " " + j);
          }
        }
      }
    }
  }

  /** One that is looked into through a cache says the same states. */
  @Test
  void embeddingsArePooledStates() throws IOException {
    CausalLm model = model(Device.CPU);
    JsonNode one = cases().get(0);
    int[] ids = ints(one.get("ids"));
    int channels = 16;
    JsonNode last = one.get("states").get(2);
    float[] cls = new Embedder(model, Pooling.CLS, OptionalInt.empty()).embed(ids);
    float[] end = new Embedder(model, Pooling.LAST, OptionalInt.of(2)).embed(ids);
    float[] mean = new Embedder(model, Pooling.MEAN, OptionalInt.of(-1)).embed(ids);
    float[] first = new Embedder(model, Pooling.LAST, OptionalInt.of(0)).embed(ids);
    float[] alsoFirst = new Embedder(model, Pooling.LAST, OptionalInt.of(-3)).embed(ids);
    assertArrayEquals(first, alsoFirst);
    for (int c = 0; c < channels; c++) {
      double sum = 0;
      for (int t = 0; t < ids.length; t++) {
        sum += last.get(t * channels + c).doubleValue();
      }
      int from = (ids.length - 1) * channels + c;
      assertEquals(last.get(c).doubleValue(), cls[c], CLOSE);
      assertEquals(last.get(from).doubleValue(), end[c], CLOSE);
      assertEquals(sum / ids.length, mean[c], CLOSE);
      assertEquals(one.get("states").get(0).get(from).doubleValue(), first[c], CLOSE);
    }
    assertFalse(model.isObserved());
  }

  @Test
  void whatCannotBeEmbeddedIsNamed() throws IOException {
    CausalLm model = model(Device.CPU);
    assertMessage("layer is 3, the model has 0 (embeddings) to 2", model, 3, 1);
    assertMessage("layer is -4, the model has 0 (embeddings) to 2", model, -4, 1);
    assertMessage("the text has 0 tokens, must have 1 to the model's 40", model, 0);
    assertMessage("the text has 41 tokens, must have 1 to", model, 0, new int[41]);
    assertMessage("token id 61, the model knows 0 to 60", model, 0, 61);
    assertMessage("token id -1, the model knows 0 to 60", model, 0, -1);
    assertFalse(model.isObserved());
  }

  private static void assertMessage(String expected, CausalLm model, int layer, int... ids) {
    var embedder = new Embedder(model, Pooling.MEAN, OptionalInt.of(layer));
    String message =
        assertThrows(IllegalArgumentException.class, () -> embedder.embed(ids)).getMessage();
    assertTrue(message.startsWith(expected), message);
  }
}
