package dev.galen.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.tensor.memory.MemoryScope;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Where parameters lie in their block, whose they are, and what memory it has. */
class ParameterBlockTest {
  private static final long BYTES = 4096 * 4L;

  private static Tensor parameter(int size) {
    var values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = i + 1;
    }
    return Tensors.of(Device.REFERENCE, values, size).requireGrad();
  }

  private static long live(Tensor parameter) {
    return parameter.backend().memory().live();
  }

  @Test
  void eachParameterStartsOnSixtyFourBytes() {
    List<Tensor> parameters = IntStream.of(16, 17, 1, 15).mapToObj(i -> parameter(i)).toList();
    var block = ParameterBlock.of(parameters);
    assertEquals(parameters, block.parameters());
    assertArrayEquals(
        new long[] {0, 16, 48, 64, 80}, IntStream.range(0, 5).mapToLong(block::start).toArray());
    float[] values = block.values().toFloats();
    assertEquals(80, values.length);
    for (int i = 0; i < 4; i++) {
      float[] own = parameters.get(i).toFloats();
      for (int j = 0; j < block.start(i + 1) - block.start(i); j++) {
        assertEquals(j < own.length ? own[j] : 0, values[(int) block.start(i) + j]);
      }
    }
  }

  @Test
  void aLaterBlockTakesAParameterOver() {
    Tensor a = parameter(3);
    Tensor b = parameter(2);
    var both = ParameterBlock.of(List.of(a, b));
    assertTrue(both.owns(a) && both.owns(b));
    var one = ParameterBlock.of(List.of(b));
    assertTrue(both.owns(a));
    assertFalse(both.owns(b));
    assertTrue(one.owns(b));
    assertFalse(one.owns(a));
    both.freeGradients(); // b's lies elsewhere
    b.mul(2).sum().backward();
    assertArrayEquals(new float[] {2, 2}, one.gradients().slice(0, 0, 2).toFloats());
  }

  /** The cleaner may give other memory back meanwhile, so that there is less, never more. */
  @Test
  void theMoveGivesTheOldMemoryBackAndTheEndThatOfGradients() {
    Tensor a = parameter(4096);
    long before = live(a);
    var block = ParameterBlock.of(List.of(a));
    long moved = live(a);
    assertTrue(moved - before <= BYTES, "values and gradients, less the old values");
    backward(a, 2);
    assertTrue(live(a) - before <= BYTES);
    block.freeGradients();
    assertTrue(live(a) - before < BYTES, "values alone");
    assertNull(a.grad());
    backward(a, 3);
    assertEquals(3, a.grad().toFloats()[4095]);
    assertEquals(4096, a.toFloats()[4095]);
  }

  private static void backward(Tensor a, double factor) {
    try (var step = MemoryScope.open("step")) {
      a.mul(factor).sum().backward();
    }
  }

  /**
   * Frozen or not reached: what an earlier step left there is not that step's gradient any more.
   */
  @Test
  void whatNoGradientReachedCountsAsZero() {
    Tensor a = parameter(2);
    Tensor b = parameter(2);
    var block = ParameterBlock.of(List.of(a, b));
    a.mul(2).sum().add(b.mul(3).sum()).backward();
    b.freeze();
    float[] frozen = block.gradients().toFloats();
    assertArrayEquals(new float[] {2, 0}, new float[] {frozen[0], frozen[16]});
    block.zeroGrad();
    assertArrayEquals(new float[32], block.gradients().toFloats());
  }

  @Test
  void whatCannotBeTrainedIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> ParameterBlock.of(List.of()));
    var wide = Tensors.of(Device.REFERENCE, new double[] {1}, 1);
    var refusal =
        assertThrows(IllegalArgumentException.class, () -> ParameterBlock.of(List.of(wide)));
    assertTrue(refusal.getMessage().startsWith("cannot train "), refusal.getMessage());
  }
}
