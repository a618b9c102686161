package dev.galen.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.model.gpt2.Gpt2CausalLm;
import dev.galen.model.gpt2.Gpt2Config;
import dev.galen.model.nn.Weights;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.host.HostAllocator;
import dev.galen.tensor.memory.AllocationTrace;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.random.Philox;
import dev.galen.train.data.CausalCollator;
import dev.galen.train.optim.AdamW;
import dev.galen.train.optim.MixedPrecision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What three tiny batches tell of a large one is what the large one takes. */
class BatchMemoryTest {
  private static final int[][] SHAPES = {{1, 128}, {5, 61}, {16, 32}, {3, 100}, {1, 2}};

  private static Gpt2CausalLm model() {
    var config = Gpt2Config.tiny(5000).withDropout(0.1);
    var weights = Weights.initialised(Device.CPU, new Philox(1));
    return new Gpt2CausalLm(config, weights, new Philox(0));
  }

  private static AdamW optimizer(Gpt2CausalLm model) {
    return AdamW.Settings.decay(0).create(model.parameters());
  }

  @ParameterizedTest
  @CsvSource({"false, true", "true, true", "false, false"})
  void inFullPrecisionToTheByte(boolean recompute, boolean training) {
    var model = model();
    model.setRecompute(recompute);
    AdamW optimizer = optimizer(model);
    var memory = memory(model, MixedPrecision.F32, training);
    for (int[] shape : SHAPES) {
      long taken = taken(model, MixedPrecision.F32, training, shape[0], shape[1]);
      long told = memory.of(shape[0], shape[1]).all();
      // A block may be half as large again as what it is used for.
      assertTrue(told >= taken && told <= 1.02 * taken, told + " told, " + taken + " taken");
    }
    optimizer.free();
  }

  /** The CPU cuts wide rounded matrices into pieces, which tiny batches do not show. */
  @ParameterizedTest
  @CsvSource({"BF16, false", "F16, true"})
  void inMixedPrecisionEnough(MixedPrecision precision, boolean recompute) {
    var model = model();
    model.setRecompute(recompute);
    AdamW optimizer = optimizer(model);
    var memory = memory(model, precision, true);
    for (int[] shape : SHAPES) {
      long taken = taken(model, precision, true, shape[0], shape[1]);
      long told = memory.of(shape[0], shape[1]).all();
      assertTrue(told >= 0.98 * taken && told <= 1.4 * taken, told + " told, " + taken + " taken");
    }
    optimizer.free();
  }

  @Test
  void logitsOfTheVocabularyAreTold() {
    var model = model();
    AdamW optimizer = optimizer(model);
    var usage = memory(model, MixedPrecision.F32, true).of(16, 128);
    // The logits and their gradient, in blocks of eighths of a power of two.
    assertEquals(2 * HostAllocator.blockSize(4L * 16 * 128 * 5000), usage.logits());
    assertTrue(usage.all() > usage.logits());
    optimizer.free();
  }

  @Test
  void nothingThatARunDependsOnChanges() {
    var model = model();
    AdamW optimizer = optimizer(model);
    model.random().seek(77);
    model.eval();
    long live = model.backend().memory().live();
    memory(model, MixedPrecision.F32, true);
    assertEquals(77, model.random().offset());
    assertEquals(false, model.isTraining());
    assertEquals(live, model.backend().memory().live());
    optimizer.free();
  }

  private static BatchMemory memory(
      Gpt2CausalLm model, MixedPrecision precision, boolean training) {
    return training
        ? BatchMemory.ofTraining(model, precision, new CausalCollator(0))
        : BatchMemory.ofEvaluation(model, precision, new CausalCollator(0));
  }

  /** The most blocks that are live at once while a batch of this size is computed. */
  private static long taken(
      Gpt2CausalLm model, MixedPrecision precision, boolean training, int rows, int cols) {
    var trace =
        AllocationTrace.of(model.backend(), () -> compute(model, precision, training, rows, cols));
    long live = 0;
    long most = 0;
    for (int event : trace.events()) {
      long size = HostAllocator.blockSize(trace.sizes()[event < 0 ? ~event : event]);
      live += event < 0 ? -size : size;
      most = Math.max(most, live);
    }
    return most;
  }

  private static void compute(
      Gpt2CausalLm model, MixedPrecision precision, boolean training, int rows, int cols) {
    try (var scope = MemoryScope.open("test");
        var grad = training ? null : Autograd.noGrad();
        var cast = precision.open()) {
      Tensor ids_BT = Tensors.full(model.backend(), DType.I32, Shape.of(rows, cols), 0);
      if (training) {
        model.train();
        model.loss(ids_BT, ids_BT, 1).backward();
      } else {
        model.eval();
        model.loss(ids_BT, ids_BT, 1);
      }
    }
  }
}
