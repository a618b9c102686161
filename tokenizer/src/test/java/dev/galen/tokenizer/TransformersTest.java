package dev.galen.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
        var e = assertThrows(IOException.class, () -> BpeTokenizer.load(directory));
        assertEquals(directory + node.get("refused").textValue(), e.getMessage());
        continue;
      }
      var tokenizer = BpeTokenizer.load(directory);
      assertIds(root.get("texts"), node, tokenizer, "");
      var saved = folder.resolve("saved" + number);
      tokenizer.save(saved);
      assertIds(root.get("texts"), node, BpeTokenizer.load(saved), ", saved");
    }
  }

  private static void assertIds(JsonNode texts, JsonNode node, BpeTokenizer tokenizer, String how) {
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
      Files.writeString(directory.resolve("tokenizer.json"), root.toString());
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
    var tokenizer = BpeTokenizer.load(folder);
    var text = "a <|endoftext|>";
    assertArrayEquals(tokenizer.encode(text, SpecialTokens.TEXT), tokenizer.encode(text));
  }
}
