package dev.galen.tensor.backend.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.tensor.Autograd;
import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.PackedWeight;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.WeightFormat;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What packing keeps, and what products of packed weights are. */
class ReferenceWeightsTest {
  private static final int OUT = 11;
  private static final int IN = 150;

  private static float[] normal(int length, double factor) {
    var random = new Random(length);
    var values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) (factor * random.nextGaussian());
    }
    return values;
  }

  private static float[] stored(WeightFormat format, float[] weights) {
    var packed = PackedWeight.of(Tensors.of(Device.REFERENCE, weights, OUT, IN), true, format);
    int[] all = IntStream.range(0, OUT).toArray();
    return packed.rows(Tensors.of(Device.REFERENCE, all, OUT)).toFloats();
  }

  @ParameterizedTest
  @EnumSource(names = "F32", mode = EnumSource.Mode.EXCLUDE)
  void roundingStaysWithinTheFormatsBoundAtEverySize(WeightFormat format) {
    for (double size : new double[] {1, 1e-20, 1e30, 1e-39, 1e-43, 1e-45, 0}) {
      float[] weights = normal(OUT * IN, size);
      float[] stored = stored(format, weights);
      double worst = 0;
      for (int i = 0; i < weights.length; i++) {
        double bound = format.roundingError(weights[i], lineMaximum(format, weights, i));
        double error = Math.abs((double) stored[i] - weights[i]);
        assertTrue(error <= bound, format + " stores " + weights[i] + " as " + stored[i]);
        worst = Math.max(worst, error / bound);
      }
      // A bound that nothing comes near says nothing; where all are zero there is no error.
      assertTrue(size < 1e-30 || worst > 0.9, format + " errs by " + worst + " of its bound");
    }
  }

  private static double lineMaximum(WeightFormat format, float[] weights, int index) {
    int row = index / IN * IN;
    int first = row + (index - row) / format.lineInputs() * format.lineInputs();
    int end = Math.min(row + IN, first + format.lineInputs());
    double max = 0;
    for (int i = first; i < end; i++) {
      max = Math.max(max, Math.abs(weights[i]));
    }
    return max;
  }

  @Test
  void whatWasBf16IsKeptExactly() {
    float[] weights = normal(OUT * IN, 0.02);
    for (int i = 0; i < weights.length; i++) {
      weights[i] = DType.fromBFloat16(DType.toBFloat16(weights[i]));
    }
    assertArrayEquals(weights, stored(WeightFormat.BF16, weights));
  }

  @ParameterizedTest
  @EnumSource(names = "F32", mode = EnumSource.Mode.EXCLUDE)
  void bothLayoutsArePackedAlike(WeightFormat format) {
    Tensor outputFirst = Tensors.of(Device.REFERENCE, normal(OUT * IN, 1), OUT, IN);
    Tensor x = Tensors.of(Device.REFERENCE, normal(2 * IN, 1), 2, IN);
    Tensor bias = Tensors.of(Device.REFERENCE, normal(OUT, 1), OUT);
    float[] one = PackedWeight.of(outputFirst, true, format).linear(x, bias).toFloats();
    float[] other =
        PackedWeight.of(outputFirst.transpose(0, 1), false, format).linear(x, bias).toFloats();
    assertArrayEquals(one, other);
  }

  @ParameterizedTest
  @EnumSource(names = "F32", mode = EnumSource.Mode.EXCLUDE)
  void productIsTheProductOfTheStoredWeights(WeightFormat format) {
    float[] weights = normal(OUT * IN, 1);
    float[] inputs = normal(2 * IN, 1);
    Tensor x = Tensors.of(Device.REFERENCE, inputs, 2, IN);
    float[] stored = stored(format, weights);
    double[] y =
        PackedWeight.of(Tensors.of(Device.REFERENCE, weights, OUT, IN), true, format)
            .linear(x, null)
            .toDoubles();
    for (int i = 0; i < 2; i++) {
      for (int j = 0; j < OUT; j++) {
        double sum = 0;
        for (int p = 0; p < IN; p++) {
          sum += (double) inputs[i * IN + p] * stored[j * IN + p];
        }
        assertEquals((float) sum, y[i * OUT + j]);
      }
    }
  }

  @Test
  void sizesAreAsDocumented() {
    // 768 inputs are 24 lines of BF16 and 12 of INT8; 5 outputs take the room of 8.
    assertEquals(8 * 24 * 64, WeightFormat.BF16.byteSize(5, 768));
    assertEquals(8 * 12 * (64 + 4), WeightFormat.INT8.byteSize(5, 768));
    assertEquals(4 * 5 * 768, WeightFormat.F32.byteSize(5, 768));
  }

  @Test
  void gradientsAreRefusedWithTheWayOut() {
    Tensor weight = Tensors.of(Device.REFERENCE, normal(OUT * IN, 1), OUT, IN);
    var packed = PackedWeight.of(weight, true, WeightFormat.INT8);
    Tensor x = Tensors.of(Device.REFERENCE, normal(IN, 1), 1, IN).requireGrad();
    var error = assertThrows(IllegalStateException.class, () -> packed.linear(x, null));
    assertTrue(error.getMessage().contains("load with F32 weights"), error.getMessage());
    try (var off = Autograd.noGrad()) {
      assertEquals(OUT, packed.linear(x, null).dim(1));
    }
  }
}
