package dev.galen.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.tokenizer.hf.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * 20,000 random texts become the tokens that HuggingFace's and Google's libraries make of them,
 * places and decoded text included; see {@code random-texts/make.py}.
 */
class RandomTextsTest {

  private static final String FOLDER = "random-texts/";
  private static final int BLOCK = 200;

  @TempDir Path folder;

  @Test
  void everyKindOfTokenizerDoesAsItsLibrary() throws IOException {
    compare(2_000);
  }

  @Test
  @Tag("fuzz")
  void everyKindOfTokenizerDoesAsItsLibraryWithAllTexts() throws IOException {
    compare(20_000);
  }

  private void compare(int count) throws IOException {
    var kinds = (ObjectNode) Json.MAPPER.readTree(Fixture.read(FOLDER, "kinds.json"));
    var hashes = Json.MAPPER.readTree(Fixture.read(FOLDER, "hashes.json"));
    var ties = Json.MAPPER.readTree(Fixture.read(FOLDER, "ties.json"));
    var parts = new RandomParts();
    var texts = new ArrayList<String>();
    for (int seed = 0; seed < count; seed++) {
      texts.add(parts.text(seed));
    }
    var wrong = new ArrayList<String>();
    int blocks = 0;
    for (var entry : hashes.properties()) {
      var tokenizer = load(entry.getKey(), kinds);
      boolean pieces = entry.getKey().startsWith("spm");
      var tied = new HashSet<Integer>();
      ties.path(entry.getKey()).forEach(number -> tied.add(number.intValue()));
      for (int block = 0; block < Math.min(entry.getValue().size(), count / BLOCK); block++) {
        var all = new StringBuilder();
        for (int i = block * BLOCK; i < (block + 1) * BLOCK; i++) {
          var made = tied.contains(i) ? "tie" : encoded(tokenizer, texts.get(i), pieces);
          all.append(all.isEmpty() ? "" : "\n").append(made);
        }
        if (!hash(all.toString()).equals(entry.getValue().get(block).textValue())) {
          wrong.add(entry.getKey() + " block " + block);
        }
        blocks++;
      }
    }
    assertEquals(List.of(), wrong);
    assertTrue(blocks > 100, blocks + " blocks");
  }

  /** The tokenizer of a kind. */
  Tokenizer load(String kind, ObjectNode kinds) throws IOException {
    if (kind.startsWith("spm")) {
      return TokenizerFiles.load(Fixture.folder(FOLDER + kind + ".model"));
    }
    var directory = Files.createDirectories(folder.resolve(kind));
    Files.writeString(
        directory.resolve("tokenizer.json"), Json.MAPPER.writeValueAsString(resolve(kind, kinds)));
    return TokenizerFiles.load(directory);
  }

  private static JsonNode resolve(String kind, ObjectNode kinds) throws IOException {
    var root = (ObjectNode) kinds.get(kind).deepCopy();
    if (!root.has("base")) {
      return root;
    }
    var name = root.remove("base").textValue();
    var base =
        (ObjectNode) (name.equals("huggingface") ? Fixture.tokenizerJson() : resolve(name, kinds));
    if (kind.startsWith("pipeline") && name.equals("gpt2")) {
      base.withObject("/model").put("unk_token", "<pad>");
    }
    base.setAll(root);
    return base;
  }

  /** Ids and places, and the text that they are decoded to. */
  static String encoded(Tokenizer tokenizer, String text, boolean pieces) {
    Encoding encoding;
    try {
      encoding = tokenizer.encode(text, pieces ? SpecialTokens.TEXT : SpecialTokens.PARSE, !pieces);
    } catch (IllegalArgumentException e) {
      return "error";
    }
    var out = new StringBuilder();
    for (int i = 0; i < encoding.size(); i++) {
      out.append(i == 0 ? "" : " ").append(encoding.ids()[i]).append(':');
      out.append(text.codePointCount(0, encoding.starts()[i])).append(':');
      out.append(text.codePointCount(0, encoding.ends()[i]));
    }
    return out.append('|').append(tokenizer.decode(encoding.ids())).toString();
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, 12);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }
}
