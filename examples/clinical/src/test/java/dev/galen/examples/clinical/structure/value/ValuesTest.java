package dev.galen.examples.clinical.structure.value;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.examples.clinical.document.Annotation;
import dev.galen.examples.clinical.structure.value.SyntheticNotes.Note;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {
  private static String gold(Annotation value) {
    Map<String, String> a = value.attributes();
    String name = a.getOrDefault("name", a.getOrDefault("drug", ""));
    return a.get("kind")
        + "|"
        + name.toLowerCase(Locale.ROOT)
        + "|"
        + a.get("value")
        + "|"
        + a.getOrDefault("unit", "");
  }

  @Test
  void syntheticNotesAreReadWithHighPrecisionAndRecall() {
    int right = 0;
    int found = 0;
    int there = 0;
    Map<String, Integer> wrong = new TreeMap<>();
    for (long seed = 0; seed < 400; seed++) {
      Note note = SyntheticNotes.of(seed);
      List<String> left = new ArrayList<>(note.values());
      there += left.size();
      for (Annotation value : Values.of(note.text())) {
        found++;
        int from = Math.max(0, value.start() - 30);
        if (left.remove(gold(value))) {
          right++;
        } else {
          wrong.merge(
              "+ " + gold(value) + " in " + note.text().substring(from, value.end()),
              1,
              Integer::sum);
        }
      }
      left.forEach(missed -> wrong.merge("- " + missed, 1, Integer::sum));
    }
    double precision = (double) right / found;
    double recall = (double) right / there;
    System.out.printf(
        Locale.ROOT, "values: precision %.4f, recall %.4f of %d%n", precision, recall, there);
    assertTrue(precision >= 0.97 && recall >= 0.97, () -> precision + " " + recall + " " + wrong);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "BP 140/90; blood_pressure||140/90|",
        "blood pressure was 140 over 90; blood_pressure||140/90|",
        "BPs in the 150s/90s; blood_pressure||150s/90s|",
        "SBP 118; blood_pressure||118|",
        "T 38.2 C; temperature||38.2|C",
        "afebrile at 98.6; temperature||98.6|",
        "HR: 72 bpm; heart_rate||72|bpm",
        "HR72; heart_rate||72|",
        "O2 sat 97% on RA; oxygen_saturation||97|%",
        "97% on room air; oxygen_saturation||97|%",
        "weight of 12 lb 4 oz; weight||12 lb 4 oz|lb oz",
        "5'10\" tall; height||5 ft 10 in|ft in",
        "BMI 25.8; bmi||25.8|",
        "WBC-7.3; lab|white_cells|7.3|",
        "platelets 150,000; lab|platelets|150000|",
        "lipoprotein(a) 30 nmol/L; lab|lipoprotein_a|30|nmol/L",
        "Augmentin 875-125 mg BID; dose|augmentin|875-125|mg",
        "Take 20 mg of Lasix; dose|lasix|20|mg",
        "vancomycin 1 g IV q12h; dose|vancomycin|1|g",
        "Wt. 82 kg; weight||82|kg",
        "brexpiprazole was increased to 2 mg; dose|brexpiprazole|2|mg",
        "gave 10 mg of zestoretic; dose|zestoretic|10|mg",
        "T-98.6; temperature||98.6|",
        "ASA 81 mg PO daily; dose|asa|81|mg",
        "Heparin at 1200 units/hr; dose|heparin|1200|units/h",
        "WBC 15.3 x 10^3/uL; lab|white_cells|15.3|K/uL",
        "875 mg/125 mg Augmentin; dose|augmentin|875/125|mg",
        "creatinine clearance 45 mL/min; lab|creatinine_clearance|45|mL/min",
        "two tablets of Tylenol PRN; dose|tylenol|2|tablets",
      })
  void oneValueIsRead(String text, String expected) {
    List<Annotation> values = Values.of(text);
    assertEquals(1, values.size(), values::toString);
    assertEquals(expected, gold(values.getFirst()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "5/5 strength",
        "L4-5",
        "3/6 murmur",
        "2/2 sepsis",
        "20/20",
        "GCS 15",
        "3/14/2024",
        "555-1234",
        "page 2 of 3",
        "EF 55%",
        "pulses 2+",
        "2 L O2",
        "JVD 8 cm",
        "PT 3 times a week",
        "lost 10 lb",
        "goal BP <130/80",
        "call if temp > 101",
        "Pt is 45",
        "1. Sodium",
        "HR 5/5",
        "temp in 2019"
      })
  void otherNumbersStayAlone(String text) {
    assertEquals(List.of(), Values.of(text));
  }

  @Test
  void rangesFlagsAndUnitsOfTablesAreRead() {
    Annotation value = Values.of("Potassium\t5.9\tH\tmmol/L\t3.5-5.1").getFirst();
    assertEquals(
        Map.of(
            "kind",
            "lab",
            "name",
            "potassium",
            "value",
            "5.9",
            "unit",
            "mmol/L",
            "range",
            "3.5-5.1",
            "flag",
            "H"),
        value.attributes());
    assertEquals(
        "<200", Values.of("LDL 166 mg/dL (normal <200)").getFirst().attributes().get("range"));
  }

  @Test
  void timesGoToTheirValues() {
    List<Annotation> values =
        Values.of("On 3/14/24 at 08:00 BP 140/90; at 12:00 BP was 130/80. HR 80 yesterday.");
    assertEquals("3/14/24 at 08:00", values.get(0).attributes().get("time"));
    assertEquals("12:00", values.get(1).attributes().get("time"));
    assertEquals("yesterday", values.get(2).attributes().get("time"));
  }

  @Test
  void twoValuesOfOnePairAreReadApart() {
    List<Annotation> values = Values.of("BUN/Cr 20/1.1");
    assertEquals("lab|urea_nitrogen|20|", gold(values.get(0)));
    assertEquals("lab|creatinine|1.1|", gold(values.get(1)));
  }

  @Test
  void aDoseHasItsRouteAndFrequency() {
    Annotation dose = Values.of("Lisinopril 20 mg tablet, take 1 tablet by mouth daily").getFirst();
    assertEquals("by mouth", dose.attributes().get("route"));
    assertEquals("daily", dose.attributes().get("frequency"));
    assertEquals("Lisinopril", dose.attributes().get("drug"));
  }

  @Test
  void noTextEndsTheScan() {
    var random = new java.util.Random(7);
    String signs = "BP HR T 1234567890/.,:;-()%\n\t|<>xgmL'\" \uD83D\uDE00µ°";
    for (int i = 0; i < 20_000; i++) {
      var text = new StringBuilder();
      for (int j = random.nextInt(30); j >= 0; j--) {
        text.append(signs.charAt(random.nextInt(signs.length())));
      }
      for (Annotation value : Values.of(text.toString())) {
        assertTrue(value.start() < value.end() && value.end() <= text.length());
      }
    }
  }
}
