package dev.galen.tensor.random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PhiloxTest {
  /** Counter, key and result of the known answers that Random123 publishes for philox4x32-10. */
  private static final int[][][] KNOWN_ANSWERS = {
    {
      {0, 0, 0, 0},
      {0, 0},
      {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8},
    },
    {
      {0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
      {0xffffffff, 0xffffffff},
      {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd},
    },
    {
      {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
      {0xa4093822, 0x299f31d0},
      {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1},
    },
  };

  @Test
  void givesTheKnownAnswers() {
    for (int[][] answer : KNOWN_ANSWERS) {
      int[] words = answer[0].clone();
      Philox.scramble(answer[1][0], answer[1][1], words);
      assertArrayEquals(answer[2], words);
    }
  }

  @Test
  void countersAndSeedsFillTheirWordsLowFirst() {
    int[] expected = {0x11111111, 0x22222222, 0, 0};
    Philox.scramble(0x33333333, 0x44444444, expected);
    var words = new int[4];
    Philox.words(0x44444444_33333333L, 0x22222222_11111111L, words);
    assertArrayEquals(expected, words);
    assertEquals(expected[2], Philox.word(0x44444444_33333333L, 0x22222222_11111111L, 2));
  }

  @Test
  void uniformNumbersLieInTheHalfOpenInterval() {
    assertEquals(0, Philox.uniform(0));
    assertEquals(1 - 0x1p-24f, Philox.uniform(-1));
    assertEquals(0.5f, Philox.uniform(0x80000000));
  }

  @Test
  void normalNumbersAreBoxAndMullers() {
    // The largest u is 1, whose radius is 0; u = 2^-24 is the smallest.
    assertEquals(0, Math.abs(Philox.normal(-1, 12345, 0)));
    double radius = Math.sqrt(-2 * Math.log(0x1p-24));
    assertEquals(radius, Philox.normal(0, 0, 0));
    assertEquals(radius, Philox.normal(0, 0x40000000, 1), 1e-15);
  }

  @Test
  void reservesWholeCounters() {
    var philox = new Philox(7, 3);
    assertEquals(3, philox.reserve(5));
    assertEquals(5, philox.offset());
    assertEquals(5, philox.reserve(4));
    assertEquals(6, philox.offset());
    assertEquals(Philox.uniform(Philox.word(7, 6, 0)), philox.nextUniform());
    philox.seek(3);
    assertEquals(3, philox.reserve(1));
    assertEquals(7, philox.seed());
  }
}
