package dev.galen.model.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.tensor.Autograd;
import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Unary;
import dev.galen.tensor.backend.WeightFormat;
import dev.galen.tensor.random.Philox;
import dev.galen.tensor.testing.Tolerance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class FeedForwardTest {
  /** What a block has: two layers under names. */
  private static final class Mlp extends Layer {
    final Conv1D widen;
    final Conv1D narrow;

    Mlp(WeightFormat format) {
      var weights = Weights.initialised(Device.CPU, new Philox(1), format);
      widen = child("widen", new Conv1D(12, 40, Initializer.normal(0.3), weights));
      narrow = child("narrow", new Conv1D(40, 12, Initializer.normal(0.3), weights));
    }

    Tensor forward(Tensor x) {
      return FeedForward.of(x, widen, Unary.GELU_TANH, narrow);
    }
  }

  private static Tensor input() {
    return Tensors.normal(Device.CPU, DType.F32, Shape.of(2, 5, 12), 0, 1, new Philox(2));
  }

  @Test
  void anObserverSeesBothLayersAndTheSameBits() {
    var results = new ArrayList<List<float[]>>();
    var seen = new ArrayList<Layer>();
    for (int observed = 0; observed < 3; observed++) {
      var mlp = new Mlp(WeightFormat.F32);
      if (observed > 0) {
        (observed == 1 ? mlp : mlp.narrow).observe((layer, y) -> seen.add(layer));
      }
      Tensor y = mlp.forward(input());
      assertEquals(observed == 0 ? "feedForward" : "linear", y.node().name());
      y.mul(y).sum().backward();
      var result = new ArrayList<float[]>();
      result.add(y.toFloats());
      mlp.parameters().values().forEach(p -> result.add(p.grad().toFloats()));
      results.add(result);
      if (observed == 1) {
        assertEquals(List.of(mlp.widen, mlp.narrow), seen);
      }
      mlp.observe(null);
      assertEquals("feedForward", mlp.forward(input()).node().name());
    }
    assertEquals(3, seen.size());
    for (int i = 0; i < results.get(0).size(); i++) {
      assertTrue(Arrays.equals(results.get(0).get(i), results.get(1).get(i)), "result " + i);
      assertTrue(Arrays.equals(results.get(0).get(i), results.get(2).get(i)), "result " + i);
    }
  }

  @Test
  void packedWeightsGoThroughTheLayers() {
    float[] exact;
    float[] packed;
    try (var off = Autograd.noGrad()) {
      exact = new Mlp(WeightFormat.F32).forward(input()).toFloats();
      packed = new Mlp(WeightFormat.BF16).forward(input()).toFloats();
    }
    double error = 0;
    double norm = 0;
    for (int i = 0; i < exact.length; i++) {
      error += Math.pow(packed[i] - exact[i], 2);
      norm += Math.pow(exact[i], 2);
    }
    // Both weights are rounded once.
    double bound = Tolerance.relativeNorm(DType.BF16, 2);
    double relative = Math.sqrt(error / norm);
    assertTrue(relative > 0 && relative <= bound, "relative error " + relative);
  }
}
