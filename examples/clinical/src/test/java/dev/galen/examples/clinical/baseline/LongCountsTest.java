package dev.galen.examples.clinical.baseline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LongCountsTest {
  /** Keys that collide in their low bits, the key 0, and more than a table holds at first. */
  @Test
  void countsAsAMapDoes() {
    var counts = new LongCounts();
    var map = new HashMap<Long, Integer>();
    var random = new Random(3);
    for (int i = 0; i < 20_000; i++) {
      long key = i % 3 == 0 ? (long) random.nextInt(900) << 32 : random.nextLong(6000) - 3000;
      assertEquals(map.merge(key, 1, Integer::sum), counts.increment(key));
    }
    assertEquals(map.size(), counts.size());
    map.forEach((key, count) -> assertEquals(count, counts.get(key)));
    assertEquals(0, counts.get(Long.MIN_VALUE));
    assertEquals(map.values().stream().filter(c -> c == 2).count(), counts.having(2));
  }
}
