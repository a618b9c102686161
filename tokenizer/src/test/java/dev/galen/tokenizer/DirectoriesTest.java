package dev.galen.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.galen.tokenizer.hf.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Directories with vocab.txt or a SentencePiece model alone give what transformers' {@code
 * AutoTokenizer} gives for them, and so does what is saved of them; see {@code
 * directories/make.py}.
 */
class DirectoriesTest {

  @TempDir Path folder;

  @Test
  void everyDirectoryIsReadAsItsClassReadsIt() throws IOException {
    var root = Json.MAPPER.readTree(Fixture.read("directories/", "cases.json"));
    int number = 0;
    for (var node : root.get("cases")) {
      var directory = Files.createDirectory(folder.resolve("case" + number++));
      for (var file : node.get("files").properties()) {
        var content = file.getValue();
        Files.writeString(
            directory.resolve(file.getKey()),
            content.isTextual() ? content.textValue() : content.toString());
      }
      for (var file : node.get("models").properties()) {
        Files.copy(
            Fixture.folder("random-texts/" + file.getValue().textValue()),
            directory.resolve(file.getKey()));
      }
      var name = node.get("name").textValue();
      var tokenizer = TokenizerFiles.load(directory);
      compare(root.get("texts"), node, tokenizer, name);
      var saved = folder.resolve("saved" + number);
      tokenizer.save(saved);
      if (Files.exists(directory.resolve("config.json"))) {
        Files.copy(directory.resolve("config.json"), saved.resolve("config.json"));
      }
      compare(root.get("texts"), node, TokenizerFiles.load(saved), name + ", saved");
    }
  }

  private static void compare(JsonNode texts, JsonNode node, Tokenizer tokenizer, String name) {
    assertEquals(node.get("size").intValue(), tokenizer.vocabularySize(), name);
    for (int i = 0; i < texts.size(); i++) {
      var text = texts.get(i).textValue();
      var encoding = tokenizer.encode(text, SpecialTokens.PARSE, true);
      assertArrayEquals(Fixture.ids(node.get("ids").get(i)), encoding.ids(), name + ": " + text);
      assertArrayEquals(
          encoding.ids(),
          tokenizer.encodeWithSpecialTokens(text, SpecialTokens.PARSE),
          name + ": " + text);
      var places = encoding.inCodePoints(text);
      for (int k = 0; k < encoding.size(); k++) {
        assertEquals(
            node.get("offsets").get(i).get(k).toString(),
            "[%d,%d]".formatted(places.starts()[k], places.ends()[k]),
            name + ": " + text + " token " + k);
      }
      assertEquals(node.get("decoded").get(i).textValue(), tokenizer.decode(encoding.ids()), name);
      streams(tokenizer, encoding.ids(), name);
    }
    var pair =
        tokenizer.encode(
            texts.get(0).textValue(), texts.get(1).textValue(), SpecialTokens.PARSE, true);
    assertArrayEquals(Fixture.ids(node.get("pair")), pair.ids(), name);
  }

  private static void streams(Tokenizer tokenizer, int[] ids, String name) {
    var decoder = tokenizer.streamingDecoder();
    var text = new StringBuilder();
    for (int id : ids) {
      text.append(decoder.push(id));
    }
    assertEquals(tokenizer.decode(ids), text + decoder.finish(), name);
  }
}
