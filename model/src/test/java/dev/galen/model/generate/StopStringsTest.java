package dev.galen.model.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.galen.tokenizer.SpecialTokens;
import dev.galen.tokenizer.StreamingDecoder;
import dev.galen.tokenizer.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

final class StopStringsTest {
  /** Ids of words, for which each stands; the first of a text loses its space. */
  private static final class Words implements Tokenizer {
    private static final List<String> WORDS = List.of("a", " b", "c", "bc", "abcd", "é", " ");

    @Override
    public byte[] decodeBytes(int... ids) {
      var bytes = new ByteArrayOutputStream();
      for (int id : ids) {
        String word = WORDS.get(id);
        bytes.writeBytes(
            (bytes.size() == 0 ? word.stripLeading() : word).getBytes(StandardCharsets.UTF_8));
      }
      return bytes.toByteArray();
    }

    @Override
    public String decode(int... ids) {
      return new String(decodeBytes(ids), StandardCharsets.UTF_8);
    }

    @Override
    public int[] encode(String text, SpecialTokens policy) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int vocabularySize() {
      return WORDS.size();
    }

    @Override
    public OptionalInt id(String token) {
      return OptionalInt.empty();
    }

    @Override
    public String token(int id) {
      return WORDS.get(id);
    }

    @Override
    public OptionalInt endOfTextId() {
      return OptionalInt.empty();
    }

    @Override
    public OptionalInt paddingId() {
      return OptionalInt.empty();
    }

    @Override
    public StreamingDecoder streamingDecoder() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void save(Path directory) {
      throw new UnsupportedOperationException();
    }
  }

  private static void assertStops(boolean expected, String stop, int... ids) {
    assertEquals(expected, new StopStrings(List.of(stop), new Words()).stops(ids), stop);
  }

  @Test
  void aStringEndsInTheLastToken() {
    assertStops(true, "abc", 2, 0, 3); // c a bc
    assertStops(true, "c", 2);
    assertStops(true, "ac", 0, 2);
    assertStops(false, "ac", 0, 2, 0); // ended a token ago
    assertStops(true, "bc", 4); // the token goes on
    assertStops(true, "cab", 2, 4); // begins in one and ends within another
    assertStops(false, "abce", 0, 3);
    assertStops(false, "aa", 0);
    assertStops(true, "aaa", 0, 0, 0);
    assertStops(true, "é", 5);
    assertStops(true, "cé", 2, 5);
  }

  /** A text's first token is decoded otherwise; the last one is not the first. */
  @Test
  void aSpaceBeforeATokenCounts() {
    assertStops(true, " b", 0, 1);
    assertStops(true, "a b", 2, 0, 1);
    assertStops(true, " b", 2, 0, 1);
    assertStops(false, "ab", 0, 1);
    assertStops(true, " bc", 0, 1, 2);
  }

  @Test
  void anyOfThemStops() {
    var stops = new StopStrings(List.of("zz", "bc", "a"), new Words());
    assertEquals(true, stops.stops(new int[] {2, 0}));
    assertEquals(true, stops.stops(new int[] {3}));
    assertEquals(false, stops.stops(new int[] {0, 2}));
  }

  @Test
  void noStringAndEmptyOnesAreRefused() {
    for (List<String> strings : List.of(List.<String>of(), List.of("a", ""))) {
      assertEquals(
          "stop strings are " + strings + ", must be at least one, and none empty",
          assertThrows(IllegalArgumentException.class, () -> new StopStrings(strings, new Words()))
              .getMessage());
    }
  }
}
