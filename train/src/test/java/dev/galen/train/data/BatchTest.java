package dev.galen.train.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class BatchTest {

  @Test
  void padsOnTheRightAndCountsWhatCounts() {
    var batch =
        Batch.of(
            List.of(
                new TokenSequence(new int[] {1, 2, 3, 4}, new int[] {-100, -100, 3, 4}),
                new TokenSequence(new int[] {5, 6}, new int[] {5, 6}),
                new TokenSequence(new int[] {7}, new int[] {7})),
            9);
    assertEquals(3, batch.rows());
    assertEquals(4, batch.cols());
    assertArrayEquals(new int[] {1, 2, 3, 4, 5, 6, 9, 9, 7, 9, 9, 9}, batch.inputIds());
    assertArrayEquals(
        new int[] {-100, -100, 3, 4, 5, 6, -100, -100, 7, -100, -100, -100}, batch.labels());
    assertArrayEquals(new byte[] {1, 1, 1, 1, 1, 1, 0, 0, 1, 0, 0, 0}, batch.attentionMask());
    // Two of the first row; 6 but not 5 of the second; none of the third, which is one token long.
    assertEquals(3, batch.tokens());
    assertTrue(batch.padded());
    assertFalse(Batch.of(List.of(TokenSequence.text(new int[] {1, 2})), 0).padded());
  }

  @Test
  void refusesWhatDoesNotFit() {
    assertThrows(IllegalArgumentException.class, () -> Batch.of(List.of(), 0));
    assertThrows(IllegalArgumentException.class, () -> new TokenSequence(new int[2], new int[1]));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Batch(1, 2, new int[2], new int[2], new byte[3], 0));
  }
}
