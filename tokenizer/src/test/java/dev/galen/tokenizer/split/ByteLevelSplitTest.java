package dev.galen.tokenizer.split;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.galen.tokenizer.RandomText;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ByteLevelSplitTest {

  /**
   * GPT-2's pattern in Java's dialect. \s is spelled out as White_Space: with Java's own flag for
   * Unicode classes it would be that as well, but the flag also changes other classes.
   */
  private static final Pattern GPT2 =
      Pattern.compile(
          "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\p{IsWhite_Space}\\p{L}\\p{N}]+"
              + "|\\p{IsWhite_Space}+(?!\\P{IsWhite_Space})|\\p{IsWhite_Space}+");

  private static List<String> words(String text) {
    var utf8 = text.getBytes(StandardCharsets.UTF_8);
    var words = new ArrayList<String>();
    for (int start = 0; start < utf8.length; ) {
      int end = WordBoundaries.wordEnd(utf8, start, utf8.length);
      words.add(new String(utf8, start, end - start, StandardCharsets.UTF_8));
      start = end;
    }
    return words;
  }

  private static List<String> matches(String text) {
    return GPT2.matcher(text).results().map(match -> match.group()).toList();
  }

  @Test
  void cutsWordsWithTheirLeadingSpace() {
    assertEquals(
        List.of("The", " patient", "'s", " dose", ":", " 12", ".", "5", "mg", "!?"),
        words("The patient's dose: 12.5mg!?"));
  }

  @Test
  void cutsLowerCaseContractionsOnlyWhereAWordStarts() {
    assertEquals(
        List.of("we", "'ll", " I", "'", "LL", " '", "re", " x", "''", "s", "'t", "'", "v"),
        words("we'll I'LL 're x''s't'v"));
  }

  @Test
  void leavesTheLastWhitespaceOfARunToTheNextWord() {
    assertEquals(List.of("a", "  ", " b", "\n\n", "\n", "c", " \t "), words("a   b\n\n\nc \t "));
    assertEquals(List.of("\u3000", "\u2003", "x", "\u00A0", "y"), words("\u3000\u2003x\u00A0y"));
  }

  @Test
  void putsEveryCharacterOfUnicodeIntoTheKindOfTheGpt2Pattern() {
    // Planes 4 to 13 have no characters; a few of their code points will do.
    for (int c = 0; c <= Character.MAX_CODE_POINT; c += c >> 16 > 3 && c >> 16 < 14 ? 97 : 1) {
      if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
        // Joins its kind in front and behind, and shows whether it is a space.
        var text = "a" + Character.toString(c) + "1 " + Character.toString(c) + "!";
        if (!matches(text).equals(words(text))) {
          assertEquals(matches(text), words(text), "U+%04X".formatted(c));
        }
      }
    }
  }

  @Test
  void agreesWithTheGpt2PatternOnRandomTexts() {
    var random = new RandomText(1);
    for (int i = 0; i < 20_000; i++) {
      var text = random.next();
      assertEquals(matches(text), words(text));
    }
  }

  @Test
  void readsLongRunsOnce() {
    for (var unit : List.of(" ", "a", "'", "\u3000", "1", "\uD83D\uDE42")) {
      var run = unit.repeat(1_000_000);
      assertTimeout(Duration.ofSeconds(10), () -> words(run + "x"));
    }
  }
}
