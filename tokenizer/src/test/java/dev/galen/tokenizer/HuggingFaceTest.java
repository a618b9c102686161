package dev.galen.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.tokenizer.hf.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same tokenizer.json gives the same ids as in HuggingFace's library. */
class HuggingFaceTest {

  @TempDir Path directory;

  private Tokenizer tokenizer(Consumer<ObjectNode> change) throws IOException {
    return TokenizerFiles.load(Fixture.write(directory, change));
  }

  private static void assertCases(Tokenizer tokenizer, SpecialTokens policy, String expected)
      throws IOException {
    for (var node : Fixture.cases().get("cases")) {
      var text = node.get("text").textValue();
      assertArrayEquals(Fixture.ids(node.get(expected)), tokenizer.encode(text, policy), text);
    }
  }

  @Test
  void parsesAddedTokens() throws IOException {
    assertCases(tokenizer(root -> {}), SpecialTokens.PARSE, "ids");
  }

  @Test
  void takesSpecialTokensAsText() throws IOException {
    assertCases(tokenizer(root -> {}), SpecialTokens.TEXT, "text_ids");
  }

  @Test
  void addsAPrefixSpaceToEveryStretch() throws IOException {
    var tokenizer =
        tokenizer(root -> ((ObjectNode) root.get("pre_tokenizer")).put("add_prefix_space", true));
    assertCases(tokenizer, SpecialTokens.PARSE, "prefix_ids");
  }

  @Test
  void takesWholeWordsWhenMergesAreIgnored() throws IOException {
    var tokenizer =
        tokenizer(
            root -> {
              ((ObjectNode) root.get("model")).put("ignore_merges", true);
              ((ArrayNode) root.at("/model/merges")).removeAll();
            });
    assertCases(tokenizer, SpecialTokens.PARSE, "whole_ids");
  }

  @Test
  void decodes() throws IOException {
    var tokenizer = tokenizer(root -> {});
    for (var node : Fixture.cases().get("cases")) {
      var ids = Fixture.ids(node.get("ids"));
      assertEquals(node.get("decoded").textValue(), tokenizer.decode(ids));
    }
  }

  @Test
  void trainsTheSameVocabularyAndMerges() throws IOException {
    var trained =
        BpeTrainer.builder()
            .vocabularySize(500)
            .specialTokens("<|endoftext|>", "<pad>")
            .build()
            .train(Fixture.corpus());
    trained.save(directory);
    var expected = Fixture.tokenizerJson().get("model");
    var actual = Json.readObject(directory.resolve("tokenizer.json")).get("model");
    assertEquals(expected.get("vocab"), actual.get("vocab"));
    var lines = Json.MAPPER.createArrayNode();
    for (var merge : expected.get("merges")) {
      lines.add(merge.get(0).textValue() + " " + merge.get(1).textValue());
    }
    assertEquals(lines, actual.get("merges"));
  }
}
