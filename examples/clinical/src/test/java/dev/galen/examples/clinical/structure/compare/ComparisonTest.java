package dev.galen.examples.clinical.structure.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.examples.clinical.structure.compare.Difference.Kind;
import dev.galen.examples.clinical.structure.compare.SyntheticPairs.Pair;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private static final Comparison COMPARISON = new Comparison(null);

  private static boolean tells(Difference difference, String known) {
    return difference.what().contains(known)
        || difference.left().equals(known)
        || difference.right().equals(known);
  }

  @Test
  void plantedDifferencesAreFoundAndFewOthers() {
    int planted = 0;
    int found = 0;
    int spurious = 0;
    int pairs = 400;
    Map<String, Integer> missed = new TreeMap<>();
    Map<String, Integer> more = new TreeMap<>();
    for (long seed = 0; seed < pairs; seed++) {
      Pair pair = SyntheticPairs.of(seed, seed % 4 == 0 ? 0 : 3);
      List<Difference> differences = new ArrayList<>(COMPARISON.of(pair.left(), pair.right()));
      for (String known : pair.planted()) {
        planted++;
        Difference told =
            differences.stream().filter(one -> tells(one, known)).findFirst().orElse(null);
        if (differences.remove(told)) {
          found++;
        } else {
          missed.merge(known, 1, Integer::sum);
        }
      }
      spurious += differences.size();
      for (Difference one : differences) {
        more.merge(
            one.kind() + " " + one.what() + " " + one.left() + ">" + one.right(), 1, Integer::sum);
      }
    }
    double share = (double) found / planted;
    double each = (double) spurious / pairs;
    System.out.printf(
        Locale.ROOT, "compare: %.4f of %d found, %.4f more a pair%n", share, planted, each);
    assertTrue(share >= 0.95 && each <= 0.5, () -> share + " " + missed + " " + each + " " + more);
  }

  private static String told(String left, String right) {
    List<String> told = new ArrayList<>();
    for (Difference one : COMPARISON.of(left, right)) {
      told.add(one.kind() + " " + one.what());
    }
    return String.join(", ", told);
  }

  @Test
  void whatIsSaidInOtherWordsIsNoDifference() {
    assertEquals(
        "", told("BP 140/90 on March 3, 2024.", "03/03/2024: blood pressure 140 over 90."));
    assertEquals(
        "", told("Lasix 20 mg BID, no fever.", "Fever denied. Furosemide 20 mg twice a day."));
    assertEquals("", told("Two lesions of 1.5 cm.", "2 lesions, each 15 mm."));
    assertEquals("", told("5 ft 10 in tall.", "Height 177.8 cm."));
    assertEquals("", told("Assessment and Plan:\nRest.", "ASSESSMENT\n\nx\n\nPLAN\n\nRest."));
  }

  @Test
  void eachKindIsTold() {
    assertEquals("VALUE_CHANGED heart_rate", told("HR 72.", "HR 82."));
    assertEquals("VALUE_MISSING heart_rate", told("HR 72.", "Well."));
    assertEquals("VALUE_ADDED sodium", told("Well.", "Na 131."));
    assertEquals("VALUE_CHANGED dose of aspirin", told("ASA 81 mg daily", "aspirin 325 mg daily"));
    assertEquals("DRUG_MISSING warfarin", told("On Coumadin.", "On nothing."));
    assertEquals("DRUG_ADDED warfarin", told("On nothing.", "On warfarin."));
    assertEquals("ASSERTION_CHANGED fever", told("No fever.", "Fever."));
    assertEquals("FINDING_MISSING cough", told("Cough.", "Well."));
    assertEquals("FINDING_ADDED cough", told("Well.", "Cough."));
    assertEquals("SIDE_CHANGED hip", told("Left hip aches.", "Right hip aches."));
    assertEquals("SECTION_MISSING plan", told("Plan: rest.", "Rest."));
    assertEquals("NUMBER_CHANGED number", told("Seen by 3 nurses.", "Seen by 4 nurses."));
  }

  @Test
  void placesAreThoseOfTheTexts() {
    Difference one = COMPARISON.of("So HR 72.", "HR 82.").getFirst();
    assertEquals(Kind.VALUE_CHANGED, one.kind());
    assertEquals(6, one.leftPlace().start());
    assertEquals(3, one.rightPlace().start());
  }
}
