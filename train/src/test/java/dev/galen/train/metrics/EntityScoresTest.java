package dev.galen.train.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.galen.train.metrics.EntityScheme.Entity;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Entities by seqeval's rules; the first figures are those of its documentation. */
class EntityScoresTest {
  private static final List<List<String>> TRUTH =
      List.of(
          List.of("O", "O", "O", "B-MISC", "I-MISC", "I-MISC", "O"),
          List.of("B-PER", "I-PER", "O"));
  private static final List<List<String>> PREDICTED =
      List.of(
          List.of("O", "O", "B-MISC", "I-MISC", "I-MISC", "I-MISC", "O"),
          List.of("B-PER", "I-PER", "O"));

  private static List<String> tags(String tags) {
    return List.of(tags.split(" "));
  }

  @Test
  void documentedExample() {
    var scores = EntityScores.of(TRUTH, PREDICTED, EntityScheme.LENIENT);
    assertEquals(List.of("MISC", "PER"), scores.types());
    assertEquals(0.5, scores.average(Averaging.MICRO, 0).fscore());
    assertEquals(0.8, scores.accuracy());
    assertEquals(0, scores.scores().of(0, 1, 0).fscore());
    assertEquals(1, scores.scores().of(1, 1, 0).fscore());
    assertEquals(0.5, scores.average(Averaging.WEIGHTED, 0).precision());
  }

  @Test
  void strictCountsOnlyWhatIsWrittenByTheScheme() {
    var truth = List.of(tags("B-NP I-NP O"));
    var loose = List.of(tags("I-NP I-NP O"));
    double lenient =
        EntityScores.of(truth, loose, EntityScheme.LENIENT).average(Averaging.MICRO, 0).fscore();
    double strict =
        EntityScores.of(truth, loose, EntityScheme.IOB2).average(Averaging.MICRO, 0).fscore();
    assertEquals(1, lenient);
    assertEquals(0, strict);
  }

  @Test
  void lenientTakesRunsOfOneType() {
    assertEquals(
        Set.of(new Entity("A", 0, 2), new Entity("B", 2, 3), new Entity("B", 3, 4)),
        EntityScheme.LENIENT.entities(tags("I-A I-A I-B B-B O")));
    assertEquals(
        Set.of(new Entity("A", 0, 1), new Entity("A", 1, 3), new Entity("_", 4, 5)),
        EntityScheme.LENIENT.entities(tags("S-A B-A E-A O B")));
    assertEquals(
        Set.of(new Entity("x-y", 0, 2)), EntityScheme.LENIENT.entities(tags("B-x-y I-x-y")));
  }

  @Test
  void exactSchemes() {
    assertEquals(
        Set.of(new Entity("A", 0, 2), new Entity("A", 2, 3)),
        EntityScheme.IOB2.entities(tags("B-A I-A B-A I-B O I-A")));
    assertEquals(
        Set.of(new Entity("A", 0, 3), new Entity("B", 3, 4)),
        EntityScheme.IOBES.entities(tags("B-A I-A E-A S-B B-A I-A O B-A E-B")));
    assertEquals(
        Set.of(new Entity("A", 0, 2), new Entity("A", 2, 3)),
        EntityScheme.BILOU.entities(tags("B-A L-A U-A I-A L-A")));
    assertEquals(
        Set.of(new Entity("A", 0, 2), new Entity("A", 2, 3)),
        EntityScheme.IOE2.entities(tags("I-A E-A E-A I-A O")));
  }

  @Test
  void schemesAreFoundByTheirPrefixes() {
    assertEquals(EntityScheme.IOB2, EntityScheme.detected(TRUTH));
    assertEquals(EntityScheme.IOE2, EntityScheme.detected(List.of(tags("I-A E-A"))));
    assertEquals(EntityScheme.IOBES, EntityScheme.detected(List.of(tags("B-A E-A S-A"))));
    assertEquals(EntityScheme.BILOU, EntityScheme.detected(List.of(tags("B-A L-A U-A"))));
    var mixed = List.of(tags("S-A L-A"));
    assertThrows(IllegalArgumentException.class, () -> EntityScheme.detected(mixed));
    assertThrows(IllegalArgumentException.class, () -> EntityScheme.IOB2.entities(tags("S-A")));
    assertThrows(IllegalArgumentException.class, () -> EntityScheme.named("IOB1"));
  }

  @Test
  void withoutAnyEntity() {
    var none = List.of(tags("O O"));
    var scores = EntityScores.of(none, none, EntityScheme.LENIENT);
    assertEquals(0, scores.average(Averaging.MICRO, 0).fscore());
    assertEquals(1, scores.accuracy());
  }
}
