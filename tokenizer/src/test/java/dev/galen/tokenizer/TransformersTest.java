package dev.galen.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.tokenizer.hf.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A directory gives the ids that transformers' {@code AutoTokenizer} gives for it, or is refused;
 * see {@code transformers/make.py}. The same holds for what is saved of it.
 */
class TransformersTest {

  @TempDir Path folder;

  @Test
  void everyDirectoryIsObeyedOrRefused() throws IOException {
    var root = Json.MAPPER.readTree(Fixture.read("transformers/", "cases.json"));
    int number = 0;
    for (var node : root.get("cases")) {
      var directory = write(node, Files.createDirectory(folder.resolve("case" + number++)));
      if (node.has("refused")) {
        var e = assertThrows(IOException.class, () -> TokenizerFiles.load(directory));
        assertEquals(directory + node.get("refused").textValue(), e.getMessage());
        continue;
      }
      var tokenizer = TokenizerFiles.load(directory);
      assertIds(root.get("texts"), node, tokenizer, "");
      assertAppended(node, tokenizer);
      var saved = folder.resolve("saved" + number);
      tokenizer.save(saved);
      assertIds(root.get("texts"), node, TokenizerFiles.load(saved), ", saved");
      assertAppended(node, TokenizerFiles.load(saved));
    }
  }

  private static void assertAppended(JsonNode node, Tokenizer tokenizer) {
    var name = node.get("name").textValue();
    var text = new StringJoiner(" a ");
    for (var appended : node.path("appended")) {
      var token = appended.get(0).textValue();
      assertEquals(OptionalInt.of(appended.get(1).intValue()), tokenizer.id(token), name);
      text.add(token);
      // A special token that is taken for text is encoded as the characters it is made of.
      boolean special = appended.get(2).booleanValue();
      assertEquals(special, tokenizer.encode(token, SpecialTokens.TEXT).length > 1, name + token);
    }
    if (node.has("appended")) {
      int[] ids = tokenizer.encodeWithSpecialTokens(text.toString(), SpecialTokens.PARSE);
      assertArrayEquals(Fixture.ids(node.get("ids").get(4)), ids, name);
      var pad = node.get("pad");
      assertEquals(
          pad.isNull() ? OptionalInt.empty() : OptionalInt.of(pad.intValue()),
          tokenizer.paddingId(),
          name);
    }
  }

  private static void assertIds(JsonNode texts, JsonNode node, Tokenizer tokenizer, String how) {
    var name = node.get("name").textValue() + how;
    for (int i = 0; i < texts.size(); i++) {
      int[] ids = tokenizer.encodeWithSpecialTokens(texts.get(i).textValue(), SpecialTokens.PARSE);
      assertArrayEquals(Fixture.ids(node.get("ids").get(i)), ids, name);
    }
    int[] first = Fixture.ids(node.get("ids").get(0));
    assertEquals(node.get("decoded").textValue(), tokenizer.decode(first), name);
  }

  private static Path write(JsonNode node, Path directory) throws IOException {
    var root = Fixture.tokenizerJson();
    if (node.get("bare").booleanValue()) {
      var merges = new StringBuilder();
      for (var merge : root.at("/model/merges")) {
        merges.append(merge.get(0).textValue()).append(' ').append(merge.get(1).textValue());
        merges.append('\n');
      }
      Files.writeString(directory.resolve("merges.txt"), merges);
      Files.writeString(directory.resolve("vocab.json"), root.at("/model/vocab").toString());
    } else {
      patch(root, node.get("patch"));
      var text = root.toString();
      Files.writeString(
          directory.resolve("tokenizer.json"),
          node.has("unending") ? text.replace("<|endoftext|>", "[0]") : text);
    }
    for (var file : node.get("files").properties()) {
      Files.writeString(directory.resolve(file.getKey()), file.getValue().toString());
    }
    return directory;
  }

  private static void patch(ObjectNode target, JsonNode patch) {
    for (var entry : patch.properties()) {
      if (entry.getValue().isObject() && target.path(entry.getKey()).isObject()) {
        patch((ObjectNode) target.get(entry.getKey()), entry.getValue());
      } else {
        target.set(entry.getKey(), entry.getValue());
      }
    }
  }

  @Test
  void specialTokensAreTextWhereTheFilesSaySo() throws IOException {
    Fixture.write(folder, root -> {});
    Files.writeString(folder.resolve("tokenizer_config.json"), "{\"split_special_tokens\": true}");
    var tokenizer = TokenizerFiles.load(folder);
    var text = "a <|endoftext|>";
    assertArrayEquals(tokenizer.encode(text, SpecialTokens.TEXT), tokenizer.encode(text));
  }

  @Test
  void saysWhichFileAppendsAToken() throws IOException {
    Fixture.write(folder, root -> {});
    Files.writeString(
        folder.resolve("special_tokens_map.json"),
        "{\"pad_token\": \"[P]\", \"eos_token\": \"<pad>\"}");
    Files.writeString(
        folder.resolve("tokenizer_config.json"), "{\"extra_special_tokens\": {\"x\": \"[X]\"}}");
    var tokenizer = TokenizerFiles.load(folder);
    assertEquals(
        Optional.of(folder.resolve("special_tokens_map.json") + ": pad_token"),
        tokenizer.appendedBy(506));
    assertEquals(
        Optional.of(folder.resolve("tokenizer_config.json") + ": extra_special_tokens.x"),
        tokenizer.appendedBy(507));
    assertEquals(Optional.empty(), tokenizer.appendedBy(505));
    assertEquals(Optional.empty(), tokenizer.appendedBy(508));
  }

  @Test
  void refusesToAppendWhereTheLibraryWouldGiveAnIdTwice() throws IOException {
    Files.writeString(folder.resolve("merges.txt"), "");
    Files.writeString(folder.resolve("vocab.json"), "{\"a\": 0, \"b\": 1, \"c\": 3}");
    Files.writeString(folder.resolve("tokenizer_config.json"), "{\"pad_token\": \"[P]\"}");
    var e = assertThrows(IOException.class, () -> TokenizerFiles.load(folder));
    assertEquals(
        folder.resolve("tokenizer_config.json")
            + ": pad_token: tokens \"c\" and \"[P]\" have the same id 3",
        e.getMessage());
  }
}
