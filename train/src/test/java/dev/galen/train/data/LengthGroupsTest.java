package dev.galen.train.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/**
 * Orders are those of get_length_grouped_indices of transformers 5.18 for the same permutations.
 */
class LengthGroupsTest {
  private static int[] arranged(int[] order, int[] lengths, int perUpdate) {
    LengthGroups.arrange(order, place -> lengths[place], perUpdate);
    return order;
  }

  @Test
  void smallOrders() {
    int[] lengths = {4, 10, 9, 3, 6, 10, 8, 11, 10, 2, 10, 1, 8, 5, 9, 4, 4, 8, 9, 9, 8, 7, 11};
    int[] order = {
      13, 14, 1, 6, 3, 5, 8, 21, 10, 11, 19, 18, 9, 17, 15, 2, 0, 12, 16, 22, 20, 7, 4
    };
    int[] expected = {
      22, 14, 6, 13, 5, 8, 21, 3, 10, 19, 18, 11, 2, 17, 15, 9, 1, 12, 0, 16, 7, 20, 4
    };
    assertArrayEquals(expected, arranged(order, lengths, 2));
    assertArrayEquals(
        new int[] {8, 1, 0, 2, 5, 7, 4, 3, 6},
        arranged(new int[] {0, 1, 5, 2, 8, 7, 3, 4, 6}, new int[] {3, 6, 2, 1, 3, 8, 4, 5, 11}, 4));
    assertArrayEquals(new int[] {0}, arranged(new int[] {0}, new int[] {3}, 4));
  }

  /** More than fifty updates are cut into several large batches. */
  @Test
  void largeOrders() {
    var order = new int[430];
    var lengths = new int[430];
    Arrays.setAll(order, i -> (i * 211 + 5) % 430);
    Arrays.setAll(lengths, i -> (i * 7919 + 13) % 97 + 1);
    arranged(order, lengths, 2);
    int hash = 0;
    for (int place : order) {
      hash = 31 * hash + place;
    }
    assertEquals(369, order[0]);
    assertEquals(-427039789, hash);
  }

  @Test
  void batchesOfOneLengthHaveLittlePaddingAndResume() {
    var builder = TokenSequences.builder(10);
    for (int i = 0; i < 101; i++) {
      builder.add(TokenSequence.text(new int[1 + i * 37 % 50]));
    }
    TokenSequences data = builder.build();
    var sampler = BatchSampler.byLength(data, 4, 8, 3);
    var plain = new BatchSampler(101, 4, true, 3);
    var seen = new boolean[101];
    int padded = 0;
    int paddedWithout = 0;
    for (int batch = 0; batch < sampler.batchesPerEpoch(); batch++) {
      var resumed = BatchSampler.byLength(data, 4, 8, 3);
      resumed.seek(sampler.position());
      BatchSampler copy = sampler.copy();
      int[] next = sampler.next();
      assertArrayEquals(next, resumed.next());
      assertArrayEquals(next, copy.next());
      for (int place : next) {
        assertTrue(!seen[place]);
        seen[place] = true;
      }
      assertTrue(batch > 0 || data.length(next[0]) == data.longest());
      padded += longest(data, next) * next.length;
      int[] other = plain.next();
      paddedWithout += longest(data, other) * other.length;
    }
    assertTrue(padded < 0.8 * paddedWithout, padded + " " + paddedWithout);
    int[] second = sampler.next();
    assertTrue(!Arrays.equals(second, BatchSampler.byLength(data, 4, 8, 3).next()));
    var later = BatchSampler.byLength(data, 4, 8, 3);
    later.seek(new DataPosition(1, 0));
    assertArrayEquals(second, later.next());
  }

  private static int longest(TokenSequences data, int[] places) {
    return Arrays.stream(places).map(data::length).max().orElseThrow();
  }
}
