package dev.galen.train.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchSamplerTest {

  private static int[] epoch(BatchSampler sampler) {
    return IntStream.range(0, sampler.batchesPerEpoch())
        .flatMap(i -> Arrays.stream(sampler.next()))
        .toArray();
  }

  @Test
  void everyEpochHoldsEveryIndexOnceInAnOrderOfItsOwn() {
    var sampler = new BatchSampler(103, 10, true, 1337);
    assertEquals(11, sampler.batchesPerEpoch());
    int[] first = epoch(sampler);
    assertEquals(new DataPosition(1, 0), sampler.position());
    int[] second = epoch(sampler);
    assertFalse(Arrays.equals(first, second));
    for (int[] order : new int[][] {first, second}) {
      assertArrayEquals(IntStream.range(0, 103).toArray(), Arrays.stream(order).sorted().toArray());
    }
    assertArrayEquals(first, epoch(new BatchSampler(103, 10, true, 1337)));
    assertFalse(Arrays.equals(first, epoch(new BatchSampler(103, 10, true, 7))));
  }

  /** Checkpoints outlive a JDK: this order may never change. */
  @Test
  void theDocumentedOrder() {
    int[] expected = {2, 4, 0, 5, 6, 8, 3, 1, 9, 7};
    assertArrayEquals(expected, epoch(new BatchSampler(10, 10, true, 1337)));
  }

  @Test
  void withoutShuffleTheOrderIsTheDatas() {
    var sampler = new BatchSampler(5, 2, false, 1);
    assertArrayEquals(new int[] {0, 1}, sampler.next());
    assertArrayEquals(new int[] {2, 3}, sampler.next());
    assertEquals(new DataPosition(0, 4), sampler.position());
    assertArrayEquals(new int[] {4}, sampler.next());
    assertArrayEquals(new int[] {0, 1}, sampler.next());
    assertEquals(new DataPosition(1, 2), sampler.position());
  }

  @Test
  void resumesAtEveryPosition() {
    var whole = new BatchSampler(23, 4, true, 99);
    for (int step = 0; step < 30; step++) {
      var resumed = new BatchSampler(23, 4, true, 99);
      resumed.seek(whole.position());
      int[] expected = whole.next();
      assertArrayEquals(expected, resumed.next(), "step " + step);
      assertEquals(whole.position(), resumed.position());
    }
  }

  /** Each entry should be first about equally often: a biased shuffle fails this by far. */
  @Test
  void shuffleIsFair() {
    var sampler = new BatchSampler(8, 8, true, 5);
    var firsts = new int[8];
    for (int i = 0; i < 8000; i++) {
      firsts[sampler.next()[0]]++;
    }
    for (int count : firsts) {
      assertTrue(count > 850 && count < 1150, Arrays.toString(firsts));
    }
  }

  @Test
  void refusesPositionsOfOtherData() {
    var sampler = new BatchSampler(5, 2, true, 1);
    var beyond = new DataPosition(0, 5);
    String message =
        assertThrows(IllegalArgumentException.class, () -> sampler.seek(beyond)).getMessage();
    assertTrue(message.contains("does not fit 5 sequences"), message);
    assertThrows(IllegalArgumentException.class, () -> new DataPosition(-1, 0));
    assertThrows(IllegalArgumentException.class, () -> new BatchSampler(0, 1, true, 1));
    assertThrows(IllegalArgumentException.class, () -> new BatchSampler(1, 0, true, 1));
  }
}
