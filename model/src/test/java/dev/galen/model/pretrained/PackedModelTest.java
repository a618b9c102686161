package dev.galen.model.pretrained;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.CausalLm;
import dev.galen.model.generate.GenerationConfig;
import dev.galen.model.generate.Generator;
import dev.galen.model.gpt2.Gpt2CausalLm;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.PackedWeight;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.MemoryStats;
import dev.galen.tensor.backend.WeightFormat;
import dev.galen.tensor.random.Philox;
import dev.galen.tensor.testing.TensorAssert;
import dev.galen.tensor.testing.Tolerance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Models with packed weights compute with what these weights are, in less memory, and say no. */
class PackedModelTest {
  /** Sums of 256 to 1024 terms, one block deep. */
  private static final Tolerance TOLERANCE = Tolerance.of(DType.F32, 1024);

  private static final Path MAPS = Path.of("/proc/self/maps");

  @TempDir Path dir;
  private ObjectNode config;
  private final JsonNode ids = Variants.expected().get("ids");

  @BeforeEach
  void widen() {
    config = Variants.expected().at("/variants/0/config").deepCopy();
    config.put("n_embd", 256).put("n_layer", 1);
  }

  private Path write(Map<String, Tensor> tensors) throws IOException {
    return Variants.write(dir.resolve("model" + tensors.hashCode()), config, tensors);
  }

  /** Drawn matrices: those of the variants are sines, of which sums nearly cancel. */
  private Map<String, Tensor> tensors() throws IOException {
    var random = new Philox(1);
    var tensors = new LinkedHashMap<String, Tensor>();
    Variants.tensors(config, dir, false)
        .forEach(
            (name, tensor) -> tensors.put(name, isMatrix(tensor) ? drawn(tensor, random) : tensor));
    return tensors;
  }

  private static Tensor drawn(Tensor like, Philox random) {
    return Tensors.normal(Device.REFERENCE, DType.F32, like.shape(), 0, 0.1, random);
  }

  /** Where all of this happens; other classes run it again elsewhere. */
  Device device() {
    return Device.CPU;
  }

  private Gpt2CausalLm load(Path place, WeightFormat format) throws IOException {
    return (Gpt2CausalLm) Pretrained.load(place, device(), format).model();
  }

  private double[] logits(Gpt2CausalLm model) {
    try (var off = Autograd.noGrad()) {
      return Variants.lastLogits(model, ids);
    }
  }

  /** Whether HuggingFace stores it by outputs; GPT-2's products are stored by inputs. */
  private static boolean outputFirst(String name) {
    return !name.contains(".c_");
  }

  private static boolean isMatrix(Tensor tensor) {
    return tensor.shape().rank() == 2;
  }

  /** {@code tensor} as {@code format} keeps it. */
  private static Tensor stored(String name, Tensor tensor, WeightFormat format) {
    var packed = PackedWeight.of(tensor, outputFirst(name), format);
    int out = tensor.dim(outputFirst(name) ? 0 : 1);
    Tensor rows = packed.rows(Tensors.of(tensor.backend(), IntStream.range(0, out).toArray(), out));
    return outputFirst(name) ? rows : rows.transpose(0, 1).contiguous();
  }

  @ParameterizedTest
  @EnumSource(names = "F32", mode = EnumSource.Mode.EXCLUDE)
  void logitsAreThoseOfTheStoredWeights(WeightFormat format) throws IOException {
    var rounded = new LinkedHashMap<String, Tensor>();
    tensors()
        .forEach(
            (name, tensor) ->
                rounded.put(name, isMatrix(tensor) ? stored(name, tensor, format) : tensor));
    double[] want = logits(load(write(rounded), WeightFormat.F32));
    double[] got = logits(load(write(tensors()), format));
    TensorAssert.assertClose(format.toString(), want, got, TOLERANCE);
  }

  @Test
  void bf16FilesLoseNothing() throws IOException {
    Path place = write(Variants.cast(tensors(), DType.BF16));
    TensorAssert.assertClose(
        "BF16 file",
        logits(load(place, WeightFormat.F32)),
        logits(load(place, WeightFormat.BF16)),
        TOLERANCE);
  }

  /** To first order the loss moves by the gradient times the rounding, at most by its bound. */
  @ParameterizedTest
  @EnumSource(names = "F32", mode = EnumSource.Mode.EXCLUDE)
  void lossMovesNoFartherThanTheRoundingCanMoveIt(WeightFormat format) throws IOException {
    Path place = write(tensors());
    Gpt2CausalLm exact = load(place, WeightFormat.F32);
    Tensor loss = loss(exact);
    loss.backward();
    double bound = 0;
    for (var entry : exact.parameters().entrySet()) {
      if (isMatrix(entry.getValue())) {
        bound += reach(entry.getKey(), entry.getValue(), format);
      }
    }
    double moved;
    try (var off = Autograd.noGrad()) {
      moved = Math.abs(loss(load(place, format)).item() - loss.item());
    }
    assertTrue(moved > 0, "nothing was rounded");
    assertTrue(moved <= bound, "%s moves the loss by %s, bound %s".formatted(format, moved, bound));
  }

  private Tensor loss(Gpt2CausalLm model) {
    Tensor batch = Variants.ids(model.backend(), ids);
    return model.loss(batch, batch, batch.dim(0) * (batch.dim(1) - 1.0));
  }

