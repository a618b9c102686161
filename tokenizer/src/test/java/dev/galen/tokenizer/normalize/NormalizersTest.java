package dev.galen.tokenizer.normalize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.tokenizer.StageCases;
import dev.galen.tokenizer.stage.Normalizer;
import dev.galen.tokenizer.text.Text;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every normalizer writes what HuggingFace's does, and knows where each character comes from. */
class NormalizersTest {

  @TempDir Path folder;

  @Test
  void textsAndPlacesAreThoseOfTheLibrary() throws IOException {
    int rows = 0;
    for (var set : StageCases.of("normalizers.json")) {
      var component = set.get("normalizer");
      var normalizer = StageCases.stages(folder, "normalizer", component).normalizer();
      for (var row : set.get("texts")) {
        StageCases.assertNormalized(normalizer, row, component + " " + row.get(0));
        rows++;
      }
    }
    assertTrue(rows > 2500, rows + " texts");
  }

  /** Most texts are ASCII already, small and without control characters: they are not copied. */
  @Test
  void aTextThatStaysAsItIsIsNotCopied() throws IOException {
    var ascii = Text.of("plain words");
    var accents = Text.of("caf\u00e9");
    for (Normalizer each :
        List.of(
            new Lowercase(),
            new Strip(true, true),
            new BertNormalizer(true, true, true, true),
            new UnicodeForm(UnicodeForm.Kind.NFKC),
            new Prepend(""))) {
      assertSame(ascii, each.normalize(ascii), each.toString());
    }
    assertSame(accents, new Lowercase().normalize(accents));
    for (var set : StageCases.of("normalizers.json")) {
      if (set.get("normalizer").has("precompiled_charsmap")) {
        var map = StageCases.stages(folder, "normalizer", set.get("normalizer")).normalizer();
        var family =
            Text.of(
                "caf\u00e9 \ud83d\udc69\u200d\ud83d\udc69\u200d\ud83d\udc67 \ud83d\ude42\ud83c\udffd");
        assertSame(family, map.normalize(family));
        assertSame(ascii, map.normalize(ascii));
      }
    }
    assertSame(accents, new Strip(true, true).normalize(accents));
  }

  /** UnicodeData.txt, field 3. */
  @ParameterizedTest
  @CsvSource({
    "61, 0",
    "300, 230",
    "314, 230",
    "315, 232",
    "31a, 232",
    "31b, 216",
    "334, 1",
    "338, 1",
    "339, 220",
    "345, 240",
    "34f, 0",
    "35c, 233",
    "5b0, 10",
    "5b1, 11",
    "94d, 9",
    "3099, 8",
    "e38, 103",
    "f71, 129",
    "f74, 132",
    "302a, 218",
    "302e, 224",
    "fb1e, 26",
    "1e94a, 7",
    "1e944, 230",
    "1d16d, 226",
    "10ffff, 0"
  })
  void marksHaveTheirClass(String character, int combining) {
    assertEquals(combining, CombiningClass.of(Integer.parseInt(character, 16)));
  }

  @Test
  void aSyllableIsComposedOfItsLetters() {
    assertEquals(0xAC01, Decomposition.compose(0xAC00, 0x11A8));
    assertEquals(0xAC1B, Decomposition.compose(0xAC00, 0x11C2));
    assertEquals(0xD7A3, Decomposition.compose(0xD788, 0x11C2));
    for (int[] none :
        new int[][] {{0xAC00, 0x11A7}, {0xAC00, 0x11C3}, {0xAC01, 0x11A8}, {0xABFF, 0x11A8}}) {
      assertEquals(-1, Decomposition.compose(none[0], none[1]));
    }
    assertEquals(0xE9, Decomposition.compose('e', 0x301));
    assertEquals(0xE0, Decomposition.compose('a', 0x300));
    assertEquals(-1, Decomposition.compose('e', 'e'));
    assertEquals(
        -1, Decomposition.compose(0xE2, 0x323), "the dot would go in before the circumflex");
    assertEquals(-1, Decomposition.compose(0x915, 0x93C), "excluded from composition");
    assertArrayEquals(new int[] {0x1100, 0x1161, 0x11A8}, Decomposition.of(0xAC01, false));
    assertArrayEquals(new int[] {0xFB01}, Decomposition.of(0xFB01, false));
    assertArrayEquals(new int[] {'f', 'i'}, Decomposition.of(0xFB01, true));
    // Unicode 12 has it, the library's tables do not.
    assertArrayEquals(new int[] {0x32FF}, Decomposition.of(0x32FF, true));
  }

  @Test
  void theFormsKeepTheirPromises() {
    var kinds = UnicodeForm.Kind.values();
    for (var kind : kinds) {
      var form = new UnicodeForm(kind);
      for (String text :
          List.of(
              "e\u0323\u0301",
              "\uFB01\u00BD",
              "\uAC01",
              "a\u0301\u0328b",
              "e\u030A\u0301",
              "\u1111\u1171\u11B6")) {
        var once = form.normalize(Text.of(text));
        assertArrayEquals(once.utf8(), form.normalize(once).utf8(), kind + " " + text);
        var jdk =
            java.text.Normalizer.normalize(text, java.text.Normalizer.Form.valueOf(kind.name()));
        assertEquals(jdk, new String(once.utf8(), StandardCharsets.UTF_8), kind + " " + text);
      }
    }
  }
}
