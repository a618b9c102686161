package dev.galen.examples.search.space;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ranges as they are typed. */
class RangeTextTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "float:-1.0:2.5",
        "float:1.0E-5:0.1:log",
        "float:0.0:1.0:step=0.1",
        "int:-3:20",
        "int:8:128:step=8",
        "int:1:512:log",
        "choice:[\"a b\",\"c,d\",\"null\"]"
      })
  void aRangeIsItsText(String text) {
    assertEquals(text, RangeText.parse(text).text());
  }

  @Test
  void choicesAreWordsOrJson() {
    assertEquals(Choices.of("linear", "cosine"), RangeText.parse("choice:linear,cosine"));
    assertEquals(
        Choices.of("[\"q\",\"v\"]", "all", "3"),
        RangeText.parse("choice:[[\"q\",\"v\"],\"all\",3]"));
  }

  @Test
  void aStepEndsAtTheLastValue() {
    assertEquals(new IntRange(8, 120, false, 16), RangeText.parse("int:8:127:step=16"));
    FloatRange range = FloatRange.stepped(0, 1, 0.3);
    assertEquals(4, range.size());
    assertEquals(0.9, range.high(), 1e-12);
    assertEquals(11, FloatRange.stepped(0, 1, 0.1).size());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          float:3:2           | low is 3.0, must be at most high, 2.0
          float:0:1:log       | low is 0.0, must be above 0 with log
          float:-1:1:log      | low is -1.0, must be above 0 with log
          float:0:nan         | high is 'nan', must be a number
          float:0:NaN         | both ends must be finite
          float:0:Infinity    | both ends must be finite
          float:0:1:step=0    | step is 0.0, must be above 0
          float:0:1:step=-1   | step is -1.0, must be above 0
          float:0             | must be float:LOW:HIGH
          float:0:1:ln        | 'ln' is no part of a range: log or step=S is
          int:0:8:log         | low is 0, must be at least 1 with log
          int:1:2.5           | high is '2.5', must be a whole number
          int:9:3             | low is 9, must be at most high, 3
          int:1:9:step=0      | step is 0, must be at least 1
          choice:             | there is nothing to choose from
          choice:a,a          | each must differ
          choice:[1           | which is no JSON
          uniform:0:1         | the range is 'uniform:0:1', must be float:LOW:HIGH, int:LOW:HIGH
          3                   | the range is '3', must be
          """)
  void whatIsWrongIsNamed(String text, String expected) {
    var thrown = assertThrows(IllegalArgumentException.class, () -> RangeText.parse(text));
    assertTrue(thrown.getMessage().contains(expected), thrown.getMessage());
    assertEquals(1, thrown.getMessage().lines().count());
  }
}
