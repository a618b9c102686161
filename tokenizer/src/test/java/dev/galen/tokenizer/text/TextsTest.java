package dev.galen.tokenizer.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Bytes, characters and where they come from. */
class TextsTest {

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String written(Text text) {
    return new String(text.utf8(), StandardCharsets.UTF_8);
  }

  private static List<Integer> places(Text text) {
    var places = new ArrayList<Integer>();
    for (int i = 0; i < text.length(); i++) {
      places.add(text.start(i));
      places.add(text.end(i));
    }
    return places;
  }

  @Test
  void everyCharacterIsWrittenAsItIsRead() {
    int[] edges = {
      0, 'a', 0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x3FFFF, 0x40000, 0x10FFFF
    };
    for (int c : edges) {
      String text = Character.toString(c);
      byte[] bytes = utf8(text);
      assertArrayEquals(bytes, Utf8.encode(text));
      assertEquals(c, Utf8.codePoint(bytes, 0));
      assertEquals(bytes.length, Utf8.length(bytes[0]));
      assertEquals(text, Utf8.decode(bytes));
      assertEquals(text, Utf8.decodeByByte(bytes));
      byte[] within = utf8("x" + text + "y");
      assertEquals(1, Utf8.previous(within, 1 + bytes.length));
      assertEquals(0, Utf8.previous(within, 1));
      var out = new Rewriting(Text.aligned("z"));
      out.replace(c);
      assertEquals(text, written(out.done()));
    }
  }

  /** Unicode 16, tables 3-8 to 3-11, and what lies just beside each range. */
  @Test
  void spoiltBytesAreReplacedByTheirLongestParts() {
    String bad = "\uFFFD";
    Object[][] cases = {
      {"C0AF", bad.repeat(2), 2},
      {"C1BF", bad.repeat(2), 2},
      {"C280", "\u0080", 0},
      {"E080BF", bad.repeat(3), 3},
      {"E09FBF", bad.repeat(3), 3},
      {"E0A080", "\u0800", 0},
      {"EDA080", bad.repeat(3), 3},
      {"ED9FBF", "\uD7FF", 0},
      {"EE8080", "\uE000", 0},
      {"F08FBFBF", bad.repeat(4), 4},
      {"F0908080", "\uD800\uDC00", 0},
      {"F48FBFBF", "\uDBFF\uDFFF", 0},
      {"F4908080", bad.repeat(4), 4},
      {"F5808080", bad.repeat(4), 4},
      {"E18041", bad + "A", 2},
      {"F0908041", bad + "A", 3},
      {"E180", bad, 2},
      {"F09080", bad, 3},
      {"C3", bad, 1},
      {"C341", bad + "A", 1},
      {"80", bad, 1},
      {"FF41", bad + "A", 1},
      {"E1BF7F", bad + "\u007F", 2},
      {"E1C080", bad.repeat(3), 3},
      {"F3BFC080", bad.repeat(3), 4},
      {"41", "A", 0}
    };
    for (Object[] one : cases) {
      byte[] bytes = HexFormat.of().parseHex((String) one[0]);
      assertEquals(one[1], Utf8.decode(bytes), (String) one[0]);
      long replaced = Utf8.decodeByByte(bytes).chars().filter(c -> c == Utf8.REPLACEMENT).count();
      assertEquals((int) one[2], replaced, (String) one[0]);
    }
    var text = new StringBuilder("<");
    byte[] cut = HexFormat.of().parseHex("41E282AC42F09F99");
    assertEquals(5, Utf8.decodeComplete(cut, cut.length, text));
    assertEquals("<A\u20acB", text.toString());
    text.setLength(0);
    assertEquals(1, Utf8.decodeComplete(cut, 3, text), "the euro is cut off");
    assertEquals("A", text.toString());
  }

  @Test
  void aLoneSurrogateIsNamed() {
    for (String text : new String[] {"ab\uD83D", "ab\uDE42x", "ab\uD83Dx", "\uD83D\uDE42\uDE42"}) {
      var e = assertThrows(IllegalArgumentException.class, () -> Utf8.encode(text));
      assertTrue(e.getMessage().contains("at index 2"), e.getMessage());
    }
  }

