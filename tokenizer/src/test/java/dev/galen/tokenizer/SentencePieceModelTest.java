package dev.galen.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A SentencePiece model that stands alone. */
class SentencePieceModelTest {

  private static final Path MODEL = Fixture.folder("random-texts/spm-bpe.model");

  @TempDir Path folder;

  @Test
  void controlPiecesAreSpecial() throws IOException {
    var tokenizer = TokenizerFiles.load(MODEL);
    assertEquals(OptionalInt.of(1), tokenizer.beginningOfTextId());
    assertEquals(OptionalInt.of(2), tokenizer.endOfTextId());
    assertEquals(OptionalInt.empty(), tokenizer.paddingId());
    assertThrows(IllegalArgumentException.class, () -> tokenizer.encode("a</s>"));
    int[] parsed = tokenizer.encode("a</s>", SpecialTokens.PARSE);
    assertEquals(2, parsed[parsed.length - 1]);
    assertTrue(tokenizer.encode("a</s>", SpecialTokens.TEXT).length > parsed.length);
  }

  @Test
  void aSaveTakesTheTokenizerThatWasThereAway() throws IOException {
    Fixture.write(folder, root -> {});
    var tokenizer = TokenizerFiles.load(MODEL);
    tokenizer.save(folder);
    assertTrue(Files.notExists(folder.resolve("tokenizer.json")));
    var text = "The patient's BP is 120/80 mmHg 🙂.";
    int[] ids = tokenizer.encode(text);
    assertArrayEquals(ids, TokenizerFiles.load(folder).encode(text));
    assertEquals(text, tokenizer.decode(ids));
    TokenizerFiles.load(Fixture.write(folder.resolve("other"), root -> {})).save(folder);
    assertTrue(Files.notExists(folder.resolve("tokenizer.model")));
  }

  @Test
  void whatIsDamagedIsRefusedInOneLine() throws IOException {
    byte[] whole = Files.readAllBytes(MODEL);
    var file = folder.resolve("tokenizer.model");
    int refused = 0;
    for (int length = 0; length < whole.length; length += 61) {
      Files.write(file, Arrays.copyOf(whole, length));
      try {
        TokenizerFiles.load(folder).encode("a patient");
      } catch (IOException e) {
        assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
        assertEquals(1, e.getMessage().lines().count());
        refused++;
      }
    }
    assertTrue(refused > 50, refused + " refused");
    Files.writeString(file, "no model");
    assertThrows(IOException.class, () -> TokenizerFiles.load(folder));
  }

  @Test
  void filesThatNameAnotherClassAreRefused() throws IOException {
    Files.copy(MODEL, folder.resolve("tokenizer.model"));
    Files.writeString(
        folder.resolve("tokenizer_config.json"), "{\"tokenizer_class\": \"BertTokenizer\"}");
    var e = assertThrows(IOException.class, () -> TokenizerFiles.load(folder));
    assertEquals(
        folder.resolve("tokenizer.model")
            + ": is a SentencePiece model, but the files beside it name a class that has none",
        e.getMessage());
  }
}
