package dev.galen.train.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.model.Inputs.Padding;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchTest {

  @Test
  void padsOnTheRightAndCountsWhatCounts() {
    var batch =
        new CausalCollator(9)
            .collate(
                List.of(
                    new TokenSequence(new int[] {1, 2, 3, 4}, new int[] {-100, -100, 3, 4}),
                    new TokenSequence(new int[] {5, 6}, new int[] {5, 6}),
                    new TokenSequence(new int[] {7}, new int[] {7})));
    assertEquals(3, batch.rows());
    assertEquals(4, batch.cols());
    assertArrayEquals(new int[] {1, 2, 3, 4, 5, 6, 9, 9, 7, 9, 9, 9}, batch.inputIds());
    assertArrayEquals(
        new int[] {-100, -100, 3, 4, 5, 6, -100, -100, 7, -100, -100, -100}, batch.labels());
    assertArrayEquals(new byte[] {1, 1, 1, 1, 1, 1, 0, 0, 1, 0, 0, 0}, batch.attentionMask());
    // Two of the first row; 6 but not 5 of the second; none of the third, which is one token long.
    assertEquals(3, batch.tokens());
    assertTrue(batch.padded());
    assertFalse(
        new CausalCollator(0).collate(List.of(TokenSequence.text(new int[] {1, 2}))).padded());
  }

  @Test
  void aClassifierHasOneLabelPerRow() {
    var batch =
        new ClassCollator(9)
            .collate(
                List.of(
                    TokenSequence.classified(new int[] {1, 2, 3}, 2, 0),
                    TokenSequence.classified(new int[] {4}, -100, 0),
                    TokenSequence.classified(new int[] {5, 6}, 0, 1)));
    assertArrayEquals(new int[] {1, 2, 3, 4, 9, 9, 5, 6, 9}, batch.inputIds());
    assertArrayEquals(new int[] {2, -100, 0}, batch.labels());
    assertArrayEquals(new int[] {2, 3, 7}, batch.lastTokens());
    assertArrayEquals(new byte[] {1, 1, 1, 1, 0, 0, 1, 1, 0}, batch.attentionMask());
    assertEquals(2, batch.tokens());
  }

  /** As transformers looks for it: by the id, from the right. */
  @Test
  void aTextThatEndsWithPaddingEndsBeforeIt() {
    var batch =
        new ClassCollator(0)
            .collate(
                List.of(
                    TokenSequence.classified(new int[] {5, 6, 0}, 0, 0),
                    TokenSequence.classified(new int[] {5, 0, 7}, 0, 0),
                    TokenSequence.classified(new int[] {0, 0}, 0, 0)));
    assertArrayEquals(new int[] {1, 5, 6}, batch.lastTokens());
  }

  @Test
  void sequencesAreHeldAsTheyWereGiven() {
    var given =
        List.of(
            TokenSequence.classified(new int[] {1, 2, 3}, 2, 4),
            new TokenSequence(new int[] {1, 2, 3}, new int[] {-100, 7, -100}),
            TokenSequence.classified(new int[] {4}, -100, 0));
    TokenSequences held = TokenSequences.of(given);
    for (int i = 0; i < given.size(); i++) {
      assertArrayEquals(given.get(i).inputIds(), held.get(i).inputIds());
      assertArrayEquals(given.get(i).labels(), held.get(i).labels());
      assertEquals(given.get(i).leftOut(), held.get(i).leftOut());
    }
    assertEquals(1, held.withLabels(new ClassCollator(0)).size());
  }

  @Test
  void refusesWhatDoesNotFit() {
    var causal = new CausalCollator(0);
    assertThrows(IllegalArgumentException.class, () -> causal.collate(List.of()));
    assertThrows(IllegalArgumentException.class, () -> new TokenSequence(new int[3], new int[2]));
    var classified = TokenSequence.classified(new int[2], 1, 0);
    assertThrows(IllegalArgumentException.class, () -> causal.collate(List.of(classified)));
    var text = TokenSequence.text(new int[2]);
    assertThrows(IllegalArgumentException.class, () -> new ClassCollator(0).collate(List.of(text)));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Batch(1, 2, new int[2], new int[2], new byte[3], null, 0));
  }

  private static TokenSequence masked(int... mask) {
    return new TokenSequence(new int[mask.length], new int[mask.length], 0, null, mask);
  }

  private static TokenSequence whole(int length) {
    return new TokenSequence(new int[length], new int[length], 0, null, null);
  }

  private static Padding padding(TokenSequence... sequences) {
    return new EncodedCollator(0, false).collate(List.of(sequences)).padding();
  }

  /** The end of a short row stands beside the beginning of the next one. */
  @Test
  void whereRowsArePaddedIsSeenRowByRow() {
    assertEquals(Padding.NONE, padding(whole(2), whole(2)));
    assertEquals(Padding.NONE, padding(masked(1, 1), whole(2)));
    assertEquals(Padding.RIGHT, padding(whole(2), whole(3)));
    assertEquals(Padding.RIGHT, padding(masked(1, 0, 0), masked(1, 1, 0), whole(3)));
    assertEquals(Padding.LEFT, padding(whole(3), masked(0, 1, 1)));
    assertEquals(Padding.LEFT, padding(masked(1, 0, 1), whole(2)));
  }

  @Test
  void marksAreThoseOfTheirRow() {
    Batch batch =
        new EncodedCollator(0, false).collate(List.of(whole(3), masked(1, 0), masked(0, 1)));
    assertArrayEquals(new byte[] {1, 1, 1, 1, 0, 0, 0, 1, 0}, batch.attentionMask());
    assertEquals(5, batch.positions());
  }

  @Test
  void positionsAreCountedByInts() {
    Batch.requirePositions(1, Integer.MAX_VALUE);
    Batch.requirePositions(46_340, 46_341);
    var refusal =
        assertThrows(
            IllegalArgumentException.class, () -> Batch.requirePositions(3, 1_000_000_000));
    assertTrue(refusal.getMessage().endsWith("lower the batch size to 2, or the length"));
  }

  @Test
  void whatHasLabelsIsFoundInAnyOrder() {
    TokenSequences held =
        TokenSequences.of(
            List.of(
                TokenSequence.classified(new int[] {1, 1, 1}, 1, 0),
                TokenSequence.classified(new int[] {2, 2}, -100, 0),
                TokenSequence.classified(new int[] {3}, 2, 0)));
    TokenSequences kept = held.byLength().withLabels(new ClassCollator(0));
    assertEquals(2, kept.size());
    assertArrayEquals(new int[] {3}, kept.get(0).inputIds());
    assertArrayEquals(new int[] {1, 1, 1}, kept.get(1).inputIds());
    assertEquals(3, kept.longest());
    assertSame(kept, kept.withLabels(new ClassCollator(0)));
  }
}
