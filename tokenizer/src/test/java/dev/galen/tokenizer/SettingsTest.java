package dev.galen.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.tokenizer.Truncation.Strategy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Settings of trainers, cuts and fillings, each at its border. */
class SettingsTest {
  private static final int ROOM = 40;

  private static Tokenizer wordPiece(int alphabet, long minFrequency, String... texts) {
    return WordPieceTrainer.builder()
        .vocabularySize(ROOM)
        .alphabet(alphabet)
        .minFrequency(minFrequency)
        .build()
        .train(List.of(texts));
  }

  private static Tokenizer bytes() {
    return BpeTrainer.builder().vocabularySize(300).build().train(List.of("pain in the chest"));
  }

  @Test
  void theMostFrequentCharactersAreKeptSmallestFirst() {
    var tokenizer = wordPiece(2, 1000, "zz zz a b b");
    assertTrue(tokenizer.id("a").isEmpty());
    assertEquals(tokenizer.id("b").getAsInt() + 1, tokenizer.id("z").getAsInt());
    // Of two that occur equally often the smaller one stays.
    assertTrue(wordPiece(1, 1000, "d c").id("d").isEmpty());
    assertTrue(wordPiece(1, 1000, "d c").id("c").isPresent());
  }

  @Test
  void aRarePairIsNotJoined() {
    assertTrue(wordPiece(9, 2, "ab ab cd").id("ab").isPresent());
    assertTrue(wordPiece(9, 2, "ab ab cd").id("cd").isEmpty());
    assertTrue(wordPiece(9, 1, "ab ab cd").id("cd").isPresent());
    var e = assertThrows(IllegalArgumentException.class, () -> wordPiece(9, -1, "ab"));
    assertEquals(
        "minFrequency -1 and alphabet 9: the one may not be negative, the other is 1 or more",
        e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> wordPiece(0, 0, "ab"));
  }

  @Test
  void aSpecialTokenHasTwoCharactersOrMore() {
    var two = BpeTrainer.builder().vocabularySize(258).specialTokens("##").build();
    assertEquals(OptionalInt.of(0), two.train(List.of("ab")).id("##"));
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> BpeTrainer.builder().vocabularySize(258).specialTokens("#").build());
    assertEquals("special token \"#\" is too short: it needs two characters", e.getMessage());
  }

  @Test
  void paddingNeedsATokenAndLeavesWhatIsLongEnough() {
    var e = assertThrows(IllegalArgumentException.class, () -> Padding.to(4, bytes()));
    assertEquals("the tokenizer has no padding token; name an id to fill up with", e.getMessage());
    Tokenizer padded = wordPiece(9, 0, "ab");
    int id = padded.paddingId().getAsInt();
    assertEquals(new Padding(7, 0, Side.RIGHT, id, 0), Padding.to(7, padded));
    assertEquals(new Padding(0, 0, Side.RIGHT, id, 0), Padding.toLongest(padded));
    Encoding encoding = bytes().encode("pain", SpecialTokens.REFUSE, false);
    var padding = new Padding(encoding.size(), 0, Side.RIGHT, 0, 0);
    assertSame(encoding, padding.pad(List.of(encoding)).getFirst());
    assertEquals(encoding.size() + 1, padded(encoding, encoding.size() + 1, 0).size());
    // A length that is a multiple already stays.
    assertEquals(encoding.size(), padded(encoding, encoding.size(), encoding.size()).size());
    assertEquals(8, padded(encoding, 5, 4).size());
  }

  private static Encoding padded(Encoding encoding, int length, int multipleOf) {
    return new Padding(length, multipleOf, Side.RIGHT, 0, 0).pad(List.of(encoding)).getFirst();
  }

  @Test
  void aCutIsChangedPartByPart() {
    assertEquals(
        new Truncation(7, Strategy.ONLY_SECOND, 0, Side.RIGHT),
        Truncation.to(7).with(Strategy.ONLY_SECOND));
    assertEquals(
        new Truncation(7, Strategy.LONGEST_FIRST, 3, Side.LEFT),
        Truncation.to(7).withStride(3).on(Side.LEFT));
    assertEquals(
        new Padding(1, 8, Side.LEFT, 2, 3),
        new Padding(1, 0, Side.RIGHT, 2, 3).on(Side.LEFT).toMultipleOf(8));
  }

  @Test
  void tokensThatDependOnTheirNeighboursHaveBytesTogether() {
    var tokenizer = wordPiece(9, 0, "ab ab cd");
    int[] ids = tokenizer.encode("ab cd");
    assertArrayEquals("ab cd".getBytes(StandardCharsets.UTF_8), tokenizer.decodeBytes(ids));
    var e = assertThrows(IllegalArgumentException.class, () -> tokenizer.decodeBytes(-3));
    assertEquals("id -3 is negative", e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> tokenizer.decode(-1));
    int size = tokenizer.vocabularySize();
    e = assertThrows(IllegalArgumentException.class, () -> tokenizer.token(size));
    assertEquals(
        "id %d is no token of this vocabulary, which has ids 0 to %d".formatted(size, size - 1),
        e.getMessage());
  }

  @Test
  void aStreamThatEndedBeginsAnew() {
    var tokenizer = wordPiece(9, 0, "ab ab cd");
    int[] ids = tokenizer.encode("ab cd");
    var decoder = tokenizer.streamingDecoder();
    for (int round = 0; round < 2; round++) {
      assertEquals("ab", decoder.push(ids[0]));
      assertEquals(" cd", decoder.push(ids[1]));
      assertEquals("", decoder.finish());
    }
  }

  @Test
  void aTokenizerMayLeaveOutWhatMostDoNotHave() {
    var plain = new Letters();
    assertArrayEquals(new int[0], plain.idsBefore());
    assertArrayEquals(new int[0], plain.idsAfter());
    assertEquals(OptionalInt.empty(), plain.beginningOfTextId());
    assertArrayEquals(
        new int[] {104, 105}, plain.encodeWithSpecialTokens("hi", SpecialTokens.TEXT));
    assertFalse(plain.truncation().isPresent());
    assertThrows(
        UnsupportedOperationException.class, () -> plain.encode("a", SpecialTokens.TEXT, true));
    assertThrows(UnsupportedOperationException.class, () -> plain.withTokens(List.of("x")));
  }

  /** Every UTF-16 unit is its own id. */
  private static final class Letters implements Tokenizer {
    @Override
    public int[] encode(String text, SpecialTokens policy) {
      return text.chars().toArray();
    }

    @Override
    public String decode(int... ids) {
      return new String(ids, 0, ids.length);
    }

    @Override
    public byte[] decodeBytes(int... ids) {
      return decode(ids).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public int vocabularySize() {
      return Character.MAX_VALUE + 1;
    }

    @Override
    public OptionalInt id(String token) {
      return OptionalInt.of(token.charAt(0));
    }

    @Override
    public String token(int id) {
      return decode(id);
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
}
