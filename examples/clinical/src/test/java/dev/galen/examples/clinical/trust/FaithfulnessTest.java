package dev.galen.examples.clinical.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.examples.clinical.trust.Faithfulness.Kind;
import dev.galen.examples.clinical.trust.Faithfulness.Unsupported;
import dev.galen.examples.clinical.trust.FaithfulnessReport.Pair;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FaithfulnessTest {
  /** Input and generated text; what follows is listed, by kind. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // Numbers however they are written.
        "She took 1,000 mg.             | She took 1000 mg.                  | ``",
        "He has had five episodes.      | There were 5 episodes.             | ``",
        "There were 21 patients.        | Twenty-one patients took part.     | ``",
        "It was seen in 205 patients.   | Two hundred and five had it.       | ``",
        "Two thousand three hundred.    | 2,300 of them.                     | ``",
        "Pain for 5-10 days.            | Pain for 5 to 10 days.             | ``",
        "Between 5 and 10 mg.           | The dose was 5–10 mg.              | ``",
        "BP was 140/90 mmHg.            | Blood pressure 140/90 mmHg.        | ``",
        "A change of -2.5 points.       | A change of −2.5 points.           | ``",
        "The third dose was given.      | Dose 3 was given.                  | ``",
        "type 2 diabetes                | type II diabetes                   | ``",
        "stage IIIa disease             | stage 3 disease                    | ``",
        "Half of them recovered.        | 50% recovered.                     | ``",
        "A share of 0.63 was found.     | It was 63%.                        | ``",
        "Taken twice daily.             | Taken 2 times a day.               | ``",
        "500 mg bid                     | 500 mg every 12 hours              | ``",
        "every 6 hours                  | q6h                                | ``",
        "On March 5, 2019               | on 2019-03-05                      | ``",
        "The dose was 5.27 mg.          | About 5.3 mg was given.            | ``",
        "Nine of 12 had it.             | 1. Nine had it. 2. Of 12 were seen. | ``",
        "Nine of 12 had it.             | Nine had it. 2. Of 12 were seen.   | NUMBER:2",
        "A rate of one twenty two.      | A rate of 122.                     | ``",
        "on the twenty first of June    | on 21 June                         | ``",
        "in his seventies               | in his 70s                         | ``",
        "after twelfth grade            | after 12th grade                   | ``",
        "five hundred M G of it         | 500 mg of it                       | ``",
        "Your E K G was fine.           | The EKG was fine.                  | ``",
        "We call it radiculopathy.      | Without radiculopathies.           | ``",
        "R A and high cholesterol       | arthritis, hypercholesterolemia    | ``",
        "Nine of 12 had it.             | `1. Nine had it.\n2. 12 were seen.` | ``",
        "He is 45 years old.            | The 45-year-old man                | ``",
        // Units.
        "She took 5 mg.                 | She took 5 g.                      | UNIT:5 g",
        "She took 5 mg.                 | She took 5 milligrams.             | ``",
        "She took 0.5 g.                | She took 500 mg.                   | ``",
        "Glucose 90 mg/dL               | Glucose 90 mg per dL               | ``",
        "Glucose 90 mg/dL               | Glucose 90 mmol/L                  | UNIT:90 mmol/L",
        "1 g/L of it                    | 100 mg/dL of it                    | ``",
        "25 µg of it                    | 25 mcg of it                       | ``",
        "Ran for two hours.             | Ran for 120 minutes.               | ``",
        "Temperature 38.5 °C            | Temperature 38.5°F                 | UNIT:38.5°F",
        // Numbers that are absent.
        "She took 5 mg.                 | She took 50 mg.                    | NUMBER:50 mg",
        "The dose was 5.27 mg.          | The dose was 5.3 mg.               | NUMBER:5.3 mg",
        "Seen in 12 patients.           | Seen in fifteen patients.          | NUMBER:fifteen",
        "12 patients                    | 12 of 40 patients                  | NUMBER:40",
        // Digits of names are no numbers.
        "Disc at L4-5 and B12 were low. | L4-5 disc, low B12.                | ``",
        "COVID-19 was found.            | The test for COVID-19 was done.    | ``",
        "IL-6 was raised.               | IL-8 was raised.                   | CODE:IL-8",
        // Terms.
        "She takes metformin.           | She takes Metformin.               | ``",
        "She takes metformin.           | She takes metoprolol.              | TERM:metoprolol",
        "He takes prednisone.           | He takes prednisolone.             | TERM:prednisolone",
        "a hypertensive man             | He has hypertension.               | ``",
        "a diabetic man                 | He has diabetes.                   | ``",
        "HTN and DM                     | hypertension and diabetes          | ``",
        "High blood pressure.           | There is hypertension.             | ``",
        "hypertension                   | hypotension                        | TERM:hypotension",
        "gastritis                      | gastroenteritis                    | TERM:gastroenteritis",
        "oedema of the legs             | edema of the legs                  | ``",
        "anaemia                        | He is anemic: anemia.              | ``",
        "Fractures of the hip.          | A hip fracture.                    | ``",
        "He has no cough.               | There is no pneumonia or cough.    | TERM:pneumonia",
        "The diagnosis is open.         | The prognosis and the criteria.    | ``",
        // Abbreviations.
        "Chronic obstructive pulmonary disease | COPD was found.             | ``",
        "COPD was found.                | She has COPD.                      | ``",
        "magnetic resonance imaging     | An MRI was done.                   | ``",
        "An X-ray was done.             | An MRI was done.                   | CODE:MRI",
        "CBC and ECG                    | The CBCs were normal, so was ECG.  | ``",
        // Names.
        "Seen by Dr. Grant in Boston.   | In Boston he saw Dr. Grant.        | ``",
        "Seen by Dr. Grant.             | He was seen by Dr. Miller.         | NAME:Miller",
        "Grant's sign                   | Positive sign of Grant.            | ``",
        "He was well.                   | Patient was well. Doing fine.      | ``",
        "He was well.                   | `PAST MEDICAL HISTORY:\nHe was well.` | ``",
        "He was well.                   | `Past Medical History:\nHe was well.` | ``",
      })
  void listsWhatTheInputDoesNotHave(String input, String generated, String expected) {
    String listed =
        String.join(
            ",",
            Faithfulness.check(input, generated).stream()
                .map(found -> found.kind() + ":" + found.text())
                .toList());
    assertEquals(expected, listed);
  }

  @Test
  void placesAreThoseOfTheGeneratedText() {
    String generated = "\uD83D\uDE00 Took 50 mg of metoprolol.";
    List<Unsupported> found = Faithfulness.check("Took 5 mg.", generated);
    assertEquals(2, found.size());
    for (Unsupported one : found) {
      assertEquals(one.text(), generated.substring(one.start(), one.end()));
    }
    assertEquals(Kind.NUMBER, found.getFirst().kind());
  }

  @Test
  void aTextIsFaithfulToItself() {
    String note =
        """
        HISTORY OF PRESENT ILLNESS: Ms. Rivera is a 72-year-old woman with COPD, stage III CKD and
        type 2 diabetes, on metformin 500 mg b.i.d. and lisinopril 10 mg q.d. BP 138/84, HR 72 bpm,
        T 98.6 F, SpO2 94% on 2 L. Disc bulge at L4-5. Strength 5/5. HbA1c was 7.4% on 3/12/2021.
        1. Continue metformin.
        2. Return in six weeks; call Dr. Osei at once if there is chest pain.
        """;
    assertEquals(List.of(), Faithfulness.check(note, note));
    assertEquals(List.of(), Faithfulness.check(note, ""));
  }

  @Test
  void theReportCounts() {
    var checked =
        FaithfulnessReport.check(
            List.of(
                new Pair("a", "5 mg", "5 mg"),
                new Pair("b", "5 mg", "7 mg <script>"),
                new Pair("c", "5 mg", "nothing")));
    assertTrue(FaithfulnessReport.words(checked).getFirst().startsWith("2 of 3 texts have no"));
    var report = FaithfulnessReport.of(checked);
    assertEquals(2 / 3.0, report.measures().get("faithful texts"), 1e-12);
    assertEquals(1, report.measures().get("numbers not in the input"));
    assertTrue(report.showsTexts());
  }
}
