package dev.galen.model.inside;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.galen.model.CausalLm;
import dev.galen.model.Encoder;
import dev.galen.model.Inputs;
import dev.galen.model.Model;
import dev.galen.model.gpt2.Gpt2CausalLm;
import dev.galen.model.gpt2.Gpt2Config;
import dev.galen.model.nn.Embedding;
import dev.galen.model.nn.Initializer;
import dev.galen.model.nn.KvCache;
import dev.galen.model.nn.Weights;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.model.testing.TinyFamily;
import dev.galen.model.testing.TinyModels;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.io.TensorFiles;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.random.Philox;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Causal models without a head, as transformers' {@code AutoModel} saves them. */
class TrunksTest {
  private static final int[] IDS = {5, 9, 3, 17, 4};

  @TempDir Path folder;

  private static Map<String, CausalLm> models() {
    return Map.of(
        "GPT2Model", TinyModels.gpt2(0),
        "LlamaModel", (CausalLm) TinyFamily.LLAMA.create(Device.CPU), // the head apart
        "MixtralModel", (CausalLm) TinyFamily.MIXTRAL.create(Device.CPU),
        "OPTModel", (CausalLm) TinyFamily.OPT.create(Device.CPU));
  }

  private static float[] mean(Model model, int... ids) {
    return new Embedder(model, Pooling.MEAN, OptionalInt.empty()).embed(ids);
  }

  @Test
  void aTrunkIsLoadedFromEitherKindOfDirectory() throws IOException {
    for (Map.Entry<String, CausalLm> each : models().entrySet()) {
      CausalLm model = each.getValue();
      Path whole = folder.resolve(each.getKey() + "-whole");
      Path bare = folder.resolve(each.getKey());
      Pretrained.save(model, null, whole);
      Encoder trunk = Pretrained.load(whole, Device.CPU, Encoder.class).model();
      float[] wanted = mean(model, IDS);
      assertArrayEquals(wanted, mean(trunk, IDS), 1e-5f, each.getKey());
      Pretrained.save(trunk, null, bare);
      // Transformers saves the trunk alone under names without its prefix.
      var names = new TreeSet<String>();
      for (String name : model.parameters().keySet()) {
        if (!name.startsWith("lm_head.")) {
          names.add(name.substring(name.indexOf('.') + 1));
        }
      }
      try (TensorFiles files = TensorFiles.open(bare)) {
        assertEquals(names, new TreeSet<>(files.entries().keySet()));
      }
      assertEquals(trunk.getClass(), Pretrained.kind(bare));
      Pretrained<? extends Model> outline = Pretrained.outline(bare);
      assertEquals(trunk.getClass(), outline.model().getClass());
      assertEquals(trunk.parameterCount(), outline.model().parameterCount());
      assertEquals(List.of(each.getKey()), outline.directory().classNames());
      Model again = Pretrained.load(bare, Device.CPU, Pretrained.kind(bare)).model();
      assertArrayEquals(wanted, mean(again, IDS), 1e-5f, each.getKey());
    }
  }

  /** A directory of transformers' own, of a text that is longer than the context. */
  @Test
  void aTrunkThatTransformersSavedIsEmbedded() throws Exception {
    Path directory = Path.of(TrunksTest.class.getResource("llama-trunk").toURI());
    JsonNode expected = new ObjectMapper().readTree(directory.resolve("expected.json").toFile());
    Model trunk = Pretrained.load(directory, Device.CPU, Pretrained.kind(directory)).model();
    int[] ids = InsightsTest.ints(expected.get("ids"));
    float[] last = new Embedder(trunk, Pooling.LAST, OptionalInt.empty()).embed(ids);
    float[] mean = mean(trunk, ids);
    assertEquals(12, mean.length);
    for (int c = 0; c < mean.length; c++) {
      assertEquals(expected.get("mean").get(c).doubleValue(), mean[c], 1e-5);
      assertEquals(expected.get("last").get(c).doubleValue(), last[c], 1e-5);
    }
  }

  @Test
  void aTrunkAloneDoesNotWriteTexts() throws IOException {
    Model model = TinyFamily.LLAMA.create(Device.CPU);
    Pretrained.save(model, null, folder.resolve("whole"));
    Encoder trunk = Pretrained.load(folder.resolve("whole"), Device.CPU, Encoder.class).model();
    Pretrained.save(trunk, null, folder.resolve("bare"));
    var e =
        assertThrows(IOException.class, () -> Pretrained.load(folder.resolve("bare"), Device.CPU));
    assertTrue(e.getMessage().contains("lm_head.weight"), e.getMessage());
  }

