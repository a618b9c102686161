package dev.galen.tokenizer.bpe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LongHeapTest {

  /** Few different values, so that equal ones meet; more of them than it was made for. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 8, 100})
  void valuesComeOutAsOfTheJdksQueue(int capacity) {
    var random = new Random(capacity);
    var heap = new LongHeap(capacity);
    var expected = new PriorityQueue<Long>();
    for (int i = 0; i < 5000; i++) {
      if (expected.isEmpty() || random.nextInt(5) < 3) {
        long value = random.nextInt(40) - 20L;
        heap.push(value);
        expected.add(value);
      } else {
        assertEquals(expected.remove(), heap.pop());
      }
      assertEquals(expected.isEmpty(), heap.isEmpty());
    }
    while (!expected.isEmpty()) {
      assertEquals(expected.remove(), heap.pop());
    }
  }
}
