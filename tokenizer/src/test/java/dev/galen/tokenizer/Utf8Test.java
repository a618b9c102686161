package dev.galen.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.galen.tokenizer.text.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Utf8Test {

  @Test
  void roundTripsEveryCharacter() {
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
        var text = Character.toString(c);
        var utf8 = Utf8.encode(text);
        assertArrayEquals(text.getBytes(StandardCharsets.UTF_8), utf8);
        assertEquals(c, Utf8.codePoint(utf8, 0));
        assertEquals(utf8.length, Utf8.length(utf8[0]));
        assertEquals(text, Utf8.decode(utf8));
      }
    }
  }

  @Test
  void refusesLoneSurrogatesByIndex() {
    assertLone("ab\uD83Dc", "lone surrogate U+D83D at index 2");
    assertLone("\uDE42", "lone surrogate U+DE42 at index 0");
    assertLone("\uD83D\uDE42\uDE42", "lone surrogate U+DE42 at index 2");
    assertLone("x\uD83D", "lone surrogate U+D83D at index 1");
  }

  private static void assertLone(String text, String message) {
    var e = assertThrows(IllegalArgumentException.class, () -> Utf8.encode(text));
    assertEquals(
        "the text has a %s, which is no character; remove or replace it".formatted(message),
        e.getMessage());
  }

  /** Python's {@code errors="replace"}; Java's own decoder differs, it makes one of ED A0 80. */
  @Test
  void replacesSpoiltBytesAsPythonDoes() throws Exception {
    for (var pair : Fixture.cases().get("spoilt")) {
      var bytes = HexFormat.of().parseHex(pair.get(0).textValue());
      assertEquals(pair.get(1).textValue(), Utf8.decode(bytes), pair.get(0).textValue());
    }
  }

  @Test
  void streamsTheSameTextFromAnySplit() {
    var random = new Random(2);
    var parts = "aé€🙂".getBytes(StandardCharsets.UTF_8);
    for (int round = 0; round < 20_000; round++) {
      var bytes = new byte[1 + random.nextInt(12)];
      for (int i = 0; i < bytes.length; i++) {
        // Lead and continuation bytes of all lengths, so that most sequences nearly make sense.
        bytes[i] = random.nextInt(3) == 0 ? (byte) random.nextInt(256) : parts[random.nextInt(10)];
      }
      var pieces = new byte[bytes.length][];
      int count = 0;
      for (int start = 0; start < bytes.length; ) {
        int end = start + 1 + random.nextInt(Math.min(3, bytes.length - start));
        pieces[count++] = Arrays.copyOfRange(bytes, start, end);
        start = end;
      }
      var decoder = new Utf8StreamingDecoder(id -> pieces[id]);
      for (int again = 0; again < 2; again++) {
        var text = new StringBuilder();
        for (int id = 0; id < count; id++) {
          text.append(decoder.push(id));
        }
        text.append(decoder.finish());
        assertEquals(Utf8.decode(bytes), text.toString(), HexFormat.of().formatHex(bytes));
      }
    }
  }
}