  /** One whose step computes the last position alone, as another jar's may. */
  private static final class LastOnly extends CausalLm {
    private final Embedding table;
    private final boolean alwaysLast;

    LastOnly(boolean alwaysLast) {
      this.alwaysLast = alwaysLast;
      var weights = Weights.initialised(Device.CPU, new Philox(3));
      table = child("table", new Embedding(23, 6, Initializer.normal(1), weights.in("table")));
    }

    @Override
    public Tensor logits(Inputs inputs) {
      Tensor ids_BT = inputs.ids();
      int time = ids_BT.dim(1);
      return states(alwaysLast ? ids_BT.slice(1, time - 1, time) : ids_BT);
    }

    private Tensor states(Tensor ids_BT) {
      return hidden(table.forward(ids_BT));
    }

    @Override
    public Tensor next(Tensor ids_BT, KvCache cache) {
      int time = ids_BT.dim(1);
      return states(ids_BT.slice(1, time - 1, time)).reshape(ids_BT.dim(0), 6);
    }

    @Override
    public KvCache newCache(int batch, int capacity) {
      return new KvCache(backend(), 1, batch, capacity, 6);
    }

    @Override
    public int contextLength() {
      return 10;
    }

    @Override
    public int vocabularySize() {
      return 23;
    }

    @Override
    public Philox random() {
      return new Philox(0);
    }

    @Override
    public void setRecompute(boolean recompute) {}
  }

  @Test
  void allTokensArePooledWhateverAStepComputes() {
    var model = new LastOnly(false);
    float[] mean = mean(model, IDS);
    float[] table = model.parameters().get("table.weight").toFloats();
    for (int c = 0; c < 6; c++) {
      double sum = 0;
      for (int id : IDS) {
        sum += table[id * 6 + c];
      }
      assertEquals(sum / IDS.length, mean[c], 1e-6);
    }
    var last = new LastOnly(true);
    String message =
        assertThrows(IllegalArgumentException.class, () -> mean(last, IDS)).getMessage();
    assertEquals(
        "a hidden state of LastOnly is [1, 1, 6], must be [1, 5, C]: a vector of each token",
        message);
  }

  /** Longer than its context: positions that are turned have no end. */
  @Test
  void textsOfAnyLengthAreEmbeddedWherePositionsHaveNoTable() throws IOException {
    int[] ids = new int[400];
    for (TinyFamily family : List.of(TinyFamily.LLAMA, TinyFamily.T5)) {
      assertEquals(48, mean(family.create(Device.CPU), ids).length, family.name());
    }
    Model table = TinyModels.gpt2(0);
    String message =
        assertThrows(IllegalArgumentException.class, () -> mean(table, ids)).getMessage();
    assertEquals("the text has 400 tokens, must have 1 to the model's 64", message);
  }

  /** GPT-2 adds the vector of the id that a token's type is: as if each position had it. */
  @Test
  void tokenTypesOfGpt2AreIds() throws IOException {
    Gpt2Config config = TinyModels.config(31, 12, 8, 2, 0);
    Model model = TinyModels.gpt2(config, Device.CPU);
    int type = 7;
    float[] words = model.parameters().get("transformer.wte.weight").toFloats();
    var shifted =
        new Gpt2CausalLm(config, Weights.initialised(Device.CPU, new Philox(7)), new Philox(0));
    Tensor positions = shifted.parameters().get("transformer.wpe.weight");
    float[] moved = positions.toFloats();
    for (int i = 0; i < moved.length; i++) {
      moved[i] += words[type * 8 + i % 8];
    }
    Tensors.copy(Tensors.of(Device.CPU, moved, 12, 8), positions);
    int[] types = new int[IDS.length];
    Arrays.fill(types, type);
    float[] typed = new Embedder(model, Pooling.LAST, OptionalInt.empty()).embed(IDS, types);
    float[] wanted = new Embedder(shifted, Pooling.LAST, OptionalInt.empty()).embed(IDS);
    assertArrayEquals(wanted, typed, 1e-5f);
    assertEquals(31, config.tokenTypes());
    try (var off = Autograd.noGrad();
        var scope = MemoryScope.open("logits")) {
      Tensor ids_BT = Tensors.of(Device.CPU, IDS, 1, IDS.length);
      Tensor types_BT = Tensors.of(Device.CPU, types, 1, IDS.length);
      assertArrayEquals(
          shifted.logits(ids_BT).toFloats(),
          ((CausalLm) model).logits(Inputs.of(ids_BT).withTokenTypes(types_BT)).toFloats(),
          1e-5f);
    }
    assertEquals(Set.of(), ((CausalLm) model).endOfTextIds());
  }
}
