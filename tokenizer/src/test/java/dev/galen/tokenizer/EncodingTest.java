package dev.galen.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.tokenizer.hf.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens stand where HuggingFace's tokenizers has them; see {@code offsets/make.py}. */
class EncodingTest {

  @TempDir Path folder;

  private Tokenizer tokenizer(JsonNode patch) throws IOException {
    return load(
        root -> {
          root.set("post_processor", patch.get("post_processor"));
          root.withObject("/pre_tokenizer").setAll((ObjectNode) patch.get("pre_tokenizer"));
        });
  }

  private Tokenizer load(Consumer<ObjectNode> change) throws IOException {
    return TokenizerFiles.load(Fixture.write(folder, change));
  }

  @Test
  void tokensStandWhereTheLibraryHasThem() throws IOException {
    int compared = 0;
    for (var set : Json.MAPPER.readTree(Fixture.read("offsets/", "cases.json"))) {
      var tokenizer = tokenizer(set.get("patch"));
      for (var node : set.get("texts")) {
        for (var added : new boolean[] {true, false}) {
          var expected = added || !node.has("plain") ? node.get("added") : node.get("plain");
          var name = set.get("name") + " " + node.get("text") + " " + added;
          compared += compare(tokenizer, node.get("text"), added, expected, name);
        }
      }
    }
    assertTrue(compared > 3000, compared + " tokens");
  }

  private static int compare(
      Tokenizer tokenizer, JsonNode texts, boolean added, JsonNode expected, String name) {
    var first = texts.get(0).textValue();
    var encoding =
        texts.size() == 1
            ? tokenizer.encode(first, SpecialTokens.PARSE, added)
            : tokenizer.encode(first, texts.get(1).textValue(), SpecialTokens.PARSE, added);
    assertEquals(expected.size(), encoding.size(), name);
    for (int i = 0; i < expected.size(); i++) {
      var token = Fixture.ids(expected.get(i));
      boolean special = token[5] == 1;
      var text = special ? "" : texts.get(token[4]).textValue();
      int[] ours = {
        encoding.starts()[i],
        encoding.ends()[i],
        encoding.ids()[i],
        encoding.typeIds()[i],
        encoding.texts()[i],
        encoding.special()[i] ? 1 : 0
      };
      token[0] = text.offsetByCodePoints(0, token[0]);
      token[1] = text.offsetByCodePoints(0, token[1]);
      assertArrayEquals(token, ours, name + " token " + i);
    }
    if (texts.size() == 1) {
      int[] ids =
          added
              ? tokenizer.encodeWithSpecialTokens(first, SpecialTokens.PARSE)
              : tokenizer.encode(first, SpecialTokens.PARSE);
      assertArrayEquals(ids, encoding.ids(), name);
    }
    return expected.size();
  }

  @Test
  void placesAreIndexesOfJavasStrings() throws IOException {
    var text = "🙂🙃 patient";
    var encoding = load(root -> {}).encode(text, SpecialTokens.REFUSE, true);
    int last = encoding.size() - 1;
    assertEquals(" patient", text.substring(encoding.starts()[last], encoding.ends()[last]));
    // A character whose bytes are cut is the place of each of them.
    assertEquals("🙃", text.substring(encoding.starts()[1], encoding.ends()[1]));
    assertEquals("🙃", text.substring(encoding.starts()[2], encoding.ends()[2]));
  }

  @Test
  void specialTokensAreRefusedAsInIds() throws IOException {
    var tokenizer = load(root -> {});
    assertThrows(
        IllegalArgumentException.class,
        () -> tokenizer.encode("a<pad>", SpecialTokens.REFUSE, true));
    assertThrows(
        IllegalArgumentException.class,
        () -> tokenizer.encode("a", "b<pad>", SpecialTokens.REFUSE, true));
    assertTrue(tokenizer.encode("<pad>", SpecialTokens.TEXT, true).size() > 1);
  }
}
