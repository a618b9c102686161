package dev.galen.tokenizer.stage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A word is found again wherever it stands, and only that word: encoding is fast by that. */
class WordCacheTest {

  private static final String LETTERS =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./";

  private final WordCache cache = new WordCache();

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void put(String before, String word, String behind, int... ids) {
    byte[] text = utf8(before + word + behind);
    cache.put(text, before.length(), before.length() + word.length(), ids);
  }

  /** The ids that are remembered of a word within a text; null where it is not known. */
  private int[] find(String before, String word, String behind) {
    byte[] text = utf8(before + word + behind);
    var found = new IntList(4);
    boolean known = cache.append(text, before.length(), before.length() + word.length(), found);
    return known ? found.toArray() : null;
  }

  @Test
  void wordsOfEveryLengthAreFoundWhateverStandsAroundThem() {
    var before = List.of("", "x".repeat(100));
    var behind = List.of("", "y", "another word");
    for (int length = 1; length <= 64; length++) {
      String word = LETTERS.substring(0, length);
      for (String left : before) {
        put(left, word, behind.get(length % 3), length, 1000);
        for (String right : behind) {
          assertArrayEquals(
              new int[] {length, 1000}, find("over " + left, word, right), word + "|" + right);
        }
      }
    }
    put("", LETTERS.substring(0, 65), "", 65);
    assertEquals(null, find("", LETTERS.substring(0, 65), ""));
  }

  @Test
  void aWordThatDiffersInOneCharacterIsAnother() {
    for (int length = 1; length <= 64; length++) {
      String word = LETTERS.substring(0, length);
      put("", word, "", length);
      for (int i = 0; i < length; i++) {
        String other = word.substring(0, i) + "%" + word.substring(i + 1);
        assertEquals(null, find("", other, ""), other);
      }
    }
  }

  @Test
  void aNewWordMovesTheOldOneAside() {
    for (String kind : List.of("%d", "word%d", "a long word: %d", "%d, and a longer one behind")) {
      var words = new WordCache();
      byte[][] texts =
          IntStream.range(0, 4000).mapToObj(i -> utf8(kind.formatted(i))).toArray(byte[][]::new);
      for (int i = 0; i < texts.length; i++) {
        words.put(texts[i], 0, texts[i].length, new int[] {i});
      }
      int known = 0;
      for (int i = 0; i < texts.length; i++) {
        var found = new IntList(1);
        if (words.append(texts[i], 0, texts[i].length, found)) {
          known++;
          assertArrayEquals(new int[] {i}, found.toArray());
        }
      }
      // Of 65,536 slots in pairs, 4,000 random ones cost 120 words; 240 if none were moved.
      assertTrue(known > 3820, kind + ": " + known);
    }
  }

  @Test
  void placesCountFromTheWordsBegin() {
    byte[] text = utf8("x".repeat(90) + "painful");
    var tokens = TokenList.withPlaces(4);
    tokens.add(9, 0, 90);
    tokens.add(1, 90, 94);
    tokens.add(2, 94, 97);
    cache.put(text, 90, 97, tokens, 1);
    var found = TokenList.withPlaces(4);
    assertTrue(cache.append(utf8("a painful b"), 2, 9, found));
    assertArrayEquals(new int[] {1, 2}, found.ids().toArray());
    assertEquals(
        List.of(2, 6, 6, 9), List.of(found.start(0), found.end(0), found.start(1), found.end(1)));
    var ids = TokenList.ofIds(4);
    assertTrue(cache.append(utf8("painful"), 0, 7, ids));
    assertArrayEquals(new int[] {1, 2}, ids.ids().toArray());
  }

  @Test
  void aWordWithoutPlacesServesIdsAlone() {
    var ids = TokenList.ofIds(4);
    ids.add(5, 0, 64);
    byte[] word = utf8(LETTERS.substring(0, 64));
    cache.put(word, 0, 64, ids, 0);
    assertTrue(cache.append(word, 0, 64, TokenList.ofIds(4)));
    assertFalse(cache.append(word, 0, 64, TokenList.withPlaces(4)));
  }

  @Test
  void aWordOfNoTokensIsNotRemembered() {
    cache.put(utf8("none"), 0, 4, TokenList.withPlaces(4), 0);
    assertFalse(cache.append(utf8("none"), 0, 4, TokenList.withPlaces(4)));
  }
}
