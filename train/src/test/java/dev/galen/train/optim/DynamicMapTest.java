package dev.galen.train.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The levels against some that are worked out by hand from the papers' description. */
class DynamicMapTest {
  @Test
  void withASign() {
    float[] levels = DynamicMap.levels(true);
    assertEquals(256, levels.length);
    assertEquals(0, levels[127]);
    assertEquals(1, levels[255]);
    assertEquals(5.5e-7, levels[128], 1e-12); // the middle of the lowest decade
    assertEquals(3.25e-6, levels[129], 1e-11); // of the two halves of the next
    assertEquals(7.75e-6, levels[130], 1e-11);
    assertEquals(1 - 0.9 / 128, levels[254], 1e-6);
    for (int i = 0; i < 127; i++) {
      assertEquals(-levels[i], levels[254 - i]);
      assertTrue(levels[i] < levels[i + 1]);
    }
  }

  @Test
  void withoutASign() {
    float[] levels = DynamicMap.levels(false);
    assertEquals(0, levels[0]);
    assertEquals(3.25e-7, levels[1], 1e-12);
    assertEquals(1 - 0.9 / 256, levels[254], 1e-6);
    assertEquals(1, levels[255]);
    for (int i = 0; i < 255; i++) {
      assertTrue(levels[i] < levels[i + 1]);
    }
  }
}
