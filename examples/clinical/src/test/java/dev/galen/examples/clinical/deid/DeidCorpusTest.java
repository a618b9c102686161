package dev.galen.examples.clinical.deid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.examples.clinical.document.Annotation;
import dev.galen.examples.clinical.document.Document;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DeidCorpusTest {
  @Test
  void theTestPartIsFoundAndItsTrapsStay() {
    var score = new DeidScore();
    for (Document note : DeidCorpus.make(true, 200, 3)) {
      score.add(note.text(), note.annotations(), Deidentifier.annotations(note.text()));
    }
    assertTrue(score.structuredRecall() >= 0.99, score::table);
    assertTrue(score.tokenRecall() >= 0.98, score::table);
    assertTrue(score.precision() >= 0.85 && score.tokenPrecision() >= 0.85, score::table);
    assertTrue(score.trapsRemoved() <= 0.05, score::table);
  }

  @Test
  void everyCategoryIsThereAndTheSeedRepeatsIt() {
    Set<String> seen = new HashSet<>();
    for (Document note : DeidCorpus.make(true, 60, 1)) {
      note.annotations().forEach(one -> seen.add(one.category()));
    }
    for (Category one : Category.values()) {
      assertTrue(seen.contains(one.name()), one.name());
    }
    assertTrue(seen.contains(DeidCorpus.TRAP));
    assertEquals(DeidCorpus.make(true, 5, 9), DeidCorpus.make(true, 5, 9));
  }

  @Test
  void thePartsShareNoNames() {
    Set<String> train = names(false);
    Set<String> test = names(true);
    train.retainAll(test);
    // Ambiguous names are words that both parts need.
    train.removeIf(
        name -> (Lexicon.get().of(name.toLowerCase(Locale.ROOT)) & Lexicon.AMBIGUOUS) != 0);
    assertEquals(Set.of(), train);
  }

  private static Set<String> names(boolean test) {
    Set<String> names = new HashSet<>();
    for (Document note : DeidCorpus.make(test, 300, 1)) {
      for (Annotation one : note.annotations()) {
        if (one.category().equals("NAME") && one.end() - one.start() > 2) {
          names.add(one.in(note.text()));
        }
      }
    }
    assertFalse(names.isEmpty());
    return names;
  }

  @Test
  void scoresAreThoseCountedByHand() {
    var score = new DeidScore();
    score.add(
        "Ann Lee saw Dr. Grey in May",
        List.of(
            new Annotation(0, 7, "NAME"),
            new Annotation(16, 20, "NAME"),
            new Annotation(24, 27, "TRAP")),
        List.of(
            new Annotation(0, 3, "NAME"),
            new Annotation(8, 11, "DATE"),
            new Annotation(24, 27, "DATE")));
    assertEquals(1 / 3.0, score.precision(), 1e-12);
    assertEquals(0.5, score.recall(), 1e-12);
    assertEquals(5 * (1 / 3.0) * 0.5 / (4 / 3.0 + 0.5), score.f2(), 1e-12);
    assertEquals(1 / 3.0, score.tokenRecall(), 1e-12);
    assertEquals(1 / 3.0, score.tokenPrecision(), 1e-12);
    assertEquals(1, score.trapsRemoved(), 1e-12);
    assertTrue(Double.isNaN(new DeidScore().recall()));
  }
}
