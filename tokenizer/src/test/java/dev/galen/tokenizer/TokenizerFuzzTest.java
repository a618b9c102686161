package dev.galen.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.tokenizer.hf.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is in a tokenizer's files, it is loaded and saved, or one line names the file. */
class TokenizerFuzzTest {

  private static final int ROUNDS = 300;
  private static final String TEXT = "the drug <|endoftext|> <mask> x";
  private static final List<String> VALUES =
      List.of(
          "null",
          "-1",
          "2147483647",
          "1099511627776",
          "1.5",
          "NaN",
          "true",
          "[]",
          "{}",
          "\"\"",
          "\"\\n\\u0000x\"",
          "\"\\ud800\"",
          "[1, \"x\"]",
          "\"TemplateProcessing\"",
          "{\"content\": \"<q>\", \"type\": \"ByteLevel\"}");

  @TempDir Path folder;
  private final SplittableRandom random = new SplittableRandom(5);

  @Test
  void filesAreLoadedOrRefusedByName() throws IOException {
    var from = Fixture.write(folder.resolve("from"), root -> {});
    Files.writeString(
        from.resolve("tokenizer_config.json"),
        """
        {"tokenizer_class": "PreTrainedTokenizerFast", "eos_token": "<|endoftext|>",
         "pad_token": {"content": "<pad>", "lstrip": false}, "extra_special_tokens": ["<mask>"],
         "added_tokens_decoder": {"0": {"content": "<|endoftext|>", "special": true}},
         "split_special_tokens": false, "add_prefix_space": false}
        """);
    TokenizerFiles.load(from).save(folder.resolve("whole"));
    var names = List.of("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json");
    assertTrue(loaded(names, true) > ROUNDS / 4, "some are still good");
    names = List.of("vocab.json", "merges.txt", "tokenizer_config.json", "added_tokens.json");
    Files.writeString(folder.resolve("whole/added_tokens.json"), "{\"<x>\": 506}");
    Files.writeString(folder.resolve("whole/tokenizer_config.json"), "{\"add_bos_token\": true}");
    assertTrue(loaded(names, false) > ROUNDS / 4, "some are still good");
  }

  private int loaded(List<String> names, boolean json) throws IOException {
    int loaded = 0;
    for (int round = 0; round < ROUNDS; round++) {
      var directory = Files.createDirectories(folder.resolve((json ? "json" : "bare") + round % 8));
      for (var name : names) {
        Files.write(directory.resolve(name), Files.readAllBytes(folder.resolve("whole/" + name)));
      }
      var name = names.get(random.nextInt(names.size()));
      byte[] content = Files.readAllBytes(directory.resolve(name));
      boolean tree = name.endsWith("json") && random.nextInt(3) > 0;
      Files.write(directory.resolve(name), tree ? changed(content) : damaged(content));
      try {
        var tokenizer = TokenizerFiles.load(directory);
        loaded++;
        if (round % 25 == 0) {
          var saved = folder.resolve("saved");
          tokenizer.save(saved);
          assertArrayEquals(ids(tokenizer), ids(TokenizerFiles.load(saved)));
        } else {
          ids(tokenizer);
        }
      } catch (IOException e) {
        var message = e.getMessage();
        boolean line = message.chars().noneMatch(Character::isISOControl);
        assertTrue(line && message.startsWith(directory + "/") && message.length() < 600, message);
      }
    }
    return loaded;
  }

  private static int[] ids(Tokenizer tokenizer) {
    try {
      return tokenizer.encodeWithSpecialTokens(TEXT, SpecialTokens.PARSE);
    } catch (IllegalArgumentException e) {
      assertTrue(e.getMessage().contains("has no token for byte"), e.getMessage());
      return new int[0];
    }
  }

  private byte[] damaged(byte[] content) {
    byte[] damaged = content.clone();
    for (int i = random.nextInt(3); i >= 0 && damaged.length > 0; i--) {
      int at = random.nextInt(damaged.length);
      switch (random.nextInt(3)) {
        case 0 -> damaged = Arrays.copyOf(damaged, at);
        case 1 -> damaged[at] = (byte) random.nextInt();
        default -> damaged[at] ^= (byte) (1 << random.nextInt(8));
      }
    }
    return damaged;
  }

  /** With one value changed or taken out. */
  private byte[] changed(byte[] content) throws IOException {
    var root = Json.MAPPER.readTree(content);
    var places = new ArrayList<Runnable>();
    collect(root, places);
    if (!places.isEmpty()) {
      places.get(random.nextInt(places.size())).run();
    }
    return root.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void collect(JsonNode node, List<Runnable> places) throws IOException {
    int left = 12; // a vocabulary's entries are all alike
    if (node instanceof ObjectNode object) {
      for (var entry : object.properties()) {
        if (left-- > 0) {
          var name = entry.getKey();
          var value = value();
          places.add(() -> object.set(name, value));
          places.add(() -> object.remove(name));
          collect(entry.getValue(), places);
        }
      }
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < Math.min(array.size(), left); i++) {
        int at = i;
        var value = value();
        places.add(() -> array.set(at, value));
        collect(array.get(i), places);
      }
    }
  }

  private JsonNode value() throws IOException {
    return Json.MAPPER.readTree(VALUES.get(random.nextInt(VALUES.size())));
  }
}
