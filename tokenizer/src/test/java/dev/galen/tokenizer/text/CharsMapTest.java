package dev.galen.tokenizer.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import dev.galen.tokenizer.StageCases;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** SentencePiece's map of characters, whole and damaged. */
class CharsMapTest {

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] blob() throws IOException {
    for (JsonNode set : StageCases.of("normalizers.json")) {
      var map = set.get("normalizer").path("precompiled_charsmap");
      if (map.isTextual()) {
        return Base64.getDecoder().decode(map.textValue());
      }
    }
    throw new IllegalStateException("no map");
  }

  private static String replaced(CharsMap map, String text, boolean longest) {
    byte[] bytes = utf8("x" + text + "x");
    long found =
        longest
            ? map.longest(bytes, 1, bytes.length - 1)
            : map.shortest(bytes, 1, bytes.length - 1);
    if (found == CharsMap.NONE) {
      return null;
    }
    int start = CharsMap.replacement(found);
    return CharsMap.length(found)
        + ":"
        + new String(
            map.replacements(), start, map.replacementEnd(start) - start, StandardCharsets.UTF_8);
  }

  /** The rules of random-texts/make.py. */
  @Test
  void aMapReplacesTheShortestOrTheLongestStart() throws IOException {
    byte[] blob = blob();
    var map = CharsMap.of(blob);
    assertSame(blob, map.blob());
    assertEquals("1:a", replaced(map, "A", true));
    assertEquals("1:a", replaced(map, "AB", false));
    assertEquals("3:\u00e9", replaced(map, "e\u0301", true));
    assertEquals("3:\u00e9", replaced(map, "e\u0301\u0301", false));
    assertEquals("2:", replaced(map, "\u0301", true));
    assertEquals("3:1 ", replaced(map, "\u2460", true));
    assertEquals("3:fi", replaced(map, "\ufb01", true));
    assertEquals("2:\u2014", replaced(map, "--", true));
    assertEquals("2:\u2014", replaced(map, "---", true));
    assertEquals(null, replaced(map, "-", true));
    assertEquals(null, replaced(map, "e", true));
    assertEquals(null, replaced(map, "", true));
    assertEquals(null, replaced(map, "\u0000A", true));
    assertEquals(null, replaced(map, "zA", false));
  }

  private static String damage(byte[] blob) {
    return assertThrows(IllegalArgumentException.class, () -> CharsMap.of(blob)).getMessage();
  }

  @Test
  void aDamagedMapIsRefused() throws IOException {
    byte[] blob = blob();
    assertEquals("the precompiled charsmap is cut off", damage(new byte[3]));
    for (int size : new int[] {0, 3, 6, -4, blob.length}) {
      byte[] other = blob.clone();
      for (int i = 0; i < 4; i++) {
        other[i] = (byte) (size >> 8 * i);
      }
      assertEquals(
          "the precompiled charsmap of %d bytes is damaged: its trie has %d"
              .formatted(blob.length, size),
          damage(other));
    }
    byte[] other = blob.clone();
    other[blob.length - 2] = (byte) 0xFF;
    assertEquals(
        "the precompiled charsmap is damaged: it replaces by what is not UTF-8", damage(other));
    // A trie of one unit that leads nowhere, and no replacement.
    var empty = CharsMap.of(new byte[] {4, 0, 0, 0, 0, 0, 0, 0});
    assertEquals(null, replaced(empty, "a", true));
  }
}
