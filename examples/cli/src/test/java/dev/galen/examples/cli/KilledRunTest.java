package dev.galen.examples.cli;

import dev.galen.model.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs of data that do not fit the heap, killed at random moments. The gate kills one of them;
 * {@code ./mvnw verify -Dgroups=fuzz} kills each ten times.
 */
class KilledRunTest {
  /** Files of over a sixteenth of the heap are read as a stream. */
  private static final int HEAP_MEGABYTES = 32;

  private static final int ROW_CHARACTERS = 4000;

  @TempDir Path folder;
  private Path model;
  private Path data;

  @BeforeEach
  void write() throws IOException {
    model = TinyModels.write(folder.resolve("model"));
    var rows = new StringBuilder();
    long wanted = (HEAP_MEGABYTES << 20) / 16 + 1;
    for (int i = 0; rows.length() <= wanted; i++) {
      String text = (TinyModels.TEXT + " " + i + " ").replace("\n", " ").replace("\"", "");
      rows.append("{\"text\": \"");
      rows.append(text.repeat(ROW_CHARACTERS / text.length() + 1)).append("\"}\n");
    }
    data = Files.writeString(folder.resolve("rows.jsonl"), rows);
  }

  private KilledRun streamed(String... more) {
    Path work = folder.resolve("work");
    List<String> words =
        List.of(
            "train",
            "--model=" + model,
            "--data=" + data,
            "--length=24",
            "--batch=2",
            "--steps=12",
            "--save-every=2",
            "--eval-every=0",
            "--max-new-tokens=2",
            "--valid-share=0",
            "--seed=7");
    return new KilledRun(
        work, HEAP_MEGABYTES, Stream.concat(words.stream(), Stream.of(more)).toList());
  }

  /** The cache lies beside the output, and is gone with it when a run begins anew. */
  private KilledRun cached() {
    return streamed("--cache=" + folder.resolve("work/cache"));
  }

  @Test
  void aKilledRunOfStreamedDataEndsAsIfNeverKilled() throws Exception {
    streamed().mustEndAsIfNeverKilled(1, 3);
  }

  @Test
  void aKilledRunWithACacheEndsAsIfNeverKilled() throws Exception {
    cached().mustEndAsIfNeverKilled(1, 5);
  }

  @Test
  @Tag("fuzz")
  void tenKillsWithACache() throws Exception {
    cached().mustEndAsIfNeverKilled(10, 6);
  }

  @Test
  @Tag("fuzz")
  void tenKillsOfStreamedData() throws Exception {
    streamed().mustEndAsIfNeverKilled(10, 4);
  }
}
