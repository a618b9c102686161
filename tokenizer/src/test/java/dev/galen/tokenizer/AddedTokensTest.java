package dev.galen.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.galen.tokenizer.hf.Json;
import dev.galen.tokenizer.text.ByteLevel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Added tokens are found where HuggingFace's library finds them. */
class AddedTokensTest {

  private static final String EMPTY = "an added token is empty; take it out";

  @TempDir Path directory;

  /** A tokenizer of the 256 bytes, without merges. */
  private Tokenizer tokenizer(JsonNode addedTokens) throws IOException {
    Fixture.write(
        directory,
        root -> {
          var vocabulary = Json.MAPPER.createObjectNode();
          for (char c : ByteLevel.alphabet()) {
            vocabulary.put(String.valueOf(c), vocabulary.size());
          }
          root.withObject("/model").set("vocab", vocabulary);
          root.withObject("/model").putArray("merges");
          root.set("added_tokens", addedTokens);
        });
    return TokenizerFiles.load(directory);
  }

  @Test
  void areFoundAsInTheLibrary() throws IOException {
    int compared = 0;
    for (var set : Json.MAPPER.readTree(Fixture.read("added-tokens/", "cases.json"))) {
      var tokenizer = tokenizer(set.get("added_tokens"));
      for (var node : set.get("texts")) {
        compared += compare(tokenizer, node, SpecialTokens.PARSE, "parse", set);
        compared += compare(tokenizer, node, SpecialTokens.TEXT, "text_ids", set);
      }
    }
    assertTrue(compared > 1000, compared + " texts");
  }

  private static int compare(
      Tokenizer tokenizer, JsonNode node, SpecialTokens policy, String field, JsonNode set) {
    int[] ids = tokenizer.encode(node.get("text").textValue(), policy);
    if (node.get(field).isNull()) {
      return 0; // the library panics, which tells nothing but that we must not
    }
    assertArrayEquals(
        Fixture.ids(node.get(field)),
        ids,
        () -> policy + " " + node + " of " + set.get("added_tokens"));
    return 1;
  }

  @Test
  void areFoundBehindOneThatStrips() throws IOException {
    assertReport("rstrip", SpecialTokens.PARSE);
  }

  @Test
  void areNotFoundInsideOfOneThatIsText() throws IOException {
    assertReport("inside-special", SpecialTokens.TEXT);
  }

  private static void assertReport(String name, SpecialTokens policy) throws IOException {
    var folder = Fixture.folder("added-token-after-rstrip/" + name);
    var tokenizer = TokenizerFiles.load(folder);
    List<String> right = Files.readAllLines(folder.resolve("right.txt"));
    var lines = Files.readAllLines(folder.resolve("lines.txt"));
    for (int i = 0; i < lines.size(); i++) {
      int[] ids = Arrays.stream(right.get(i).split("[ ,]+")).mapToInt(Integer::parseInt).toArray();
      assertArrayEquals(ids, tokenizer.encode(lines.get(i), policy), lines.get(i));
    }
  }

  private void assertRefused(String name, String content, String message) throws IOException {
    var file = directory.resolve(name);
    Files.writeString(file, content);
    var e = assertThrows(IOException.class, () -> TokenizerFiles.load(directory), content);
    assertEquals(file + ": " + message, e.getMessage());
    Files.delete(file);
  }

  @Test
  void areRefusedByTheirFile() throws IOException {
    var fault = Fixture.folder("added-tokens-fault");
    for (var name : List.of("vocab.json", "merges.txt")) {
      Files.copy(fault.resolve(name), directory.resolve(name));
    }
    int size = TokenizerFiles.load(directory).vocabularySize();
    var file = "added_tokens.json";
    assertRefused(file, Files.readString(fault.resolve("empty.json")), EMPTY);
    assertRefused(
        file,
        Files.readString(fault.resolve("negative.json")),
        "added token \"😀\" has the negative id -1");
    assertRefused(file, "{\"<x>\": 1e3}", "the id of token \"<x>\" is 1000.0, not an int");
    assertRefused(file, "{\"<x>\": NaN}", "the id of token \"<x>\" is \"NaN\", not an int");
    assertRefused(
        file, "{\"<x>\": 9999999999}", "the id of token \"<x>\" is 9999999999, not an int");
    assertRefused(
        file,
        "{\"<x>\": 2147483647}",
        "token \"<x>\" has id 2147483647, but there are only %d tokens; ids must be dense"
            .formatted(size + 1));
    assertRefused(file, "{\"<x>\": 5}", "tokens \"%\" and \"<x>\" have the same id 5");
    assertRefused(
        file,
        "{\"<x>\": %d, \"<y>\": %d}".formatted(size, size),
        "tokens \"<x>\" and \"<y>\" have the same id " + size);
    assertRefused(
        file,
        "{\"%%\": %d}".formatted(size),
        "added token \"%%\" has id %d, but the vocabulary gives it id 5".formatted(size));
    assertRefused(
        file,
        "{\"\\ud800\": %d}".formatted(size),
        "added token: the text has a lone surrogate U+D800 at index 0, which is no character;"
            + " remove or replace it");

    var config = "tokenizer_config.json";
    var decoder = "added_tokens_decoder: ";
    assertRefused(
        config, "{\"added_tokens_decoder\": {\"300\": {\"content\": \"\"}}}", decoder + EMPTY);
    assertRefused(
        config,
        "{\"added_tokens_decoder\": {\"-1\": {\"content\": \"<x>\"}}}",
        decoder + "added token \"<x>\" has the negative id -1");
    assertRefused(
        config,
        "{\"added_tokens_decoder\": {\"3 0\": {\"content\": \"<x>\"}}}",
        decoder + "\"3 0\" is not an id");
    assertRefused(
        config,
        "{\"added_tokens_decoder\": {\"9\": {\"content\": \"<x>\"}, \"8\": {\"content\": \"<x>\"}}}",
        decoder + "\"<x>\" is listed twice");
    assertRefused(
        config,
        "{\"added_tokens_decoder\": {\"300\": {\"content\": \"<x>\", \"lstrip\": \"no\"}}}",
        decoder + "lstrip is \"no\", expected true or false");
    assertRefused(
        config,
        "{\"added_tokens_decoder\": [1]}",
        decoder + "expected an object of tokens by id, got array");
    assertRefused(config, "{\"eos_token\": \"\"}", "eos_token: " + EMPTY);
    assertRefused(config, "{\"eos_token\": 5}", "eos_token: expected an added token, got 5");
  }
}
