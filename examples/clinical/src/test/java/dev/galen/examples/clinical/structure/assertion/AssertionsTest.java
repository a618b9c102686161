package dev.galen.examples.clinical.structure.assertion;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.galen.examples.clinical.document.Annotation;
import dev.galen.examples.clinical.structure.section.Sections;
import dev.galen.examples.clinical.structure.term.Findings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AssertionsTest {
  /** Each finding as "name+", "name-" or "name?", with /f, /o, /h or /i for whose and when. */
  private static String told(String text) {
    List<String> told = new ArrayList<>();
    for (Annotation finding : Assertions.of(text, new Findings(null).of(text), Sections.of(text))) {
      Map<String, String> a = finding.attributes();
      String sign =
          switch (a.get("assertion")) {
            case "present" -> "+";
            case "absent" -> "-";
            default -> "?";
          };
      String person = a.containsKey("experiencer") ? "/" + a.get("experiencer").charAt(0) : "";
      String time = !a.containsKey("time") ? "" : a.get("time").equals("historical") ? "/h" : "/i";
      told.add(a.get("name") + sign + person + time);
    }
    return String.join(" ", told);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "He has a cough.; cough+",
        "No fever.; fever-",
        "Denies fever, chills, nausea or vomiting.; fever- chills- nausea- vomiting-",
        "Denies fever but reports cough.; fever- cough+",
        "No evidence of pneumonia.; pneumonia-",
        "Pneumonia was ruled out.; pneumonia-",
        "Cannot exclude pneumonia.; pneumonia?",
        "Pneumonia cannot be excluded.; pneumonia?",
        "Possible pneumonia, no effusion.; pneumonia? effusion-",
        "Rule out pulmonary embolism.; pulmonary_embolism?",
        "She no longer has headaches.; headache-",
        "Headache has resolved.; headache-",
        "No increase in edema.; edema+",
        "Gram negative sepsis.; sepsis+",
        "Not only fever is there.; fever+",
        "Fever: no; fever-",
        "Cough without hemoptysis.; cough+ hemoptysis-",
        "Negative for rash. Cough.; rash- cough+",
        "Mother had breast cancer.; breast_cancer+/f",
        "Family history of diabetes and stroke.; diabetes+/f stroke+/f",
        "Breast cancer in her mother, she has asthma.; breast_cancer+/f asthma+",
        "History of stroke.; stroke+/h",
        "No history of stroke.; stroke-",
        "History of asthma, presents with fever.; asthma+/h fever+",
        "Return for fever or bleeding.; fever+/i bleeding+/i",
        "Chest pain is absent, nausea present.; chest_pain- nausea+",
        "Rash, itching and fever are absent.; rash- itching- fever-",
        "Vomiting due to gastritis.; vomiting+ gastritis+",
        "No fever due to infection.; fever- infection+",
        "Lungs: no wheezing or cough.; wheezing- cough-",
        "Mother reports fever.; fever+",
        "Mother denies fever.; fever-",
        "A 58-year-old with fever for the past 3 days.; fever+",
        "Not positive for influenza.; influenza-",
        "Denies having had syncope.; syncope-",
        "She denies dyspnea and he has no cough.; dyspnea- cough-",
        "Father has gout and she denies fever.; gout+/f fever-",
        "Roommate with influenza.; influenza+/o",
      })
  void cuesDecide(String text, String expected) {
    assertEquals(expected, told(text));
  }

  @Test
  void sectionsSayWhoseAndWhen() {
    assertEquals(
        "diabetes+/f stroke+/h cough+",
        told("FAMILY HISTORY\n\nDiabetes.\n\nPAST MEDICAL HISTORY\n\nStroke.\n\nHPI\n\nCough."));
  }

  @Test
  void aSentenceThatGoesOnOverALineIsOne() {
    assertEquals("fever- chills-", told("The patient denies fever\nand any chills."));
    assertEquals("fever- cough+", told("No fever\nCough today"));
  }
}
