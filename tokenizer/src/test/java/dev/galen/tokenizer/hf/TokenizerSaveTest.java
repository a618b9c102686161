package dev.galen.tokenizer.hf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.galen.tokenizer.Fixture;
import dev.galen.tokenizer.TokenizerFiles;
import dev.galen.tokenizer.bpe.ByteLevelBpe;
import dev.galen.tokenizer.bpe.Merges;
import dev.galen.tokenizer.stage.Vocabulary;
import dev.galen.tokenizer.text.ByteLevel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tokenizer is saved as a whole, with all that its files said, or not at all. */
class TokenizerSaveTest {

  private static final String TEXT = "the patient, the pattern; 150 mmHg <|note|>";

  @TempDir Path directory;

  /** What a kill is to the process: no cleaning up is done behind it. */
  private static final class Killed extends Error {}

  /** Dies before the operation of a number. */
  private static final class Countdown implements Runnable {
    private final int last;
    private int count;

    Countdown(int last) {
      this.last = last;
    }

    @Override
    public void run() {
      if (++count == last) {
        throw new Killed();
      }
    }
  }

  private static TokenizerDefinition old() throws IOException {
    return TokenizerDefinition.of(
        new ByteLevelBpe(bytes(), new Merges(bytes()), false), List.of("<|endoftext|>"));
  }

  private static Vocabulary bytes() {
    var tokens = new ArrayList<>(List.of("<|endoftext|>"));
    for (char c : ByteLevel.alphabet()) {
      tokens.add(String.valueOf(c));
    }
    return Vocabulary.of(tokens);
  }

  private TokenizerDefinition newer() throws IOException {
    var from = Fixture.write(directory.resolve("newer"), root -> {});
    Files.writeString(
        from.resolve("tokenizer_config.json"), "{\"eos_token\": \"<pad>\", \"note\": 1}");
    return TokenizerDirectory.read(from);
  }

  private static Map<String, String> contents(Path folder) throws IOException {
    var contents = new TreeMap<String, String>();
    try (var files = Files.list(folder)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        contents.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    return contents;
  }

  private static boolean hasHidden(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.anyMatch(file -> file.getFileName().toString().startsWith("."));
    }
  }

  @Test
  void aKillAtAnyOperationLeavesTheOldOrTheNew() throws IOException {
    var before = directory.resolve("before");
    TokenizerDirectory.write(before, old());
    // What an older library left there, and what a new one does not have.
    Files.writeString(before.resolve("added_tokens.json"), "{\"<|endoftext|>\": 0}");
    Files.writeString(before.resolve("config.json"), "{}");
    var after = directory.resolve("after");
    TokenizerDirectory.write(after, newer());
    var oldFiles = contents(before);
    var newFiles = contents(after);
    int[] oldIds = TokenizerFiles.load(before).encode(TEXT);
    int[] newIds = TokenizerFiles.load(after).encode(TEXT);

    var total = new Countdown(0);
    TokenizerDirectory.write(copy(before, "whole"), newer(), total);
    assertTrue(total.count > 20, total.count + " operations");
    boolean seenNew = false;
    for (int kill = 1; kill <= total.count; kill++) {
      var killed = copy(before, "killed-" + kill);
      var dies = new Countdown(kill);
      var definition = newer();
      assertThrows(Killed.class, () -> TokenizerDirectory.write(killed, definition, dies));

      var tokenizer = TokenizerFiles.load(killed);
      boolean isNew = tokenizer.vocabularySize() == 506;
      assertTrue(isNew || !seenNew, "killed at " + kill + ": the new one stays");
      seenNew = isNew;
      assertArrayEquals(isNew ? newIds : oldIds, tokenizer.encode(TEXT));
      assertEquals(isNew ? 1 : 0, tokenizer.endOfTextId().orElseThrow());
      assertUnmixed(contents(killed), oldFiles, newFiles, kill);

      TokenizerDirectory.write(killed, newer());
      assertFalse(hasHidden(killed), "killed at " + kill + ": a save takes the drafts away");
      newFiles.put("config.json", "{}");
      assertEquals(newFiles, contents(killed), "killed at " + kill);
      newFiles.remove("config.json");
    }
    assertTrue(seenNew);
  }

