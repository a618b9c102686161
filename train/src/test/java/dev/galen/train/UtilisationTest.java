package dev.galen.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.galen.model.gpt2.Gpt2CausalLm;
import dev.galen.model.testing.TinyModels;
import dev.galen.tensor.Tensor;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UtilisationTest {
  private static long size(Map<String, Tensor> parameters, String name) {
    return parameters.get(name).shape().size();
  }

  @Test
  void aTokenCostsSixOperationsForEachParameterAndItsAttention() {
    Gpt2CausalLm model = TinyModels.gpt2(0);
    Map<String, Tensor> parameters = model.parameters();
    double all = parameters.values().stream().mapToLong(p -> p.shape().size()).sum();
    double positions = size(parameters, "transformer.wpe.weight");
    int channels = parameters.get("transformer.wte.weight").dim(1);
    int layers = 2;
    // The table of tokens is the output layer, too: it is multiplied by once.
    double n = all - positions;
    var utilisation = Utilisation.of(model, 4, 1e9);
    assertEquals(6 * n + 12.0 * layers * channels * 16, utilisation.perToken(16));
    // 64 tokens of 4 sequences in half a second.
    var report = new StepReport(1, 2, 0.5, 3, 1e-3, 1, 1, false, 64, 0.5);
    assertEquals(128 * utilisation.perToken(16) / 1e9, utilisation.of(report), 1e-15);
  }

  @Test
  void whatIsFrozenHasNoGradient() {
    Gpt2CausalLm model = TinyModels.gpt2(0);
    double all = Utilisation.of(model, 1, 1).perToken(0);
    model.parameters().values().forEach(Tensor::freeze);
    Tensor learns = model.parameters().get("transformer.h.1.mlp.c_fc.weight");
    learns.requireGrad();
    assertEquals(
        all * 4 / 6 + 2 * learns.shape().size(), Utilisation.of(model, 1, 1).perToken(0), 1e-6);
  }

  @Test
  void aPeakIsANumberAboveZero() {
    Gpt2CausalLm model = TinyModels.gpt2(0);
    for (double peak : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThrows(IllegalArgumentException.class, () -> Utilisation.of(model, 1, peak));
    }
  }
}
