package dev.galen.examples.clinical.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '\0',
      value = {
        "BP 140/90, T 38.2.; BP 140/90 , T 38.2 .",
        "Dr. Adams's beta-blocker; Dr. Adams's beta-blocker",
        "10 mg q.d. and q.4h. p.r.n.; 10 mg q.d. and q.4h. p.r.n.",
        "5mg 5-10 mg 2-year-old; 5mg 5 - 10 mg 2-year-old",
        "<5 p<0.05 \u00B13 \u00B5g 10\u2079/L; < 5 p < 0.05 \u00B1 3 \u00B5g 10\u2079 / L",
        "No. 3 No.; No. 3 No .",
        "pneumonia.; pneumonia .",
        "L4-5 COVID-19 B12; L4-5 COVID-19 B12",
        "wait ... 1,000 at 7:30; wait ... 1,000 at 7:30",
        "don't na\u00EFve e\u0301tat; don't na\u00EFve e\u0301tat",
        "(a/b) 50%; ( a / b ) 50 %",
      })
  void wordsAre(String text, String expected) {
    assertEquals(
        expected,
        Words.of(text).stream().map(word -> word.in(text)).collect(Collectors.joining(" ")));
  }

  @Test
  void kindsAreTold() {
    assertEquals(
        List.of(Word.Kind.WORD, Word.Kind.NUMBER, Word.Kind.SIGN, Word.Kind.NUMBER),
        Words.of("B12 5mg \u00B1 3").stream().map(Word::kind).toList());
  }
}
