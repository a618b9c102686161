package dev.galen.model.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** A search over probabilities that stand here: two beams, three tokens, of which 2 is the end. */
class BeamsTest {
  private static final int END = 2;
  private static final int[] PROMPT = {1};

  private static Beams search(int limit, UnaryOperator<GenerationConfig.Builder> settings) {
    var config = settings.apply(GenerationConfig.builder().beams(2)).build();
    return new Beams(new Draft(7, PROMPT, PROMPT, limit), config, Set.of(END));
  }

  private static float[] next(double... probabilities) {
    var logs = new float[probabilities.length];
    for (int id = 0; id < logs.length; id++) {
      logs[id] = (float) Math.log(probabilities[id]);
    }
    return logs;
  }

  private static String rowsAndIds(List<Beams.Extension> extensions) {
    return extensions.stream().map(e -> e.row() + ":" + e.id()).toList().toString();
  }

  private static void assertFound(Continuation found, double score, int... newIds) {
    assertArrayEquals(newIds, found.newIds());
    assertEquals(score, found.score().orElseThrow(), 1e-6);
    assertEquals(7, found.prompt());
  }

  @Test
  void anEndIsFinishedOnlyAmongTheBestOfAsManyAsThereAreBeams() {
    Beams search = search(4, b -> b.sequences(2).scores());
    assertEquals("[0:0, 0:1]", rowsAndIds(search.advance(List.of(next(.3, .2, .5)))));
    assertEquals(2, search.rows());
    // .18 and .17 run on; the end with .09 comes third.
    assertEquals(
        "[0:0, 1:0]", rowsAndIds(search.advance(List.of(next(.6, .1, .3), next(.85, .1, .05)))));
    // Now the text is full, so that each is an end.
    assertEquals(List.of(), search.advance(List.of(next(.5, .25, .25), next(.1, .6, .3))));
    List<Continuation> found = search.found();
    assertEquals(2, found.size());
    assertFound(found.get(0), Math.log(.5), END);
    assertFound(found.get(1), Math.log(.2 * .85 * .6) / 3, 1, 0, 1);
    assertArrayEquals(
        new double[] {Math.log(.2), Math.log(.85), Math.log(.6)},
        found.get(1).logProbabilities(),
        1e-6);
  }

  @Test
  void ofEqualsTheFirstRunsOn() {
    Beams search = search(9, b -> b);
    assertEquals("[0:0, 0:1]", rowsAndIds(search.advance(List.of(next(.4, .4, .2)))));
    float[] same = next(.45, .45, .1);
    assertEquals("[0:0, 0:1]", rowsAndIds(search.advance(List.of(same, same))));
  }

  /** The two finished here have probability .6 after one token and .27 after two; the third .05. */
  private static boolean goesOn(int limit, UnaryOperator<GenerationConfig.Builder> settings) {
    Beams search = search(limit, settings);
    assertEquals("[0:0, 0:1]", rowsAndIds(search.advance(List.of(next(.3, .1, .6)))));
    var survivors = search.advance(List.of(next(.06, .04, .9), next(.5, .3, .2)));
    assertTrue(survivors.isEmpty() || survivors.getFirst().row() == 1);
    return !survivors.isEmpty();
  }

  @Test
  void aSearchEndsWhereNoTextIsLikelyToBeBetter() {
    assertFalse(goesOn(21, b -> b), "-3.0 / 2 is less than -1.3 / 2");
    assertFalse(goesOn(21, b -> b.earlyStopping(EarlyStopping.AT_ONCE)));
    assertTrue(
        goesOn(21, b -> b.earlyStopping(EarlyStopping.IMPOSSIBLE)), "twenty more likely ones");
    assertFalse(goesOn(4, b -> b.earlyStopping(EarlyStopping.IMPOSSIBLE)), "-3.0 / 3 is less, too");
    assertFalse(
        goesOn(21, b -> b.earlyStopping(EarlyStopping.IMPOSSIBLE).lengthPenalty(-1)),
        "with a price on length the shortest is the best");
    assertFalse(goesOn(21, b -> b.earlyStopping(EarlyStopping.IMPOSSIBLE).lengthPenalty(0)));
  }

  /** One that is worse than a text that runs makes way for it. */
  @Test
  void aBetterTextTakesAFinishedOnesPlace() {
    for (var when : List.of(EarlyStopping.UNLIKELY, EarlyStopping.AT_ONCE)) {
      Beams search = search(9, b -> b.earlyStopping(when).sequences(2));
      search.advance(List.of(next(.3, .1, .6)));
      var survivors = search.advance(List.of(next(.65, .05, .3), next(.1, .1, .1)));
      assertEquals(when == EarlyStopping.AT_ONCE, survivors.isEmpty());
      if (!survivors.isEmpty()) {
        search.advance(List.of(next(.05, .05, .9), next(.3, .3, .3)));
        assertFound(search.found().get(0), Math.log(.6), END);
        assertFound(search.found().get(1), Math.log(.3 * .65 * .9) / 3, 0, 0, END);
      } else {
        assertFound(search.found().get(1), Math.log(.3 * .3) / 2, 0, END);
      }
    }
  }

  @Test
  void aStoppingRuleEndsATextToo() {
    Beams search = search(9, b -> b.stop(ids -> ids[ids.length - 1] == 0));
    assertEquals("[0:1]", rowsAndIds(search.advance(List.of(next(.7, .2, .1)))));
    List<Continuation> found = search.found();
    assertEquals(1, found.size());
    assertArrayEquals(new int[] {1, 0}, found.getFirst().ids());
    assertEquals("[]", Arrays.toString(found.getFirst().logProbabilities()));
  }
}
