package dev.galen.train;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.model.Inputs;
import dev.galen.model.gpt2.Gpt2CausalLm;
import dev.galen.model.testing.TinyModels;
import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.testing.TensorAssert;
import dev.galen.tensor.testing.Tolerance;
import dev.galen.train.data.Batch;
import dev.galen.train.data.CausalCollator;
import dev.galen.train.data.TokenSequence;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A whole model, needing no files, on a device against the reference: weights as initialised,
 * logits, loss, every gradient, and 20 updates, whose dropout must have drawn the same masks.
 */
class ReferenceParityTest {
  /** The longest sum of an update is a gradient's, over the positions of a batch. */
  private static final Tolerance CLOSE = Tolerance.of(DType.F32, 8 * 40);

  /** Where the model runs; other classes run it again elsewhere. */
  Device device() {
    return Device.CPU;
  }

  @Test
  void logitsLossAndGradientsAreTheReferences() {
    Gpt2CausalLm expected = TinyModels.gpt2(0, Device.REFERENCE);
    Gpt2CausalLm actual = TinyModels.gpt2(0, device());
    Map<String, Tensor> parameters = actual.parameters();
    expected
        .parameters()
        .forEach((path, p) -> TensorAssert.assertClose(path, p, parameters.get(path), CLOSE));

    Batch batch = new CausalCollator(0).collate(RandomSequences.of(8, 3));
    TensorAssert.assertClose(
        "logits and loss", logitsAndLoss(expected, batch), logitsAndLoss(actual, batch), CLOSE);
    expected
        .parameters()
        .forEach(
            (path, p) ->
                TensorAssert.assertClose(path, p.grad(), parameters.get(path).grad(), CLOSE));
  }

  /** The logits, and behind them the loss; leaves its gradients in the model. */
  private static double[] logitsAndLoss(Gpt2CausalLm model, Batch batch) {
    try (var scope = MemoryScope.open("step")) {
      Inputs inputs = batch.inputs(model.backend());
      double[] logits = model.logits(inputs).toDoubles();
      Tensor loss = model.loss(inputs, batch.tokens());
      loss.backward();
      double[] all = Arrays.copyOf(logits, logits.length + 1);
      all[logits.length] = loss.item();
      return all;
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.1})
  void twentyUpdatesGiveTheReferencesLosses(double dropout) {
    double[] expected = losses(Device.REFERENCE, dropout);
    TensorAssert.assertClose("losses", expected, losses(device(), dropout), CLOSE);
    assertTrue(expected[19] < expected[0] - 0.1, "nothing was learnt");
  }

  private static double[] losses(Device device, double dropout) {
    var config = TrainingConfig.builder().steps(20).batchSize(3).learningRate(1e-3).build();
    List<TokenSequence> data = RandomSequences.of(20, 1);
    try (var trainer = new Trainer(TinyModels.gpt2(dropout, device), config, data, List.of(), 0)) {
      var losses = new double[20];
      for (int i = 0; i < losses.length; i++) {
        losses[i] = trainer.trainStep().loss();
      }
      return losses;
    }
  }
}
