package dev.galen.examples.clinical.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.examples.clinical.document.Annotation;
import dev.galen.examples.clinical.document.Document;
import dev.galen.train.data.Origin;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SwapsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "She took her medication.       | He took his medication.",
        "We saw her today.              | We saw him today.",
        "I examined her.                | I examined him.",
        "I spoke with her about it.     | I spoke with him about it.",
        "Her mother called her.         | His father called him.",
        "He hurt himself; his leg hurts | She hurt herself; her leg hurts",
        "The decision was his.          | The decision was hers.",
        "The decision was hers.         | The decision was his.",
        "A friend of his came.          | A friend of hers came.",
        "His wife is well; so is he.    | Her husband is well; so is she.",
        "She's well, and he'd know.     | He's well, and she'd know.",
        "We gave her 5 mg of it.        | We gave him 5 mg of it.",
        "We gave her aspirin.           | We gave him aspirin.",
        "We asked her to return.        | We asked him to return.",
        "It made her feel ill.          | It made him feel ill.",
        "It made her symptoms worse.    | It made his symptoms worse.",
        "Examined her carefully.        | Examined him carefully.",
        "Her severely swollen leg.      | His severely swollen leg.",
        "Takes her daily dose.          | Takes his daily dose.",
        "We see her daily.              | We see him daily.",
        "Since her last visit.          | Since his last visit.",
        "I saw her last week.           | I saw him last week.",
        "HER LEG HURTS HER.             | HIS LEG HURTS HIM.",
        "Mr. Grant and Mrs. May         | Ms. Grant and Mr. May",
        "A 45-year-old woman            | A 45-year-old man",
        "A 45M with pain                | A 45F with pain",
        "72 yo F with pain              | 72 yo M with pain",
        "Sex: F                         | Sex: M",
        "An aunt and an uncle           | An uncle and an aunt",
        "two boys, one girl             | two girls, one boy",
      })
  void gendersAreExchangedInGrammar(String text, String expected) {
    assertEquals(expected, Swaps.gender(text).orElseThrow().text());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Temperature 98.6F.",
        "18F-FDG PET; 16 F Foley; 5 M solution; Miss one dose.",
        "HER2 positive; HER-2/neu by FISH.",
        "Hers disease was ruled out.",
        "HE grade 2 with asterixis and MS.",
        "5 ms delay on MR of the head.",
        "Sister Mary Joseph nodule.",
        "The Aunt Minnie of radiology.",
        "Brigham and Women's Hospital",
        "male-pattern baldness",
        "Theme, Manning, sheet, other, this.",
        "daughter cells divide",
      })
  void namesOfThingsStay(String text) {
    assertTrue(Swaps.of(text).isEmpty(), () -> Swaps.of(text).toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "She is pregnant.",
        "His prostate is large.",
        "G2P1, she is well.",
        "Her uterus",
        "She had a mammogram.",
        "His PSA was 4."
      })
  void whatOneSexAloneHasIsNotExchanged(String text) {
    assertTrue(Swaps.gender(text).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"Her cervical spine", "Her lactate was 4", "His ovoid lesion"})
  void wordsThatLookAlikeDoNotMatter(String text) {
    assertTrue(Swaps.gender(text).isPresent());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "A 45-year-old man              | A 75-year-old man",
        "A 55-year-old man              | A 25-year-old man",
        "A 52-year-old man              | An 82-year-old man",
        "An 85 year old man             | A 55 year old man",
        "An 81-year-old man of age 81   | A 51-year-old man of age 51",
        "a 20 yo with pain              | a 50 yo with pain",
        "Age: 60                        | Age: 30",
        "A woman aged 61.               | A woman aged 31.",
        "An elderly woman came.         | A young woman came.",
        "A young man came.              | An elderly man came.",
        "He is a 48-year-old.           | He is a 78-year-old.",
      })
  void agesMoveByThirtyYears(String text, String expected) {
    assertEquals(expected, Swaps.age(text).orElseThrow().text());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "A 5-year-old boy",
        "A 90-year-old",
        "aged 18-65",
        "aged 18 to 65",
        "45 mg",
        "for 30 years",
        "aged 20 months",
        "BP 140/90",
        "2.45 years old",
        "young onset"
      })
  void otherNumbersStay(String text) {
    assertTrue(Swaps.age(text).isEmpty(), () -> Swaps.age(text).toString());
  }

  @Test
  void descriptorsOfPeopleAreExchangedForEachOther() {
    assertEquals(
        List.of("A Black man", "An Asian man", "A Hispanic man"),
        Swaps.ethnicity("A white man").stream().map(Swap::text).toList());
    assertEquals(
        List.of(
            "a white 45-year-old woman",
            "an Asian 45-year-old woman",
            "a Hispanic 45-year-old woman"),
        Swaps.ethnicity("an African American 45-year-old woman").stream().map(Swap::text).toList());
    assertEquals(
        "White female, Black mother is well",
        Swaps.ethnicity("Black female, Black mother is well").getFirst().text());
    assertEquals("race: Black", Swaps.ethnicity("race: white").getFirst().text());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "white matter lesions",
        "white blood cells of the patient",
        "black stools",
        "Seen by Dr. White, patient of Dr. Black.",
        "Wolff-Parkinson-White patients",
        "Black box warning",
        "non-white cells",
        "white count 12",
        "Asian flu vaccine",
        "The white coat hypertension of this woman"
      })
  void coloursOfThingsStay(String text) {
    assertTrue(Swaps.ethnicity(text).isEmpty(), () -> Swaps.ethnicity(text).toString());
  }

  @Test
  void spansMoveAlong() {
    String text = "She is a 52-year-old with pain.";
    var document =
        new Document(
            "1",
            text,
            Map.of(),
            List.of(new Annotation(26, 30, "SIGN"), new Annotation(0, 3, "WHO")),
            Origin.MEMORY);
    var moved = Swaps.age(text).orElseThrow().edits().applyTo(document);
    assertEquals("She is an 82-year-old with pain.", moved.text());
    assertEquals("pain", moved.annotations().getFirst().in(moved.text()));
  }

  @Test
  void aSwapBackIsTheTextWhereWordsAreUnambiguous() {
    String text = "He says his father saw him; the man is 40 years old.";
    String there = Swaps.gender(text).orElseThrow().text();
    assertEquals(text, Swaps.gender(there).orElseThrow().text());
    assertEquals(text, Swaps.age(Swaps.age(text).orElseThrow().text()).orElseThrow().text());
  }
}
