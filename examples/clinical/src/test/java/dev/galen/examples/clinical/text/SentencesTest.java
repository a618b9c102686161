package dev.galen.examples.clinical.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SentencesTest {
  /** A bar stands where a sentence ends; it is no part of the text. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Seen by Dr. Adams today. |No pain.",
        "Dr. A. B. Clark saw the patient. |He agreed.",
        "Take 5 mg. |Then rest.",
        "Take 5 mg. daily for a week.",
        "Metoprolol 25 mg. PO daily. |Stop aspirin.",
        "Lisinopril 10 mg q.d. |Metoprolol 50 mg b.i.d. |Follow up in a week.",
        "Given i.v. Lasix overnight. |Improved.",
        "She took it q.d. without trouble.",
        "Effusion vs. Consolidation on the left. |Repeat the film.",
        "See No. 3 on the list. |Any chest pain? |No. |Any fever? |No.",
        "T. 38.2, P. 88, BP. 140/90. |Lungs clear.",
        "Temp. 38.2 at noon. |Resp. 18.",
        "WBC was 12.4. |Hgb 9.8.",
        "Came at 5 p.m. Monday. |Left at 7 a.m. |Physical exam was normal.",
        "Vitamin D. |The level was low.",
        "Pain ... then none. |Rest helped.",
        "It hurt... |Then it stopped.",
        "It hurt\u2026 and stopped.",
        "No pain.|The patient left.",
        "He said \"it hurts.\" |Then he left.",
        "(See above.) |Nothing else.",
        "Smith et al. showed this. |We agree.",
        "Fever, cough, etc. |Nothing else.",
        "Fever, i.e. 38.2, e.g. Today.",
        "hi , brian . |how are you ? |good .",
        "no pain. |he denies fever. |patient is well.",
        "Really?! |Yes!",
        "Is it new (?) or old.",
        "Admitted Jan. 5. |Discharged on Feb. 12.",
        "Plan: |1. Aspirin daily |2. Metoprolol twice",
        "Plan:\n|1. Aspirin 81 mg daily.\n|2. Metoprolol.\n|a. hold if slow\n|- rest",
        "Pain was 5. |The patient slept.",
        "BP 140/90\n|HR 88\n|Afebrile",
        "HISTORY OF PRESENT ILLNESS\n|The patient is a 40-year-old man who came in with pain in the\n"
            + "left arm and nausea. |He is well.",
        "IMPRESSION:\n|No acute disease",
        "Doctor: How are you?\n|Patient: Fine",
        "The patient was seen in the clinic by the attending physician Dr.\nAdams and sent home.",
        "[doctor] uh ,\n|[patient] mm-hmm .\n|[doctor] okay",
        "Doctor: Well,\n|Patient: Fine",
        "Seen with pain that began two days ago and got worse, by\n[**Name**] in the evening.",
        "One\n\n|two",
        "One,\nTwo",
        "   |   Leading space.  ",
      })
  void sentencesEndHere(String marked) {
    String text = marked.replace("|", "");
    var expected =
        List.of(marked.split("\\|")).stream().map(String::strip).filter(s -> !s.isEmpty()).toList();
    assertEquals(expected, Sentences.of(text).stream().map(s -> s.in(text)).toList());
  }

  @Test
  void everyCharacterThatIsNoSpaceIsInOneSentence() {
    var random = new SplittableRandom(5);
    String alphabet = "aA1. .,\n:-?!()\u2026\u00A0\u00B5\"'Dr.No.5mg\r\tThe ";
    for (int i = 0; i < 5_000; i++) {
      var made = new StringBuilder();
      int length = random.nextInt(60);
      for (int k = 0; k < length; k++) {
        made.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      String text = made.toString();
      requireWhole(text, Sentences.of(text));
      requireWhole(
          text,
          Words.of(text).stream().map(word -> new TextRange(word.start(), word.end())).toList());
    }
  }

  private static void requireWhole(String text, List<TextRange> parts) {
    int at = 0;
    for (TextRange part : parts) {
      assertTrue(part.start() >= at && part.length() > 0, text);
      requireSpaces(text, at, part.start());
      at = part.end();
    }
    requireSpaces(text, at, text.length());
  }

  private static void requireSpaces(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      assertTrue(Words.isSpace(text.charAt(i)), () -> "lost something of " + text);
    }
  }
}
