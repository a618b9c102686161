package dev.galen.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.model.CausalLm;
import dev.galen.model.Inputs;
import dev.galen.model.MaskedLm;
import dev.galen.model.Model;
import dev.galen.model.Seq2SeqLm;
import dev.galen.model.generate.GenerationConfig;
import dev.galen.model.generate.Generator;
import dev.galen.model.nn.LowRankWeights;
import dev.galen.model.nn.Weights;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.model.testing.TinyFamily;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.WeightFormat;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.random.Philox;
import dev.galen.train.optim.AdamW;
import dev.galen.train.optim.MixedPrecision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What every architecture must be able to do: products of fewer bits, recomputation, packing. */
class FamiliesTest {
  private static final int LAYERS = 2;

  @TempDir Path folder;

  private static Tensor ids(Model model, int rows, int time, long seed) {
    int[] ids = new Random(seed).ints((long) rows * time, 3, TinyFamily.VOCABULARY).toArray();
    return Tensors.of(model.backend(), ids, rows, time);
  }

  /** Three rows of twelve tokens, for T5 with seven labels. */
  private static Inputs batch(Model model) {
    Tensor ids_BT = ids(model, 3, 12, 5);
    return Inputs.of(ids_BT, model instanceof Seq2SeqLm ? ids(model, 3, 7, 6) : ids_BT);
  }

  private static Tensor loss(Model model, MixedPrecision precision) {
    try (var cast = precision.open()) {
      return model.loss(batch(model), 30);
    }
  }

  private static Tensor logits(Model model) {
    try (var off = Autograd.noGrad()) {
      return switch (model) {
        case CausalLm lm -> lm.logits(batch(model));
        case MaskedLm lm -> lm.logits(batch(model));
        case Seq2SeqLm lm -> lm.logits(batch(model));
        default -> throw new AssertionError(model);
      };
    }
  }

  private static Map<String, float[]> gradients(Model model, MixedPrecision precision) {
    model.parameters().values().forEach(Tensor::zeroGrad);
    try (var scope = MemoryScope.open("gradients")) {
      loss(model, precision).backward();
    }
    var gradients = new LinkedHashMap<String, float[]>();
    model
        .parameters()
        .forEach(
            (path, p) -> {
              if (p.grad() != null) {
                gradients.put(path, p.grad().toFloats());
              }
            });
    return gradients;
  }

  /** How far all gradients together are from others, relative to their norm. */
  private static double distance(Map<String, float[]> want, Map<String, float[]> got) {
    assertEquals(want.keySet(), got.keySet());
    double squares = 0;
    double norm = 0;
    for (Map.Entry<String, float[]> entry : want.entrySet()) {
      float[] other = got.get(entry.getKey());
      for (int i = 0; i < other.length; i++) {
        double error = other[i] - entry.getValue()[i];
        squares += error * error;
        norm += (double) entry.getValue()[i] * entry.getValue()[i];
      }
    }
    return Math.sqrt(squares / norm);
  }

  @ParameterizedTest
  @CsvSource({
    "LLAMA, BF16",
    "LLAMA, F16",
    "MIXTRAL, BF16",
    "MIXTRAL, F16",
    "OPT, BF16",
    "OPT, F16",
    "BERT, BF16",
    "BERT, F16",
    "T5, BF16",
    "T5, F16"
  })
  void learnsByProductsOfFewerBits(TinyFamily family, MixedPrecision precision) {
    Model model = family.create(Device.CPU);
    Map<String, float[]> exact = gradients(model, MixedPrecision.F32);
    double error = distance(exact, gradients(model, precision));
    // T5 has twice the blocks, and a gate more than GPT-2's; a token whose experts are nearly even
    // picks another one of them, and that one's gradient is its own.
    double bound =
        family == TinyFamily.MIXTRAL ? 0.5 : 4 * Gpt2Roundings.of(precision, LAYERS).gradients();
    assertTrue(error > 0 && error < bound, "relative error " + error + ", bound " + bound);
    var optimizer = new AdamW(model.parameters().values(), AdamW.Settings.decay(0.01));
    double first = 0;
    double last = 0;
    for (int step = 0; step < 8; step++) {
      try (var scope = MemoryScope.open("step")) {
        optimizer.zeroGrad();
        Tensor loss = loss(model, precision);
        last = loss.item();
        first = step == 0 ? last : first;
        loss.backward();
        optimizer.step(3e-3, 1);
      }
    }
    assertTrue(last < first, first + " to " + last);
    optimizer.free();
  }

