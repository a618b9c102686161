package dev.galen.tokenizer.stage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.tokenizer.bpe.ByteLevelDecoder;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Ids may have holes, but not more of them than tokens. */
class VocabularyTest {

  private static Vocabulary with(int id, String content) throws IOException {
    return Vocabulary.of(List.of("a", "b"))
        .with(List.of(AddedToken.special(id, content)), token -> "added.json");
  }

  @Test
  void asManyHolesAsTokensAreLeft() throws IOException {
    var vocabulary = with(5, "<pad>");
    assertEquals(6, vocabulary.size());
    assertEquals(3, vocabulary.count());
    assertNull(vocabulary.tokenOrNull(4));
    assertEquals("<pad>", vocabulary.tokenOrNull(5));
    assertEquals(5, vocabulary.id("<pad>"));
    assertEquals(
        "added.json: token \"<pad>\" has id 6, but there are only 3 tokens; ids must be dense",
        assertThrows(IOException.class, () -> with(6, "<pad>")).getMessage());
    // A token that is there already makes no room for another one.
    assertEquals(2, with(1, "b").size());
  }

  @Test
  void idsAreOneEach() {
    assertEquals(
        "added.json: added token \"b\" has id 2, but the vocabulary gives it id 1",
        assertThrows(IOException.class, () -> with(2, "b")).getMessage());
    assertEquals(
        "added.json: tokens \"a\" and \"<pad>\" have the same id 0",
        assertThrows(IOException.class, () -> with(0, "<pad>")).getMessage());
    assertEquals(
        "added.json: token \"<pad>\" has the negative id -1",
        assertThrows(IOException.class, () -> with(-1, "<pad>")).getMessage());
    assertEquals(
        "vocab.json: the vocabulary is empty",
        assertThrows(IOException.class, () -> Vocabulary.of(Map.of(), "vocab.json")).getMessage());
  }

  @Test
  void aFileMayLeaveHolesToo() throws IOException {
    var vocabulary = Vocabulary.of(Map.of("a", 0, "c", 3), "vocab.json");
    assertEquals(4, vocabulary.size());
    assertEquals(2, vocabulary.count());
    assertEquals("a", vocabulary.tokenOrNull(0));
    assertEquals("c", vocabulary.tokenOrNull(3));
    assertNull(vocabulary.tokenOrNull(1));
    assertNull(vocabulary.tokenOrNull(4));
    assertNull(vocabulary.tokenOrNull(-1));
    assertEquals(-1, vocabulary.id("b"));
    assertEquals(
        "vocab.json: token \"c\" has id 4, but there are only 2 tokens; ids must be dense",
        assertThrows(IOException.class, () -> Vocabulary.of(Map.of("a", 0, "c", 4), "vocab.json"))
            .getMessage());
    assertTrue(
        assertThrows(IOException.class, () -> Vocabulary.of(Map.of("a", 1, "c", 1), "vocab.json"))
            .getMessage()
            .endsWith("have the same id 1"));
  }

  @Test
  void tokensThatAreThereMakeNoRoom() {
    var added = List.of(AddedToken.special(0, "a"), AddedToken.special(6, "<pad>"));
    assertEquals(
        "added.json: token \"<pad>\" has id 6, but there are only 3 tokens; ids must be dense",
        assertThrows(
                IOException.class,
                () -> Vocabulary.of(List.of("a", "b")).with(added, token -> "added.json"))
            .getMessage());
    assertEquals(
        "added.json: added token \"a\" has id 1, but the vocabulary gives it id 0",
        assertThrows(IOException.class, () -> with(1, "a")).getMessage());
  }

  @Test
  void listsGrowAsTheyMust() {
    var list = new IntList(0);
    for (int i = 0; i < 20; i++) {
      list.add(i);
    }
    list.addAll(new int[] {20, 21, 22});
    list.addAll(new int[40]);
    assertEquals(63, list.size());
    assertArrayEquals(new int[] {19, 20, 21, 22, 0}, Arrays.copyOfRange(list.toArray(), 19, 24));
    list.truncate(2);
    list.set(1, 9);
    assertArrayEquals(new int[] {0, 9}, list.toArray());
    assertEquals(9, list.get(1));
    list.clear();
    assertEquals(0, list.size());
  }

  @Test
  void theLastTokenMayEndElsewhere() {
    var tokens = TokenList.withPlaces(1);
    tokens.add(5, 0, 2);
    tokens.add(6, 2, 3);
    tokens.extendLast(7);
    assertEquals(
        List.of(0, 2, 2, 7),
        List.of(tokens.start(0), tokens.end(0), tokens.start(1), tokens.end(1)));
    var ids = TokenList.ofIds(1);
    ids.add(5, 0, 2);
    ids.extendLast(7);
    assertArrayEquals(new int[] {5}, ids.ids().toArray());
    assertFalse(ids.hasPlaces());
  }

  @Test
  void anAddedTokenIsSpecialIfOneFileSaysSo() {
    var plain = new AddedToken(3, "<m>", false, true, false, true, true);
    var special = AddedToken.special(7, "<m>");
    assertEquals(new AddedToken(9, "<m>", false, true, false, true, true), plain.withId(9));
    assertEquals(new AddedToken(3, "<m>", true, true, false, true, true), plain.asSpecial());
    assertEquals(new AddedToken(7, "<m>", true, true, false, true, true), special.as(plain));
    assertEquals(new AddedToken(3, "<m>", true, false, false, false, false), plain.as(special));
    assertEquals(plain.withId(4), plain.withId(4).as(plain));
  }

  @Test
  void aPieceMoves() {
    var piece = new Piece(3, "a", 1, 2, 0, 1);
    assertEquals(new Piece(3, "a", 4, 6, 0, 1), piece.at(4, 6));
    assertEquals(new Piece(3, "a", 1, 2, 5, 1), piece.withTypeId(5));
    assertEquals(new Piece(8, "</s>", 0, 0, 2, -1), Piece.special(8, "</s>", 2));
  }

  @Test
  void whatStagesDoUnlessTheySayOtherwise() {
    assertEquals(List.of(""), new ByteLevelDecoder().decode(List.of()));
    assertEquals(
        List.of("\u00e9 a"), new ByteLevelDecoder().decode(List.of("\u00c3", "\u00a9\u0120", "a")));
    PreTokenizer whole = (text, start, end, words) -> words.add(text, start, end);
    assertFalse(whole.needsPlaces());
    assertArrayEquals(new int[0], PostProcessor.NONE.before());
    assertArrayEquals(new int[0], PostProcessor.NONE.after());
    assertEquals(1, PostProcessor.NONE.overflowTypeId(1, true));
    var stages = new Stages(Normalizer.NONE, whole, null, null, null);
    assertEquals(
        new Stages(Normalizer.NONE, whole, null, PostProcessor.NONE, null),
        stages.with(PostProcessor.NONE));
  }
}
