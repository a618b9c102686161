package dev.galen.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** WordPiece and unigram tokenizers are learned, and are as good as those of tokenizers 0.23.2. */
class TrainersTest {

  private static final String TEXT = "the patients denied  Café pain; naïve the painful end.";

  @TempDir Path folder;

  private static List<String> corpus() throws IOException {
    var parts = new RandomParts();
    var texts = new ArrayList<String>(Fixture.corpus());
    for (int seed = 0; seed < 30; seed++) {
      texts.add(parts.text(seed));
    }
    return texts;
  }

  private void assertSame(Tokenizer first, Tokenizer second) {
    assertEquals(first.vocabularySize(), second.vocabularySize());
    for (int id = 0; id < first.vocabularySize(); id++) {
      assertEquals(first.token(id), second.token(id));
    }
    assertArrayEquals(
        first.encodeWithSpecialTokens(TEXT, SpecialTokens.REFUSE),
        second.encodeWithSpecialTokens(TEXT, SpecialTokens.REFUSE));
  }

  @Test
  void wordPieceIsLearnedInAnyOrderAndSaved() throws IOException {
    var trainer = WordPieceTrainer.builder().vocabularySize(400).alphabet(120).build();
    var texts = corpus();
    var tokenizer = trainer.train(texts);
    assertEquals(400, tokenizer.vocabularySize());
    Collections.shuffle(texts, new Random(5));
    assertSame(tokenizer, trainer.train(texts));
    tokenizer.save(folder);
    assertSame(tokenizer, TokenizerFiles.load(folder));
    Files.delete(folder.resolve("tokenizer.json"));
    assertSame(tokenizer, TokenizerFiles.load(folder));
    int[] ids = tokenizer.encodeWithSpecialTokens("The THE", SpecialTokens.REFUSE);
    assertEquals("[CLS]", tokenizer.token(ids[0]));
    assertEquals("[SEP]", tokenizer.token(ids[ids.length - 1]));
    assertEquals(ids[1], ids[2]);
  }

  @Test
  void casedWordPieceKeepsCapitals() throws IOException {
    var tokenizer = WordPieceTrainer.builder().lowersCase(false).build().train(List.of("Ab ab"));
    int[] ids = tokenizer.encode("Ab ab");
    assertEquals(List.of("Ab", "ab"), List.of(tokenizer.token(ids[0]), tokenizer.token(ids[1])));
  }

  @Test
  void unigramIsLearnedInAnyOrderAndSaved() throws IOException {
    var trainer = UnigramTrainer.of(420);
    var texts = new ArrayList<>(Fixture.corpus());
    var tokenizer = trainer.train(texts);
    assertTrue(tokenizer.vocabularySize() <= 420);
    Collections.shuffle(texts, new Random(5));
    assertSame(tokenizer, trainer.train(texts));
    tokenizer.save(folder);
    assertSame(tokenizer, TokenizerFiles.load(folder));
    assertEquals(1, tokenizer.endOfTextId().getAsInt());
    assertEquals(0, tokenizer.paddingId().getAsInt());
    var text = "the patient denies pain";
    assertEquals(text, tokenizer.decode(tokenizer.encode(text)));
  }

  @Test
  void settingsThatCannotBeAreRefused() {
    assertEquals(
        "vocabularySize 3 is too small: the special tokens take 3",
        assertThrows(IllegalArgumentException.class, () -> UnigramTrainer.of(3)).getMessage());
    assertEquals(
        "the texts have 4 different characters, more than the 1 tokens that there is room for",
        assertThrows(
                IllegalArgumentException.class, () -> UnigramTrainer.of(4).train(List.of("abc")))
            .getMessage());
    var tooSmall = WordPieceTrainer.builder().vocabularySize(5);
    assertEquals(
        "vocabularySize 5 is too small: the special tokens take 5",
        assertThrows(IllegalArgumentException.class, tooSmall::build).getMessage());
  }

  /**
   * The tokens that a held-out tenth of some Shakespeare takes, beside those that tokenizers 0.23.2
   * takes after training on the other nine; see {@code random-texts/quality.py}.
   */
  @Test
  void learnedTokensAreAsFewAsTheLibrarys() throws IOException {
    var file = SharedData.require("tinyshakespeare").resolve("input.txt");
    var lines = Files.readAllLines(file).subList(0, 12_000);
    var training = lines.subList(0, lines.size() * 9 / 10);
    var heldOut = lines.subList(lines.size() * 9 / 10, lines.size());
    var wordPiece = WordPieceTrainer.builder().vocabularySize(4000).build().train(training);
    assertAsGood(WORD_PIECE, wordPiece, heldOut);
    assertAsGood(UNIGRAM, UnigramTrainer.of(4000).train(training), heldOut);
  }

  private static final int WORD_PIECE = 9_660;
  private static final int UNIGRAM = 10_823;

  private static void assertAsGood(int library, Tokenizer tokenizer, List<String> lines) {
    int ours = 0;
    for (var line : lines) {
      ours += tokenizer.encode(line, SpecialTokens.TEXT).length;
    }
    assertTrue(ours <= library * 1.02, ours + " tokens, the library takes " + library);
  }
}