  /** Readers who know nothing of the hidden folders see files of one tokenizer only. */
  private static void assertUnmixed(
      Map<String, String> files, Map<String, String> old, Map<String, String> newer, int kill) {
    boolean isOld = old.entrySet().containsAll(files.entrySet());
    var without = new TreeMap<>(files);
    without.remove("config.json"); // is not the tokenizer's
    boolean isNew = newer.entrySet().containsAll(without.entrySet());
    assertTrue(isOld || isNew, "killed at " + kill + ": " + files.keySet());
    assertTrue(files.containsKey("tokenizer.json"), "killed at " + kill);
  }

  private Path copy(Path from, String name) throws IOException {
    var to = Files.createDirectory(directory.resolve(name));
    for (var entry : contents(from).entrySet()) {
      Files.writeString(to.resolve(entry.getKey()), entry.getValue());
    }
    return to;
  }

  @Test
  void whatCannotBeWrittenLeavesTheOld() throws IOException {
    var newer = newer();
    var saved = directory.resolve("saved");
    TokenizerDirectory.write(saved, old());
    var before = contents(saved);
    Files.createDirectories(saved.resolve("added_tokens.json/in the way"));
    var e = assertThrows(IOException.class, () -> TokenizerDirectory.write(saved, newer));
    assertEquals(
        "cannot write " + saved.resolve("added_tokens.json") + ": it is a folder", e.getMessage());
    assertEquals(before, contents(saved));
    assertFalse(hasHidden(saved));
  }

  @Test
  void everyFieldOfTheFilesIsKept() throws IOException {
    var from =
        Fixture.write(
            directory.resolve("from"),
            root -> {
              root.put("of our own", 1);
              root.putObject("truncation").put("direction", "Right").put("max_length", 7);
              root.putObject("padding").put("pad_id", 1);
              root.withObject("/model").put("unk_token", "<pad>").put("unknown", Double.NaN);
            });
    var config =
        """
        {"chat_template": "{% for m in messages %}{{ m['content'] }}{% endfor %}",
         "model_max_length": 1000000000000000019884624838656, "padding_side": "left",
         "extra_special_tokens": ["<mask>"], "image_token": "<pad>", "loss": NaN,
         "eos_token": {"content": "<|endoftext|>", "lstrip": false, "__type": "AddedToken"},
         "tokenizer_class": "GPT2TokenizerFast", "unheard": {"of": [1, 2.5, null]}}
        """;
    Files.writeString(from.resolve("tokenizer_config.json"), config);
    Files.writeString(from.resolve("special_tokens_map.json"), "{\"seen\": true}");
    var saved = directory.resolve("saved");
    TokenizerFiles.load(from).save(saved);
    for (var name : List.of("tokenizer_config.json", "special_tokens_map.json")) {
      assertKept(Json.readObject(from.resolve(name)), Json.readObject(saved.resolve(name)), name);
    }
    var was = Json.readObject(from.resolve("tokenizer.json"));
    var is = Json.readObject(saved.resolve("tokenizer.json"));
    for (var name : List.of("version", "of our own", "truncation", "padding", "normalizer")) {
      assertEquals(was.get(name), is.get(name), name);
    }
    for (var name : List.of("pre_tokenizer", "decoder", "post_processor", "added_tokens")) {
      assertEquals(was.get(name), is.get(name), name);
    }
    for (var name : List.of("unk_token", "unknown", "vocab", "dropout")) {
      assertEquals(was.at("/model/" + name), is.at("/model/" + name), name);
    }
    TokenizerFiles.load(saved).save(directory.resolve("again"));
    assertEquals(contents(saved), contents(directory.resolve("again")));
  }

  private static void assertKept(JsonNode was, JsonNode is, String name) {
    was.properties()
        .forEach(
            entry ->
                assertEquals(
                    entry.getValue(), is.get(entry.getKey()), name + " " + entry.getKey()));
  }

  @Test
  void specialTokensThatOnlyTheMapNamesStaySpecial() throws IOException {
    var from = Fixture.write(directory.resolve("from"), root -> {});
    Files.writeString(
        from.resolve("special_tokens_map.json"), "{\"additional_special_tokens\": [\"<mask>\"]}");
    var saved = directory.resolve("saved");
    TokenizerFiles.load(from).save(saved);
    // transformers does not look at the map beside an added_tokens_decoder.
    assertEquals(
        "[\"<mask>\"]",
        Json.readObject(saved.resolve("tokenizer_config.json"))
            .get("additional_special_tokens")
            .toString());
  }
}
