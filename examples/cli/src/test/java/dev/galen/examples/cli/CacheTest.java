package dev.galen.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.model.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that keep their encoded data have the bits of runs that do not. */
class CacheTest {
  @TempDir Path folder;
  private Path model;
  private Path data;
  private Path cache;

  @BeforeEach
  void write() throws IOException {
    model = TinyModels.write(folder.resolve("model"));
    data = Questions.write(folder.resolve("rows.jsonl"), 40);
    cache = folder.resolve("cache");
  }

  private Run run(String... more) {
    var words =
        new ArrayList<>(
            List.of(
                "train", "--model=" + model, "--data=" + data, "--steps=3", "--max-new-tokens=2"));
    words.addAll(List.of(more));
    for (String usual : List.of("--length=24", "--batch=2")) {
      String option = usual.substring(0, usual.indexOf('=') + 1);
      if (Stream.of(more).noneMatch(word -> word.startsWith(option))) {
        words.add(usual);
      }
    }
    if (Stream.of(more).noneMatch(word -> word.startsWith("--out="))) {
      words.add("--out=" + folder.resolve("out-" + System.nanoTime()));
    }
    return Run.galen(words.toArray(String[]::new)).good();
  }

  /** What the run measured and answered, but for its time and its folder. */
  private static List<String> figures(Run run) {
    return run.out()
        .lines()
        .filter(line -> !line.matches("(cache|training|saved|time|step) .*|.* tok/s.*"))
        .toList();
  }

  private static long count(Run run, String words) {
    return run.out().lines().filter(line -> line.matches("cache .*" + words + ".*")).count();
  }

  private List<Path> kept(String ending) throws IOException {
    try (Stream<Path> files = Files.list(cache)) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    }
  }

  @Test
  void theSecondRunReadsWhatTheFirstKept() throws IOException {
    Path plain = folder.resolve("plain");
    Path first = folder.resolve("first");
    Path second = folder.resolve("second");
    Run without = run("--out=" + plain);
    Run kept = run("--cache=" + cache, "--out=" + first);
    assertEquals(2, count(kept, "sequences kept in"), kept.out());
    Run read = run("--cache=" + cache, "--out=" + second);
    assertEquals(2, count(read, "sequences of"), read.out());
    assertEquals(figures(without), figures(kept));
    assertEquals(figures(without), figures(read));
    for (Path out : List.of(first, second)) {
      assertEquals(
          -1, Files.mismatch(plain.resolve("model.safetensors"), out.resolve("model.safetensors")));
    }
    assertEquals(2, kept(".tokens").size());
    assertEquals(1, kept(".json").size());
  }

  @Test
  void damagedFilesAreMadeAnew() throws IOException {
    run("--cache=" + cache);
    for (Path file : kept(".tokens")) {
      byte[] bytes = Files.readAllBytes(file);
      Files.write(file, Arrays.copyOf(bytes, bytes.length - 16));
    }
    Files.writeString(kept(".json").getFirst(), "{\"all\": ");
    Run anew = run("--cache=" + cache);
    assertEquals(2, count(anew, "sequences kept in"), anew.out());
    assertEquals(figures(run()), figures(anew));
    assertEquals(2, count(run("--cache=" + cache), "sequences of"));
  }

  @Test
  void whatTheSequencesFollowFromIsNotMixedUp() throws IOException {
    run("--cache=" + cache);
    for (String other :
        List.of("--length=23", "--seed=3", "--valid-share=0.3", "--stride=12", "--fold=1/4")) {
      assertEquals(2, count(run("--cache=" + cache, other), "sequences kept in"), other);
    }
    assertEquals(2, count(run("--cache=" + cache, "--batch=4"), "sequences of"));
    String rows = Files.readString(data);
    Files.writeString(data, rows + rows.lines().findFirst().orElseThrow() + "\n");
    assertEquals(2, count(run("--cache=" + cache), "sequences kept in"));
    Run first = run("--cache=" + cache, "--fold=1/4");
    assertEquals(figures(first), figures(run("--cache=" + cache, "--fold=1/4")));
    assertEquals(figures(first), figures(run("--fold=1/4")));
  }

  @Test
  void classifiersAndRunsFromScratchKeepTheirsToo() throws IOException {
    Path notes = folder.resolve("notes.csv");
    var rows = new StringBuilder("text,label\n");
    for (int i = 0; i < 40; i++) {
      rows.append("note ").append(i).append(i % 3 == 0 ? ",sign\n" : ",drug\n");
    }
    Files.writeString(notes, rows);
    List<String> words =
        List.of(
            "train",
            "--task=classification",
            "--config=" + TinyModels.writeConfig(folder.resolve("shape.json")),
            "--data=" + notes,
            "--length=16",
            "--batch=4",
            "--steps=3");
    var figures = new ArrayList<List<String>>();
    for (int i = 0; i < 3; i++) {
      var all = new ArrayList<>(words);
      all.add("--out=" + folder.resolve("class" + i));
      all.addAll(i == 0 ? List.of() : List.of("--cache=" + cache));
      Run run = Run.galen(all.toArray(String[]::new)).good();
      assertEquals(i == 2 ? 2 : 0, count(run, "sequences of"), run.out());
      figures.add(figures(run));
    }
    assertEquals(figures.get(0), figures.get(1));
    assertEquals(figures.get(0), figures.get(2));
  }

  @Test
  void aFileInItsPlaceIsRefused() throws IOException {
    Files.writeString(cache, "a file");
    String refusal =
        Run.galen("train", "--data=" + data, "--cache=" + cache, "--out=" + folder.resolve("o"))
            .refusal();
    assertEquals("galen: " + cache + ": is a file; cache names a folder", refusal);
    assertFalse(Files.exists(folder.resolve("o/log.jsonl")));
    assertTrue(Files.isRegularFile(cache));
  }
}
