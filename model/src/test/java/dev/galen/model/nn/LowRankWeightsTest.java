package dev.galen.model.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.model.SpecialIds;
import dev.galen.model.gpt2.Gpt2CausalLm;
import dev.galen.model.gpt2.Gpt2Config;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.WeightFormat;
import dev.galen.tensor.random.Philox;
import dev.galen.tensor.testing.TensorAssert;
import dev.galen.tensor.testing.Tolerance;
import java.util.List;
import org.junit.jupiter.api.Test;

/** GPT-2 learns by updates of low rank without knowing of it. */
class LowRankWeightsTest {
  private static final Gpt2Config CONFIG =
      Gpt2Config.tiny(60).withVocabulary(60, SpecialIds.NONE).withDropout(0);
  private static final int RANK = 3;

  private static Gpt2CausalLm plain(WeightFormat format) {
    return new Gpt2CausalLm(
        CONFIG, Weights.initialised(Device.CPU, new Philox(3), format), new Philox(0));
  }

  private static Gpt2CausalLm adapted(WeightFormat format) {
    var weights =
        new LowRankWeights(
            Weights.initialised(Device.CPU, new Philox(3), format),
            path -> path.endsWith("attn.c_attn.weight") || path.endsWith("wte.weight"),
            RANK,
            6,
            new Philox(5));
    var model = new Gpt2CausalLm(CONFIG, weights, new Philox(0));
    LowRankWeights.freezeBase(model);
    return model;
  }

  private static Tensor ids() {
    return Tensors.of(Device.CPU, new int[] {5, 9, 59, 0, 7, 7}, 2, 3);
  }

  @Test
  void startsAsTheModelItComesFrom() {
    for (WeightFormat format : List.of(WeightFormat.F32, WeightFormat.BF16)) {
      try (var off = Autograd.noGrad()) {
        assertArrayEquals(
            plain(format).logits(ids()).toDoubles(), adapted(format).logits(ids()).toDoubles());
      }
    }
  }

  @Test
  void onlyUpdatesLearn() {
    Gpt2CausalLm model = adapted(WeightFormat.F32);
    model.loss(ids(), ids(), 4).backward();
    long learning = 0;
    for (var parameter : model.parameters().entrySet()) {
      boolean isUpdate = parameter.getKey().contains("lora_");
      assertEquals(isUpdate, parameter.getValue().requiresGrad(), parameter.getKey());
      if (isUpdate) {
        assertNotNull(parameter.getValue().grad(), parameter.getKey());
        learning += parameter.getValue().shape().size();
      } else {
        assertNull(parameter.getValue().grad(), parameter.getKey());
      }
    }
    int channels = CONFIG.channels();
    assertEquals(
        RANK * (CONFIG.layers() * 4L * channels + channels + CONFIG.vocabularySize()), learning);
    String path = "transformer.h.0.attn.c_attn.";
    Tensor up = model.parameters().get(path + "lora_B.weight");
    assertTrue(norm(up.grad()) > 0, "B learns from its first step on");
    assertEquals(
        0, norm(model.parameters().get(path + "lora_A.weight").grad()), "A once B is not 0");
  }

  @Test
  void anUpdateIsAddedToTheMatrix() {
    for (boolean outputFirst : new boolean[] {true, false}) {
      var random = new Philox(1);
      Tensor base = Tensors.normal(Device.CPU, DType.F32, shape(5, 5), 0, 1, random);
      Tensor down = Tensors.normal(Device.CPU, DType.F32, shape(2, 5), 0, 1, random);
      Tensor up = Tensors.normal(Device.CPU, DType.F32, shape(5, 2), 0, 1, random);
      Tensor x = Tensors.normal(Device.CPU, DType.F32, shape(4, 5), 0, 1, random);
      var update = up.matmul(down).mul(0.5);
      Tensor merged = base.add(outputFirst ? update : update.transpose(0, 1));
      var low = new Weight.LowRank(new Weight.Dense(base, outputFirst), down, up, 0.5);
      var dense = new Weight.Dense(merged.contiguous(), outputFirst);
      TensorAssert.assertClose(
          "linear",
          dense.linear(x, null).toDoubles(),
          low.linear(x, null).toDoubles(),
          Tolerance.of(DType.F32, 7));
      if (outputFirst) {
        Tensor ids = Tensors.of(Device.CPU, new int[] {4, 0, 4}, 3);
        TensorAssert.assertClose(
            "rows",
            dense.rows(ids).toDoubles(),
            low.rows(ids).toDoubles(),
            Tolerance.of(DType.F32, 7));
      }
    }
  }

  private static Shape shape(int rows, int cols) {
    return Shape.of(rows, cols);
  }

  @Test
  void aRankOfNothingIsRefused() {
    var base = Weights.initialised(Device.CPU, new Philox(1));
    assertThrows(
        IllegalArgumentException.class,
        () -> new LowRankWeights(base, path -> true, 0, 1, new Philox(1)));
    assertFalse(
        plain(WeightFormat.F32).parameters().keySet().stream().anyMatch(p -> p.contains("lora")));
  }

  private static double norm(Tensor tensor) {
    double sum = 0;
    for (double value : tensor.toDoubles()) {
      sum += value * value;
    }
    return Math.sqrt(sum);
  }
}
