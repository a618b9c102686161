package dev.galen.examples.cli;

import dev.galen.examples.fuzz.MemoryFolder;
import dev.galen.examples.fuzz.Mutator;
import dev.galen.examples.fuzz.Outcomes;
import dev.galen.examples.fuzz.SmallHub;
import dev.galen.model.hub.DownloadProgress;
import dev.galen.model.hub.HubDownload;
import dev.galen.model.hub.HubId;
import dev.galen.model.testing.TinyModels;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Commands over damaged files end in success or in one line with exit code 2, and so does a
 * download from a hub that answers nonsense. The gate runs a few cases, {@code ./mvnw verify
 * -Dgroups=fuzz} all.
 */
class CommandFuzzTest {
  private static final int COMMANDS = 300;
  private static final int LISTS = 2_000;

  /** The gate runs one case in so many. */
  private static final int SHARE = 100;

  private static final List<String> FILES =
      List.of(
          "config.json",
          "generation_config.json",
          "tokenizer.json",
          "tokenizer_config.json",
          "special_tokens_map.json",
          "model.safetensors");

  @TempDir(factory = MemoryFolder.class)
  Path folder;

  @Test
  void someCommands() throws IOException {
    commands(COMMANDS / SHARE);
  }

  @Test
  @Tag("fuzz")
  void allCommands() throws IOException {
    commands(COMMANDS);
  }

  private void commands(int count) throws IOException {
    Path model = TinyModels.write(folder.resolve("model"));
    Path data = Questions.write(folder.resolve("data.jsonl"), 3);
    Files.writeString(model.resolve("generation_config.json"), FuzzTest.GENERATION);
    for (String name : FILES) {
      Path file = model.resolve(name);
      byte[] sound = Files.readAllBytes(file);
      damage(file, sound, model, data, count);
      Files.write(file, sound);
    }
    damage(data, Files.readAllBytes(data), model, data, count);
  }

  private void damage(Path file, byte[] sound, Path model, Path data, int count)
      throws IOException {
    String name = file.getFileName().toString();
    var outcomes = new Outcomes("galen-with-" + name, "");
    for (int i = 0; i < count; i++) {
      var mutator = new Mutator(((long) name.hashCode() << 32) + i);
      byte[] bytes =
          name.endsWith(".safetensors")
              ? mutator.bytes(sound)
              : mutator.text(new String(sound, StandardCharsets.UTF_8));
      Files.write(file, bytes);
      Run run = Run.galen(words(i, model, data));
      outcomes.count(end(run), i, bytes, run.err());
    }
    outcomes.requireGood();
  }

  private static String[] words(int index, Path model, Path data) {
    String command =
        switch (index % 3) {
          case 0 -> "evaluate --model %s --data %s".formatted(model, data);
          case 1 -> "generate --model %s --prompt fever --max-new-tokens 3".formatted(model);
          default -> "inspect " + model;
        };
    return command.split(" ");
  }

  private static String end(Run run) {
    if (run.code() == 0) {
      return "accepted";
    }
    try {
      return run.refusal().length() > 1000 ? "LONG LINE" : "refused";
    } catch (AssertionError e) {
      return "FAULT exit " + run.code();
    }
  }

  @Test
  void someLists() throws IOException {
    lists(LISTS / SHARE);
  }

  @Test
  @Tag("fuzz")
  void allLists() throws IOException {
    lists(LISTS);
  }

  private void lists(int count) throws IOException {
    Path model = TinyModels.write(folder.resolve("model"));
    try (var hub = new SmallHub(model)) {
      String sound = hub.listing();
      var outcomes = new Outcomes("list-of-a-hub", "");
      for (int i = 0; i < count; i++) {
        byte[] bytes = new Mutator(0x1157000L + i).text(sound);
        hub.setListing(bytes);
        Path cache = folder.resolve("cache").resolve(Integer.toString(i));
        outcomes.run(
            i,
            bytes,
            () -> {
              HubDownload.download(
                  HubId.parse(SmallHub.ID),
                  SmallHub.environment(hub.endpoint(), cache),
                  DownloadProgress.SILENT);
            });
        requireInside(folder.resolve("cache"), cache);
      }
      outcomes.requireGood();
    }
  }

  /** Nothing came to lie beside the cache that was to be filled. */
  private static void requireInside(Path parent, Path cache) throws IOException {
    if (!Files.exists(parent)) {
      return;
    }
    try (var files = Files.list(parent)) {
      for (Path file : files.toList()) {
        if (!file.getFileName().toString().matches("\\d+")) {
          throw new AssertionError(file + " lies outside of " + cache);
        }
      }
    }
  }
}
