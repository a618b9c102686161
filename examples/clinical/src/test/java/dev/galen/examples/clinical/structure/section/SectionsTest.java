package dev.galen.examples.clinical.structure.section;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.galen.examples.clinical.document.Annotation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SectionsTest {
  private static List<String> names(String text) {
    List<String> names = new ArrayList<>();
    for (Annotation section : Sections.of(text)) {
      names.add(
          section.category().equals(Sections.SECTION)
              ? section.attributes().get("name")
              : "(" + section.attributes().get("name") + ")");
    }
    return names;
  }

  @Test
  void headingsAreReadInTheWaysOfNotes() {
    assertEquals(
        List.of(
            "chief_complaint",
            "past_medical_history",
            "(cardiovascular)",
            "(respiratory)",
            "results",
            "medications",
            "impression",
            "plan",
            "social_determinants"),
        names(
            "CHIEF COMPLAINT\n\nCough.\n\nPast Medical History:\nHypertension.\nCardiovascular: no"
                + " murmur.\n• Respiratory: clear.\n\nResults:\nCXR clear.\n2. MEDICATIONS\nnone\n"
                + "IMPRESSION: pneumonia. PLAN: antibiotics.\n\nSocial Determinants:\nlives alone"));
  }

  @Test
  void whatIsNoHeadingIsNone() {
    assertEquals(
        List.of(),
        names(
            "The patient has COPD.\nHTN\nBP: 169/74.\nSPO2: 98%.\n1. CHF.\nShe was told: NO SALT.\n"
                + "Resp: 18\nhistory of present illness was taken\nPlan to see her again.\n"
                + "Time: 10:30\nNote to self: PLAN ahead"));
  }

  @Test
  void aSectionReachesToTheNextAndGivesItsHeading() {
    String text = "HPI: Cough.\n\nEXAM\n\nNeck: supple.\n\nPLAN\n\nRest.\n";
    List<Annotation> sections = Sections.of(text);
    assertEquals("HPI: Cough.", sections.get(0).in(text));
    assertEquals("HPI:", sections.get(0).attributes().get("heading"));
    assertEquals("GENHX", sections.get(0).attributes().get("code"));
    assertEquals("EXAM\n\nNeck: supple.", sections.get(1).in(text));
    assertEquals("Neck: supple.", sections.get(2).in(text));
    assertEquals("PLAN\n\nRest.", sections.get(3).in(text));
  }

  @Test
  void codesOfMtsDialogAreNames() {
    for (String code : "FAM/SOCHX GYNHX OTHER_HISTORY".split(" ")) {
      assertEquals(code, SectionNames.of(code).code(), code);
    }
    assertEquals("PASTMEDICALHX", SectionNames.of("PMH:").code());
    assertEquals(null, SectionNames.of("Weather"));
  }

  /** Gold: the lines of capitals. Whatever else begins a section is counted against us. */
  @Test
  void upperCaseHeadingsOfAciBenchAreFound() throws IOException {
    Path folder = Path.of("../../../shared/data/aci-bench");
    assumeTrue(Files.exists(folder), "no shared data (" + folder + ")");
    int right = 0;
    int wrong = 0;
    int missed = 0;
    for (String note : AciBench.notes(folder)) {
      Set<Integer> gold = new HashSet<>();
      int at = 0;
      for (String line : note.split("\n", -1)) {
        if (line.strip().matches("[A-Z][A-Z /&,-]+:?")) {
          gold.add(at + line.indexOf(line.strip()));
        }
        at += line.length() + 1;
      }
      for (Annotation section : Sections.of(note)) {
        if (section.category().equals(Sections.SECTION)) {
          if (gold.remove(section.start())) {
            right++;
          } else {
            wrong++;
          }
        }
      }
      missed += gold.size();
    }
    double f1 = 2.0 * right / (2 * right + wrong + missed);
    System.out.printf(
        Locale.ROOT,
        "sections: F1 %.4f (%d right, %d more, %d missed)%n",
        f1,
        right,
        wrong,
        missed);
    assertTrue(f1 >= 0.97 && right > 600, () -> "F1 " + f1);
  }
}
