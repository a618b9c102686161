package dev.galen.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What a tokenizer of one's own inherits, and what settings come to. */
class ContractTest {

  /** A token a character. */
  private static final class Characters implements Tokenizer {
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
      return 128;
    }

    @Override
    public OptionalInt id(String token) {
      return token.length() == 1 ? OptionalInt.of(token.charAt(0)) : OptionalInt.empty();
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
    public void save(Path directory) {
      throw new UnsupportedOperationException();
    }

    @Override
    public StreamingDecoder streamingDecoder() {
      throw new UnsupportedOperationException();
    }

    @Override
    public OptionalInt paddingId() {
      return OptionalInt.of(0);
    }
  }

  @Test
  void whatATokenizerDoesNotHaveIsEmpty() {
    var tokenizer = new Characters();
    assertArrayEquals(new int[0], tokenizer.idsBefore());
    assertArrayEquals(new int[0], tokenizer.idsAfter());
    assertEquals(OptionalInt.empty(), tokenizer.beginningOfTextId());
    assertEquals(Optional.empty(), tokenizer.truncation());
    assertEquals(Optional.empty(), tokenizer.padding());
    assertArrayEquals(
        new int[] {97, 98}, tokenizer.encodeWithSpecialTokens("ab", SpecialTokens.TEXT));
    var e =
        assertThrows(
            UnsupportedOperationException.class,
            () -> tokenizer.encode("ab", SpecialTokens.TEXT, true));
    assertTrue(e.getMessage().endsWith("Characters has no offsets"), e.getMessage());
  }

  @Test
  void paddingIsOfTheTokenizersOwnToken() {
    assertEquals(new Padding(7, 0, Side.RIGHT, 0, 0), Padding.to(7, new Characters()));
    assertEquals(
        new Padding(0, 8, Side.LEFT, 0, 0),
        Padding.toLongest(new Characters()).toMultipleOf(8).on(Side.LEFT));
    var bytes = BpeTrainer.builder().vocabularySize(256).specialTokens().build().train(List.of());
    var e = assertThrows(IllegalArgumentException.class, () -> Padding.to(7, bytes));
    assertEquals("the tokenizer has no padding token; name an id to fill up with", e.getMessage());
  }

  @Test
  void truncationChangesOneSettingAtATime() {
    assertEquals(
        new Truncation(9, Truncation.Strategy.ONLY_FIRST, 3, Side.LEFT),
        Truncation.to(9).withStride(3).with(Truncation.Strategy.ONLY_FIRST).on(Side.LEFT));
  }

  @Test
  void rarePairsAreNotJoined() {
    var texts = List.of("aba aba aba abc");
    var joins = WordPieceTrainer.builder().vocabularySize(100);
    Tokenizer often = joins.minFrequency(4).build().train(texts);
    assertFalse(often.id("aba").isPresent());
    assertTrue(joins.minFrequency(3).build().train(texts).id("aba").isPresent());
    var e = assertThrows(IllegalArgumentException.class, () -> joins.minFrequency(-1).build());
    assertTrue(e.getMessage().startsWith("minFrequency -1 and alphabet "), e.getMessage());
  }

  @Test
  void decodingBytesOfATokenModelGivesItsTextInUtf8() {
    Tokenizer words =
        WordPieceTrainer.builder()
            .vocabularySize(60)
            .build()
            .train(List.of("na\u00efve caf\u00e9"));
    int[] ids = words.encode("cafe", SpecialTokens.TEXT);
    assertEquals(words.decode(ids), new String(words.decodeBytes(ids), StandardCharsets.UTF_8));
    assertFalse(words.decode(ids).isEmpty());
    assertThrows(IllegalArgumentException.class, () -> words.decode(-1));
  }

  @Test
  void aStreamTellsAtItsEndWhatItHeldBack() {
    Tokenizer words =
        WordPieceTrainer.builder().vocabularySize(60).build().train(List.of("ab abc bca"));
    for (String text : List.of("ab", "abc bca ab", "bca")) {
      int[] ids = words.encode(text, SpecialTokens.TEXT);
      StreamingDecoder stream = words.streamingDecoder();
      var told = new StringBuilder();
      for (int id : ids) {
        told.append(stream.push(id));
      }
      told.append(stream.finish());
      assertEquals(words.decode(ids), told.toString());
      assertEquals("", stream.finish(), "nothing is told twice");
      // After its end it begins anew.
      assertEquals(words.decode(ids[0]), stream.push(ids[0]) + stream.finish());
    }
  }
}