  @ParameterizedTest
  @EnumSource
  void computesAgainToTheBit(TinyFamily family) {
    for (MixedPrecision precision :
        new MixedPrecision[] {MixedPrecision.F32, MixedPrecision.BF16}) {
      Model model = family.create(Device.CPU);
      Map<String, float[]> kept = gradients(model, precision);
      model.setRecompute(true);
      Map<String, float[]> again = gradients(model, precision);
      assertEquals(kept.keySet(), again.keySet());
      kept.forEach((path, want) -> assertArrayEquals(want, again.get(path), path));
    }
  }

  @ParameterizedTest
  @EnumSource
  void learnsUpdatesOfLowRank(TinyFamily family) {
    Model dense = family.create(Device.CPU);
    var weights = Weights.initialised(Device.CPU, new Philox(7));
    Model model =
        family.create(
            new LowRankWeights(weights, path -> path.contains("layer"), 2, 4, new Philox(9)));
    LowRankWeights.freezeBase(model);
    assertArrayEquals(logits(dense).toFloats(), logits(model).toFloats(), 1e-6f);
    Map<String, float[]> gradients = gradients(model, MixedPrecision.F32);
    assertFalse(gradients.isEmpty());
    gradients.keySet().forEach(path -> assertTrue(path.contains("lora_"), path));
  }

  /** Within what the rounding of each weight makes of logits, by the norm of all. */
  @ParameterizedTest
  @CsvSource({
    "LLAMA, BF16",
    "LLAMA, INT8",
    "MIXTRAL, BF16",
    "MIXTRAL, INT8",
    "OPT, BF16",
    "OPT, INT8",
    "BERT, BF16",
    "BERT, INT8",
    "T5, BF16",
    "T5, INT8"
  })
  void computesWithPackedWeights(TinyFamily family, WeightFormat format) throws IOException {
    Model dense = family.create(Device.CPU);
    Pretrained.save(dense, null, folder);
    Class<? extends Model> role = Pretrained.kind(folder);
    Model packed = Pretrained.load(folder, Device.CPU, role, format).model();
    float[] want = logits(dense).toFloats();
    float[] got = logits(packed).toFloats();
    double error = distance(Map.of("logits", want), Map.of("logits", got));
    // A weight is rounded to 8 bits in both; a token may pick another expert for it.
    double bound = family == TinyFamily.MIXTRAL ? 0.5 : 0x1p-8 * 8;
    assertTrue(error > 0 && error < bound, "relative error " + error);
    int[] prompt = {5, 17, 40, 8, 23, 9};
    var config = GenerationConfig.greedy(5);
    if (packed instanceof CausalLm lm) {
      assertEquals(11, new Generator(lm).generate(prompt, config).length);
    } else if (packed instanceof Seq2SeqLm lm) {
      assertEquals(6, new Generator(lm).generate(prompt, config).length);
    }
  }

  /** What comes out of {@code wo} may be larger than F16 can say: transformers keeps it in F32. */
  @Test
  void theLastProductOfT5sFeedForwardStaysF32() {
    Model model = TinyFamily.T5.create(Device.CPU);
    for (Map.Entry<String, Tensor> parameter : model.parameters().entrySet()) {
      if (parameter.getKey().endsWith("wo.weight")) {
        float[] larger = parameter.getValue().toFloats();
        for (int i = 0; i < larger.length; i++) {
          larger[i] *= 60000;
        }
        Tensors.copy(
            Tensors.of(Device.CPU, larger, parameter.getValue().shape().toArray()),
            parameter.getValue().detach());
      }
    }
    double exact = loss(model, MixedPrecision.F32).item();
    double rounded = loss(model, MixedPrecision.F16).item();
    assertEquals(exact, rounded, 0.02 * exact);
    gradients(model, MixedPrecision.F16).forEach((path, g) -> assertNull(notFinite(g), path));
  }

  private static Float notFinite(float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return value;
      }
    }
    return null;
  }
}