  private static double reach(String name, Tensor weight, WeightFormat format) {
    double[] values = byOutputs(name, weight.detach());
    double[] gradient = byOutputs(name, weight.grad());
    int in = weight.dim(outputFirst(name) ? 1 : 0);
    double sum = 0;
    for (int row = 0; row < values.length; row += in) {
      for (int from = row; from < row + in; from += format.lineInputs()) {
        int end = Math.min(row + in, from + format.lineInputs());
        double max = 0;
        for (int i = from; i < end; i++) {
          max = Math.max(max, Math.abs(values[i]));
        }
        for (int i = from; i < end; i++) {
          sum += Math.abs(gradient[i]) * format.roundingError(values[i], max);
        }
      }
    }
    return sum;
  }

  private static double[] byOutputs(String name, Tensor matrix) {
    return (outputFirst(name) ? matrix : matrix.transpose(0, 1)).toDoubles();
  }

  @ParameterizedTest
  @EnumSource(names = "F32", mode = EnumSource.Mode.EXCLUDE)
  void nothingButThePackedWeightsStays(WeightFormat format) throws Exception {
    Path place = write(tensors());
    MemoryStats before = settled();
    CausalLm model = Pretrained.load(place, Device.REFERENCE, format).model();
    long packed = model.packedWeights().values().stream().mapToLong(PackedWeight::byteSize).sum();
    long vectors = 4 * model.parameters().values().stream().mapToLong(p -> p.shape().size()).sum();
    MemoryStats after = Device.REFERENCE.backend().memory();
    // The allocator rounds up by an eighth at most.
    assertTrue(
        after.live() - before.live() <= (packed + vectors) * 9 / 8 + 64 * 20,
        "%d bytes are live, the model needs %d".formatted(after.live() - before.live(), packed));
    assertTrue(packed < model.parameterCount() * 4 / 1.8, "saves little: " + packed);
    assertTrue(after.cached() < 4 * model.parameterCount(), after.cached() + " bytes are cached");
    if (Files.exists(MAPS)) {
      assertFalse(Files.readString(MAPS).contains(place.toString()), "the file is mapped still");
    }
  }

  /** Memory once the cleaner is done with what earlier tests have dropped. */
  private static MemoryStats settled() throws InterruptedException {
    MemoryStats last = null;
    for (int same = 0; same < 5; ) {
      System.gc();
      Thread.sleep(20);
      MemoryStats now = Device.REFERENCE.backend().memory();
      same = now.equals(last) ? same + 1 : 0;
      last = now;
    }
    return last;
  }

  @Test
  void countsAreThoseOfTheModel() throws IOException {
    Path place = write(tensors());
    Gpt2CausalLm model = load(place, WeightFormat.INT8);
    assertEquals(load(place, WeightFormat.F32).parameterCount(), model.parameterCount());
    assertTrue(model.packedWeights().containsKey("transformer.h.0.mlp.c_fc.weight"));
    assertFalse(model.parameters().containsKey("transformer.h.0.mlp.c_fc.weight"));
    assertTrue(model.parameters().containsKey("transformer.h.0.mlp.c_fc.bias"));
  }

  @Test
  void trainingAndSavingAreRefused() throws IOException {
    Gpt2CausalLm model = load(write(tensors()), WeightFormat.INT8);
    String reason =
        "transformer.wte.weight and 5 more matrices are packed as INT8 for inference and cannot be"
            + " %s; load the model with F32 weights for that";
    assertEquals(
        reason.formatted("trained"),
        assertThrows(IllegalStateException.class, model::train).getMessage());
    Path target = dir.resolve("saved");
    assertEquals(
        reason.formatted("saved"),
        assertThrows(IllegalStateException.class, () -> Pretrained.save(model, null, target))
            .getMessage());
    assertFalse(Files.exists(target));
    assertThrows(IllegalStateException.class, () -> loss(model));
  }

  @ParameterizedTest
  @EnumSource
  void oneTokenAtATimeGivesTheLogitsOfAllAtOnce(WeightFormat format) throws IOException {
    Gpt2CausalLm model = load(write(tensors()), format);
    int[] prompt = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    var greedy = GenerationConfig.builder().maxNewTokens(1).endOfTextIds(Set.of()).build();
    try (var off = Autograd.noGrad();
        var cache = model.newCache(1, prompt.length)) {
      Tensor whole = model.logits(Tensors.of(model.backend(), prompt, 1, prompt.length));
      Tensor last = whole.slice(1, prompt.length - 1, prompt.length);
      Tensor next = null;
      for (int id : prompt) {
        next = model.next(Tensors.of(model.backend(), new int[] {id}, 1, 1), cache);
      }
      TensorAssert.assertClose("cached", last.reshape(1, model.vocabularySize()), next, TOLERANCE);
      int[] made = new Generator(model).generate(prompt, greedy);
      assertEquals(next.argmax().toInts()[0], made[prompt.length]);
    }
  }

  @Test
  void wrongConfigIsReportedBeforeItCostsMemory() throws IOException {
    Map<String, Tensor> tensors = tensors();
    config.put("vocab_size", 50_000_000);
    Path place = write(tensors);
    var error = assertThrows(IOException.class, () -> load(place, WeightFormat.INT8));
    assertTrue(error.getMessage().contains("transformer.wte.weight"), error.getMessage());
  }

  @Test
  void dropsItsFileWhenItFails() throws IOException {
    assumeTrue(Files.exists(MAPS), "skipped: mappings are read from " + MAPS);
    Map<String, Tensor> tensors = tensors();
    tensors.remove("transformer.ln_f.bias");
    Path place = write(tensors);
    assertThrows(IOException.class, () -> load(place, WeightFormat.BF16));
    assertFalse(Files.readString(MAPS).contains(place.toString()), "the file is mapped still");
  }
}
