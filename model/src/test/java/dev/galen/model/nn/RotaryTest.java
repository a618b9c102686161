package dev.galen.model.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.random.Philox;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RotaryTest {
  private MemoryScope scope;

  @BeforeEach
  void open() {
    scope = MemoryScope.open("test");
  }

  @AfterEach
  void close() {
    scope.close();
  }

  /** Two heads of four channels at position 3, by the definition. */
  @Test
  void turnsThePointOfBothHalvesByTheAngleOfItsPosition() {
    var rotary = new Rotary(4, 5, 100, Device.CPU);
    float[] x = {1, 2, 3, 4, -1, 0.5f, 2, 0};
    float[] y = rotary.apply(Tensors.of(Device.CPU, x, 1, 1, 8), rotary.at(3, 4)).toFloats();
    for (int head = 0; head < 2; head++) {
      for (int i = 0; i < 2; i++) {
        double angle = 3 * Math.pow(100, -i / 2.0);
        double first = x[4 * head + i];
        double second = x[4 * head + 2 + i];
        double cos = Math.cos(angle);
        double sin = Math.sin(angle);
        assertEquals(first * cos - second * sin, y[4 * head + i], 1e-6);
        assertEquals(second * cos + first * sin, y[4 * head + 2 + i], 1e-6);
      }
    }
  }

  @Test
  void positionsFromMemoryAreThoseOfARange() {
    var rotary = new Rotary(6, 9, 10000, Device.CPU);
    Tensor x = Tensors.normal(Device.CPU, DType.F32, Shape.of(2, 3, 12), 0, 1, new Philox(1));
    Tensor positions = Tensors.of(Device.CPU, new int[] {4, 5, 6, 4, 5, 6}, 2, 3);
    assertArrayEquals(
        rotary.apply(x, rotary.at(4, 7)).toFloats(),
        rotary.apply(x, rotary.at(positions)).toFloats());
  }

  @Test
  void headsWithoutHalvesAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Rotary(3, 9, 10000, Device.CPU));
    var rotary = new Rotary(4, 9, 10000, Device.CPU);
    Tensor x = Tensors.zeros(Device.CPU, DType.F32, Shape.of(1, 1, 6));
    var e = assertThrows(IllegalArgumentException.class, () -> rotary.apply(x, rotary.at(0, 1)));
    assertEquals("[1, 1, 6] are no whole heads of 4 channels", e.getMessage());
  }
}
