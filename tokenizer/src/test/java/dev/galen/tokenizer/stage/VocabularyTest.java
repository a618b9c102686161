package dev.galen.tokenizer.stage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

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
  void listsGrowAsTheyMust() {
    var list = new IntList(0);
    for (int i = 0; i < 8; i++) {
      list.add(i);
    }
    list.addAll(new int[] {8, 9, 10});
    list.addAll(new int[20]);
    assertEquals(31, list.size());
    assertArrayEquals(new int[] {7, 8, 9, 10, 0}, Arrays.copyOfRange(list.toArray(), 7, 12));
  }

  @Test
  void whatStagesDoUnlessTheySayOtherwise() {
    assertEquals(List.of(""), new ByteLevelDecoder().decode(List.of()));
    PreTokenizer whole = (text, start, end, words) -> words.add(text, start, end);
    assertFalse(whole.needsPlaces());
    assertArrayEquals(new int[0], PostProcessor.NONE.before());
    assertArrayEquals(new int[0], PostProcessor.NONE.after());
  }
}