  @Test
  void aTextKnowsItsPlaces() {
    var text = Text.aligned("a\u00e9\ud83d\ude42b");
    assertTrue(text.isAligned());
    assertEquals(8, text.length());
    assertEquals(List.of(0, 1, 1, 2, 1, 2, 2, 3, 2, 3, 2, 3, 2, 3, 3, 4), places(text));
    assertEquals("\u00e9\ud83d\ude42", written(text.slice(1, 7)));
    assertEquals(List.of(1, 2, 1, 2, 2, 3, 2, 3, 2, 3, 2, 3), places(text.slice(1, 7)));
    var spaced = text.withSpaceBefore(1, 3);
    assertEquals(" \u00e9", written(spaced));
    assertEquals(List.of(1, 2, 1, 2, 1, 2), places(spaced));
    var before = text.withBefore(utf8("\u2581"), 7, 8);
    assertEquals("\u2581b", written(before));
    assertEquals(List.of(3, 4, 3, 4, 3, 4, 3, 4), places(before));
    var plain = Text.of("ab");
    assertFalse(plain.isAligned());
    assertFalse(plain.slice(0, 1).isAligned());
    assertFalse(plain.withSpaceBefore(0, 1).isAligned());
    assertEquals(" a", written(plain.withSpaceBefore(0, 1)));
    var made = Text.of(utf8("x"), new int[] {3}, new int[] {5});
    assertEquals(List.of(3, 5), places(made));
  }

  @Test
  void whatIsWrittenComesFromWhereItWasTaken() {
    var from = Text.aligned("ab\u00e9cd");
    var out = new Rewriting(from);
    out.copyTo(1);
    out.copyTo(1);
    out.skip();
    out.replace('E');
    out.insert('+');
    out.skipTo(5);
    out.insert('-');
    out.copyTo(6);
    var made = out.done();
    assertEquals("aE+-d", written(made));
    assertEquals(List.of(0, 1, 2, 3, 2, 3, 3, 4, 4, 5), places(made));
    // At the start what is inserted comes from nothing, at the end nothing more is taken.
    out = new Rewriting(from);
    out.insert('^');
    out.copyTo(6);
    out.skip();
    out.replace('$');
    made = out.done();
    assertEquals("^ab\u00e9cd$", written(made));
    assertEquals(List.of(0, 0), places(made).subList(0, 2));
    assertEquals(List.of(0, 0), places(made).subList(14, 16));
    var empty = new Rewriting(Text.aligned(""));
    empty.insert('x');
    assertEquals(List.of(0, 0), places(empty.done()));
  }

  @Test
  void whatIsDroppedBelongsToTheCharacterBefore() {
    var from = Text.aligned("abcd");
    var out = new Rewriting(from);
    out.dropBehind(2); // nothing is written yet, and nothing happens
    out.replace('A');
    out.dropBehind(0);
    out.dropBehind(1);
    out.insert('+');
    out.dropBehind(1);
    out.copyTo(4);
    var made = out.done();
    assertEquals("A+d", written(made));
    assertEquals(List.of(0, 1, 2, 3, 3, 4), places(made));
    var accents = new Rewriting(Text.aligned("\u00e9xy"));
    accents.copyTo(2);
    accents.dropBehind(1);
    accents.copyTo(4);
    assertEquals("\u00e9y", written(accents.done()));
  }

  @Test
  void longTextsFit() {
    var from = Text.aligned("ab");
    var out = new Rewriting(from);
    for (int i = 0; i < 1000; i++) {
      out.insert(0x1F642);
    }
    out.copyTo(2);
    var made = out.done();
    assertEquals("\ud83d\ude42".repeat(1000) + "ab", written(made));
    assertEquals(4002, made.length());
    assertEquals(List.of(0, 1, 1, 2), places(made).subList(8000, 8004));
    var plain = new Rewriting(Text.of("ab"));
    plain.copyTo(2);
    for (int i = 0; i < 17; i++) {
      plain.insert('x');
    }
    assertEquals("ab" + "x".repeat(17), written(plain.done()));
    assertFalse(plain.done().isAligned());
  }

  @Test
  void aTrieFindsWhatWasPutIn() {
    for (int capacity : new int[] {0, 40, 100_000}) {
      var trie = new ByteTrie(capacity);
      var tokens = new HashMap<String, Integer>();
      var random = new Random(5);
      for (int i = 0; i < 3000; i++) {
        var token = Integer.toString(random.nextInt(100_000), 3) + (i % 7 == 0 ? "\u00e9" : "");
        tokens.put(token, i);
        trie.put(utf8(token), i);
      }
      tokens.forEach((token, value) -> assertEquals(value, find(trie, token), token));
      for (int i = 0; i < 3000; i++) {
        var token = Integer.toString(random.nextInt(1_000_000), 3);
        assertEquals(tokens.getOrDefault(token, -1), find(trie, token), token);
      }
      assertEquals(-1, find(trie, "x"));
      assertEquals(-1, trie.value(ByteTrie.ROOT));
    }
  }

  private static int find(ByteTrie trie, String token) {
    int node = ByteTrie.ROOT;
    for (byte b : utf8(token)) {
      node = trie.step(node, b);
      if (node == ByteTrie.NONE) {
        return -1;
      }
    }
    return trie.value(node);
  }

