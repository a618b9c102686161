package dev.galen.tokenizer.wordpiece;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.galen.tokenizer.StageCases;
import dev.galen.tokenizer.stage.TokenList;
import dev.galen.tokenizer.stage.TokenModel;
import dev.galen.tokenizer.stage.Vocabulary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which tokens a word has, wherever they stand in the vocabulary and the word in the text. */
class WordPieceTest {
  @TempDir Path folder;

  private static final String LACKS =
      "the vocabulary has no token for \"fever\", and lacks the unknown token \"[UNK]\" as well";

  private static WordPiece wordPiece(int longestWord, String... tokens) {
    return new WordPiece(Vocabulary.of(List.of(tokens)), "[UNK]", "##", longestWord);
  }

  /** The tokens of {@code text[start, end)}, which has one byte a character. */
  private static List<String> tokens(TokenModel model, String text, int start, int end) {
    var list = TokenList.withPlaces(4);
    model.encode(text.getBytes(StandardCharsets.UTF_8), start, end, list);
    return IntStream.of(list.ids().toArray()).mapToObj(model.vocabulary()::tokenOrNull).toList();
  }

  private static List<String> tokens(TokenModel model, String word) {
    return tokens(model, word, 0, word.getBytes(StandardCharsets.UTF_8).length);
  }

  @Test
  void tokensAreThoseOfTheLibrary() throws IOException {
    int rows = 0;
    for (var set : StageCases.of("models.json")) {
      var component = set.get("model");
      if (component.get("type").textValue().startsWith("Word")) {
        var model = StageCases.stages(folder, "model", component).model();
        for (var row : set.get("texts")) {
          StageCases.assertTokens(model, row, component + " " + row.get(0));
          rows++;
        }
      }
    }
    assertEquals(100, rows);
  }

  @Test
  void theLongestTokenIsTakenEachTime() {
    var model = wordPiece(100, "pain", "pa", "##in", "##f", "##ful", "[UNK]");
    assertEquals(List.of("pain", "##ful"), tokens(model, "painful"));
    assertEquals(List.of("pain"), tokens(model, "pain"));
    assertEquals(List.of("pa", "##f"), tokens(model, "paf"));
    assertEquals(List.of("[UNK]"), tokens(model, "painless"));
    assertEquals(List.of("[UNK]"), tokens(model, "ful"));
    assertEquals(List.of(), tokens(model, ""));
  }

  @Test
  void tokensKnowTheirBytes() {
    var model = wordPiece(100, "pain", "##ful", "[UNK]");
    var list = TokenList.withPlaces(4);
    model.encode("a painful x".getBytes(StandardCharsets.UTF_8), 2, 9, list);
    assertArrayEquals(new int[] {0, 1}, list.ids().toArray());
    assertEquals(2, list.start(0));
    assertEquals(6, list.end(0));
    assertEquals(6, list.start(1));
    assertEquals(9, list.end(1));
  }

  @Test
  void theUnknownTokenMayBeTheFirst() {
    assertEquals(List.of("[UNK]"), tokens(wordPiece(100, "[UNK]", "a"), "b"));
    var words = new WordLevel(Vocabulary.of(List.of("[UNK]", "a")), "[UNK]");
    assertEquals(List.of("[UNK]"), tokens(words, "b"));
  }

  @Test
  void theFirstWordIsAWord() {
    var words = new WordLevel(Vocabulary.of(List.of("a", "b", "[UNK]")), "[UNK]");
    assertEquals(List.of("a"), tokens(words, "a"));
    assertEquals(List.of(), tokens(words, ""));
  }

  @Test
  void charactersAreCountedNotBytes() {
    var model = wordPiece(3, "[UNK]", "ééé", "ééé!", "abc", "abcd");
    assertEquals(List.of("ééé"), tokens(model, "ééé"));
    assertEquals(List.of("[UNK]"), tokens(model, "ééé!"));
    assertEquals(List.of("abc"), tokens(model, "abc"));
    assertEquals(List.of("[UNK]"), tokens(model, "abcd"));
  }

  @Test
  void aWordWithoutAnyTokenIsNamed() {
    var model = wordPiece(100, "a");
    var words = new WordLevel(model.vocabulary(), "[UNK]");
    for (TokenModel each : List.of(model, words, wordPiece(100))) {
      var e =
          assertThrows(
              IllegalArgumentException.class, () -> tokens(each, "with fever today", 5, 10));
      assertEquals(LACKS, e.getMessage());
    }
  }

  @Test
  void aModelTellsItsSettings() {
    var model = new WordPiece(Vocabulary.of(List.of("a")), "<unk>", "@@", 7);
    assertEquals("<unk>", model.unknown());
    assertEquals("@@", model.prefix());
    assertEquals(7, model.longestWord());
  }
}
