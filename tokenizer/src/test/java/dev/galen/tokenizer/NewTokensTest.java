package dev.galen.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens that a tokenizer learns after its training. */
class NewTokensTest {
  @TempDir Path folder;

  private static Tokenizer trained() {
    return BpeTrainer.builder()
        .vocabularySize(280)
        .specialTokens("<|endoftext|>")
        .build()
        .train(Stream.of("the heart and the hand and the heat ".repeat(20)));
  }

  @Test
  void theyAreFoundInTextsAndKeptInFiles() throws IOException {
    Tokenizer before = trained();
    int size = before.vocabularySize();
    Tokenizer after = before.withTokens(List.of("troponin", "<dose>", "troponin"));
    assertEquals(size + 2, after.vocabularySize());
    assertEquals(size, before.vocabularySize());
    String text = "the troponin and <dose>the";
    int[] ids = after.encode(text, SpecialTokens.TEXT);
    assertEquals(size, ids[2]); // "the", " ", then the first new one
    assertEquals(
        1,
        Stream.of(ids).flatMapToInt(java.util.Arrays::stream).filter(id -> id == size + 1).count());
    assertEquals(text, after.decode(ids));
    assertEquals("new tokens", after.appendedBy(size).orElseThrow());
    after.save(folder);
    Tokenizer again = TokenizerFiles.load(folder);
    assertEquals(size + 2, again.vocabularySize());
    assertArrayEquals(ids, again.encode(text, SpecialTokens.TEXT));
    assertTrue(Files.readString(folder.resolve("tokenizer_config.json")).contains("troponin"));
    // Known already, and so the files that a second save leaves are the same.
    Path second = folder.resolve("second");
    again.withTokens(List.of("<dose>", "troponin")).save(second);
    assertEquals(
        -1, Files.mismatch(folder.resolve("tokenizer.json"), second.resolve("tokenizer.json")));
  }

  /** A token of the model keeps its id, and is one wherever it is spelled out. */
  @Test
  void aTokenOfTheModelKeepsItsId() {
    Tokenizer before = trained();
    int known = before.id("he").orElseThrow();
    Tokenizer after = before.withTokens(List.of("he"));
    assertEquals(before.vocabularySize(), after.vocabularySize());
    assertArrayEquals(
        new int[] {before.id("t").orElseThrow(), known}, after.encode("the", SpecialTokens.TEXT));
  }

  @Test
  void whatIsNoTokenIsRefused() {
    Tokenizer tokenizer = trained();
    for (String blank : List.of("", " ", "\n")) {
      assertThrows(IllegalArgumentException.class, () -> tokenizer.withTokens(List.of("a", blank)));
    }
  }
}
