package dev.galen.tokenizer.pattern;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Where patterns match, in bytes, and which expressions are read as Oniguruma reads them. */
class FindersTest {

  private static int[] found(Finder finder, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return finder.find(utf8, 0, utf8.length).toArray();
  }

  private static int[] found(String regex, String text) {
    return found(RegexFinder.of(regex), text);
  }

  private static String refusal(String regex) {
    return assertThrows(IllegalArgumentException.class, () -> RegexFinder.of(regex), regex)
        .getMessage();
  }

  /** Characters on both sides of each length in UTF-8, in front of a match and within one. */
  @Test
  void placesAreThoseOfBytes() {
    for (String character : new String[] {"\u007F", "\u0080", "\u07FF", "\u0800", "\uFFFF", "😀"}) {
      int length = character.getBytes(StandardCharsets.UTF_8).length;
      assertArrayEquals(
          new int[] {length, 2 * length + 2},
          found("x.y", character + "x" + character + "y"),
          "U+%04X".formatted(character.codePointAt(0)));
    }
  }

  @Test
  void anEmptyMatchRightBehindAnotherIsNone() {
    assertArrayEquals(new int[] {0, 0, 1, 3, 4, 4}, found("a*", "baab"));
    assertArrayEquals(new int[] {0, 0, 1, 1, 2, 2}, found("x*", "ab"));
    assertArrayEquals(new int[] {0, 1, 1, 2}, found("a", "aa"));
    assertArrayEquals(new int[] {0, 0, 4, 4, 5, 5}, found("x*", "\ud83d\ude42a"));
    assertArrayEquals(new int[] {0, 0, 4, 4}, found("x*", "\ud83d\ude42"));
  }

  /** Between brackets a superscript two is no letter of a word, elsewhere it is. */
  @Test
  void aWordsLettersDependOnBrackets() {
    assertArrayEquals(new int[] {0, 3}, found("\\w+", "a\u00B2"));
    assertArrayEquals(new int[] {0, 1}, found("[\\w]+", "a\u00B2"));
    assertArrayEquals(new int[] {0, 1}, found("[-\\w]+", "a\u00B2"));
    assertArrayEquals(new int[] {0, 3}, found("[a]\\w", "a\u00B2"));
    assertArrayEquals(new int[] {1, 3}, found("[\\W]", "a\u00B2"));
    assertArrayEquals(new int[] {}, found("\\W", "a\u00B2"));
    // A bracket that nothing opened is a character, and the next one opens as ever.
    assertArrayEquals(new int[] {0, 2}, found("]?[\\w]+", "]a\u00B2"));
  }

  @Test
  void escapesThatMeanTheSameAreTaken() {
    assertArrayEquals(new int[] {1, 2, 2, 3}, found("\\.|\\}", "a.}"));
    assertArrayEquals(new int[] {0, 2}, found("a{2}", "aa"));
    assertArrayEquals(new int[] {0, 2}, found("a{2}|b+", "aa"));
  }

  @Test
  void whatWouldMeanAnotherThingIsRefused() {
    assertEquals("\\h", refusal("\\h"));
    assertEquals("\\1", refusal("(a)\\1"));
    assertEquals("a class such as [:alpha:]", refusal("[[:alpha:]]"));
    assertEquals("a class such as [:alpha:]", refusal("[^[:alpha:]]"));
    assertEquals("+ behind }", refusal("a{2}+"));
    assertEquals("Unclosed group at 2", refusal("(a"));
    assertEquals(1, refusal("a\\").lines().count());
  }

  @Test
  void aTextIsFoundWithinItsBoundsAlone() {
    byte[] utf8 = "ababab".getBytes(StandardCharsets.UTF_8);
    var finder = new LiteralFinder("ab");
    assertArrayEquals(new int[] {0, 2, 2, 4, 4, 6}, finder.find(utf8, 0, 6).toArray());
    assertArrayEquals(new int[] {2, 4}, finder.find(utf8, 1, 5).toArray());
    assertArrayEquals(new int[] {0, 2}, found(new LiteralFinder("aa"), "aaa"));
  }
}
