package dev.galen.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.tokenizer.Truncation.Strategy;
import dev.galen.tokenizer.hf.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What tokenizer.json says of lengths, and windows and padding by hand. */
class LengthsTest {

  @TempDir Path folder;

  private Tokenizer tokenizer(String truncation, String padding) throws IOException {
    var cut = Json.MAPPER.readTree(truncation);
    var fill = Json.MAPPER.readTree(padding);
    return TokenizerFiles.load(
        Fixture.write(
            folder,
            root -> {
              root.set("truncation", cut);
              root.set("padding", fill);
            }));
  }

  @Test
  void theFilesMaySayThem() throws IOException {
    var plain = TokenizerFiles.load(Fixture.write(folder, (ObjectNode root) -> {}));
    assertEquals(Optional.empty(), plain.truncation());
    assertEquals(Optional.empty(), plain.padding());
    var tokenizer =
        tokenizer(
            "{\"direction\": \"Left\", \"max_length\": 9, \"strategy\": \"OnlyFirst\", \"stride\": 2}",
            "{\"strategy\": {\"Fixed\": 8}, \"direction\": \"Left\", \"pad_to_multiple_of\": null,"
                + " \"pad_id\": 1, \"pad_type_id\": 3, \"pad_token\": \"<pad>\"}");
    assertEquals(
        Optional.of(new Truncation(9, Strategy.ONLY_FIRST, 2, Side.LEFT)), tokenizer.truncation());
    assertEquals(Optional.of(new Padding(8, 0, Side.LEFT, 1, 3)), tokenizer.padding());
    assertEquals(
        Optional.of(new Padding(0, 4, Side.RIGHT, 0, 0)),
        tokenizer("null", "{\"strategy\": \"BatchLongest\", \"pad_to_multiple_of\": 4}").padding());
  }

  @Test
  void whatTheyCannotSayIsRefused() {
    var e = assertThrows(IOException.class, () -> tokenizer("{\"strategy\": \"Random\"}", "null"));
    assertEquals(
        folder.resolve("tokenizer.json")
            + ": truncation with strategy Random is not supported (only LongestFirst, OnlyFirst and"
            + " OnlySecond are)",
        e.getMessage());
    e = assertThrows(IOException.class, () -> tokenizer("{\"max_length\": -1}", "null"));
    assertEquals(
        folder.resolve("tokenizer.json") + ": truncation: max_length is -1", e.getMessage());
    assertThrows(IOException.class, () -> tokenizer("null", "{\"strategy\": 5}"));
    assertThrows(IOException.class, () -> tokenizer("null", "{\"direction\": \"Up\"}"));
  }

  @Test
  void windowsArePaddedToOneLength() throws IOException {
    var tokenizer = TokenizerFiles.load(Fixture.write(folder, (ObjectNode root) -> {}));
    var text = "the patient denies pain";
    var windows =
        tokenizer.encodeWindows(
            text, null, SpecialTokens.REFUSE, true, Truncation.to(3).withStride(1));
    var whole = tokenizer.encode(text);
    assertEquals(whole[0], windows.getFirst().ids()[0]);
    assertEquals(windows.getFirst().ids()[2], windows.get(1).ids()[0]);
    var padded = new Padding(4, 0, Side.LEFT, 1, 0).pad(windows);
    assertArrayEquals(new int[] {0, 1, 1, 1}, padded.getFirst().attentionMask());
    assertEquals(1, padded.getFirst().ids()[0]);
    assertEquals(true, padded.getFirst().special()[0]);
    assertEquals(windows.getFirst().starts()[1], padded.getFirst().starts()[2]);
    assertEquals(
        List.of(windows.getFirst()),
        Padding.toLongest(padding(tokenizer)).pad(List.of(windows.getFirst())));
    // One as long as the room cuts nothing here: the second word fills the window.
    assertEquals(
        1,
        tokenizer
            .encodeWindows(text, null, SpecialTokens.REFUSE, true, Truncation.to(2).withStride(2))
            .size());
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                tokenizer.encodeWindows(
                    text, null, SpecialTokens.REFUSE, true, Truncation.to(2).withStride(3)));
    assertEquals(
        "stride 3 leaves nothing new in a window of maxLength 2, which has room for 2 tokens",
        e.getMessage());
  }

  /** The same tokenizer with a padding token. */
  private Tokenizer padding(Tokenizer tokenizer) throws IOException {
    tokenizer.save(folder.resolve("padding"));
    Files.writeString(
        folder.resolve("padding/tokenizer_config.json"), "{\"pad_token\": \"<pad>\"}");
    return TokenizerFiles.load(folder.resolve("padding"));
  }
}