  @Test
  void bytesAreSpelledInHexadecimal() {
    for (int b = 0; b < 256; b++) {
      assertEquals(b, ByteFallback.byteOf("<0x%02X>".formatted(b)));
      assertEquals(b, ByteFallback.byteOf("<0x%02x>".formatted(b)));
    }
    for (String none :
        new String[] {
          "<0x4>",
          "<0x041>",
          "<0xG1>",
          "<0x1G>",
          "<0x41]",
          "[0x41>",
          "<0X41>",
          "<0x\u06f41>",
          "<0x4\u06f4>",
          "",
          "<0x4\u0080>"
        }) {
      assertEquals(-1, ByteFallback.byteOf(none), none);
    }
    var ids = new HashMap<String, Integer>();
    for (int b = 0; b < 0xA0; b++) {
      ids.put("<0x%02X>".formatted(b), 1000 - b);
    }
    var fallback = ByteFallback.of(token -> ids.getOrDefault(token, -1));
    assertEquals(1000, fallback.id((byte) 0));
    assertEquals(1000 - 0x9F, fallback.id((byte) 0x9F));
    assertEquals(-1, fallback.id((byte) 0xA0));
    byte[] bytes = {(byte) 0xA0, 0x41, 0, (byte) 0xFF};
    assertTrue(fallback.hasAll(bytes, 1, 3));
    assertFalse(fallback.hasAll(bytes, 0, 3));
    assertFalse(fallback.hasAll(bytes, 1, 4));
    assertTrue(fallback.hasAll(bytes, 2, 2));
  }

  /** GPT-2's bytes_to_unicode. */
  @Test
  void everyByteHasAVisibleCharacter() {
    assertEquals('\u0100', ByteLevel.character(0));
    assertEquals('\u0120', ByteLevel.character(' '));
    assertEquals('!', ByteLevel.character('!'));
    assertEquals('~', ByteLevel.character('~'));
    assertEquals('\u0121', ByteLevel.character(0x7F));
    assertEquals('\u0142', ByteLevel.character(0xA0));
    assertEquals('\u00A1', ByteLevel.character(0xA1));
    assertEquals('\u0143', ByteLevel.character(0xAD));
    assertEquals('\u00AE', ByteLevel.character(0xAE));
    assertEquals('\u00FF', ByteLevel.character(0xFF));
    assertEquals('\u00FF', ByteLevel.character(-1));
    var all = new byte[256];
    for (int b = 0; b < 256; b++) {
      all[b] = (byte) b;
    }
    String spelled = ByteLevel.spell(all, 0, 256);
    assertTrue(ByteLevel.isSpelling(spelled));
    assertArrayEquals(all, ByteLevel.bytes(spelled));
    assertEquals("BC", ByteLevel.spell(utf8("ABCD"), 1, 3));
    char[] sorted = spelled.toCharArray();
    Arrays.sort(sorted);
    assertArrayEquals(sorted, ByteLevel.alphabet());
    for (String none : new String[] {"a b", "\u0144", "\u00AD", "\uFFFF", "a\u00A0"}) {
      assertFalse(ByteLevel.isSpelling(none), none);
      assertArrayEquals(utf8(none), ByteLevel.bytes(none), none);
    }
    assertTrue(ByteLevel.isSpelling("\u0143"));
    assertTrue(ByteLevel.isSpelling(""));
  }

  @Test
  void aQuoteIsOneLineAndShort() {
    assertEquals("plain \u00e9", Quote.of("plain \u00e9"));
    assertEquals(
        "a\\u000ab\\u0000\\u007f\\u2028\\u2029\\ud83d\\ude42",
        Quote.of("a\nb\u0000\u007f\u2028\u2029\ud83d") + Quote.of("\ude42"));
    assertEquals("\ud83d\ude42x", Quote.of("\ud83d\ude42x"));
    assertEquals("\\ud83dx", Quote.of("\ud83dx"));
    assertEquals("x".repeat(79), Quote.of("x".repeat(79)));
    assertEquals("x".repeat(80) + "...", Quote.of("x".repeat(80)));
    assertEquals("x".repeat(80) + "...", Quote.of("x".repeat(500)));
    assertEquals("x".repeat(239), Quote.longer("x".repeat(239)));
    assertEquals("x".repeat(240) + "...", Quote.longer("x".repeat(241)));
  }

  @Test
  void rangesHaveTheirEnds() {
    var expected = new BitSet();
    expected.set(0x7fd);
    expected.set(0x897, 0x8a0);
    expected.set(0x10ffff);
    assertEquals(expected, Ranges.of(" 7fd 897-89f\n  10ffff "));
  }
}
