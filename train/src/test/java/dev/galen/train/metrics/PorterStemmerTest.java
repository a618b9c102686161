package dev.galen.train.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PorterStemmerTest {

  @ParameterizedTest
  @EnumSource
  void equalsNltk(PorterStemmer.Mode mode) throws IOException {
    var cases = Fixtures.own("porter");
    var words = Fixtures.strings(cases.required("words"));
    var stems = Fixtures.strings(cases.required(mode.name()));
    assertTrue(words.size() > 700, words.size() + " words");
    var stemmer = new PorterStemmer(mode);
    for (int i = 0; i < words.size(); i++) {
      assertEquals(stems.get(i), stemmer.stem(words.get(i)), words.get(i));
    }
  }

  @Test
  void aRunOfYsTakesLinearTime() {
    assertEquals(200_000, new PorterStemmer().stem("y".repeat(200_000)).length());
  }
}
