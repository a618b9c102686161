package dev.galen.examples.clinical.clean;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.examples.clinical.document.RejectedException;
import org.junit.jupiter.api.Test;

class NotebookCleanersTest {
  private static final String TEXT =
      " BP 140/90,  no Pain; \u00B5g\u00A0T 38.2 \u212Aelvin isn't\n";

  @Test
  void lettersAndDigitsAreWhatPythonLeaves() throws RejectedException {
    // re.sub(r'[^a-zA-Z0-9\s]', '', text.lower())
    Cleaned cleaned = Cleaning.ALPHANUMERIC.clean(TEXT);
    assertEquals(" bp 14090  no pain g\u00A0t 382 kelvin isnt\n", cleaned.text());
    int place = cleaned.text().indexOf("14090");
    assertEquals("140/90", TEXT.substring(cleaned.oldStart(place), cleaned.oldEnd(place + 5)));
  }

  @Test
  void stopWordsGoAndNegationsWithThem() throws RejectedException {
    Cleaned cleaned = Cleaning.STOPWORDS.clean(TEXT);
    assertEquals("bp 14090 pain \u00B5g 382 kelvin isnt", cleaned.text());
    int place = cleaned.text().indexOf("382");
    assertEquals("38.2", TEXT.substring(cleaned.oldStart(place), cleaned.oldEnd(place + 3)));
  }

  @Test
  void lowerCaseIsThatOfPython() throws RejectedException {
    assertEquals(
        "\u03BF\u03B4\u03BF\u03C2", Cleaning.STOPWORDS.clean("\u039F\u0394\u039F\u03A3 a").text());
    assertEquals("i stanbul", Cleaning.ALPHANUMERIC.clean("\u0130 STANBUL").text());
  }

  @Test
  void onlyTheyWarn() {
    assertNull(Cleaning.SAFE.warning());
    assertTrue(Cleaning.ALPHANUMERIC.warning().contains("140/90 into 14090"));
    assertTrue(Cleaning.STOPWORDS.warning().contains("140/90 into 14090"));
  }
}
