package dev.galen.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.examples.clinical.corpus.ClinicalCorpus;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What does not fit is said before the first step, and large files need no large heap. */
class MemoryTest {
  @TempDir Path dir;

  private String config(String name) throws URISyntaxException {
    return Path.of(MemoryTest.class.getResource("faults/" + name).toURI()).toString();
  }

  /** {@code count} lines of {@code length} times the same id. */
  private Path ids(String name, int... countsAndLengths) throws IOException {
    Path file = dir.resolve(name);
    try (BufferedWriter writer = Files.newBufferedWriter(file)) {
      for (int i = 0; i < countsAndLengths.length; i += 2) {
        String ids = "1" + ",1".repeat(countsAndLengths[i + 1] - 1);
        for (int line = 0; line < countsAndLengths[i]; line++) {
          writer.write("{\"input_ids\": [" + ids + "]}\n");
        }
      }
    }
    return file;
  }

  private Run train(String... further) {
    var args = new ArrayList<>(List.of("train", "--out", dir.resolve("out").toString()));
    args.addAll(List.of(further));
    return Run.galen(args.toArray(String[]::new));
  }

  @Test
  void aBatchOfTooManyPositions() throws IOException, URISyntaxException {
    Path data = ids("overflow.jsonl", 1, 65_536, 40_000, 2);
    String model = config("batch-overflow/longctx.json");
    String refusal =
        train(
                "--config",
                model,
                "--data",
                data.toString(),
                "--steps",
                "1",
                "--batch",
                "40001",
                "--no-shuffle")
            .refusal();
    assertTrue(refusal.contains("a batch of 40,001 sequences"), refusal);
    assertTrue(refusal.contains("lower the batch size to 32,767"), refusal);
    // The same data in batches that can be counted, and the same batch in an evaluation.
    train("--config", model, "--data", ids("few.jsonl", 40, 2).toString(), "--steps", "1").good();
    refusal =
        Run.galen(
                "evaluate",
                "--model",
                dir.resolve("out").toString(),
                "--data",
                data.toString(),
                "--batch",
                "40001")
            .refusal();
    assertTrue(refusal.contains("a batch of 40,001 sequences"), refusal);
  }

  @Test
  void logitsThatDoNotFit() throws IOException, URISyntaxException {
    // Two times 2 TB of scores: more than any machine that runs this has.
    Path data = ids("many.jsonl", 40_000, 256);
    String refusal =
        train(
                "--config",
                config("activations-do-not-fit/v50k.json"),
                "--data",
                data.toString(),
                "--steps",
                "2",
                "--batch",
                "40000")
            .refusal();
    assertTrue(refusal.contains("training on 40,000 sequences of up to 256 tokens"), refusal);
    assertTrue(refusal.contains("mostly logits"), refusal);
    assertTrue(
        refusal.matches(".* and .* are free; a batch size of \\d+ with \\d+ accumulated fits"),
        refusal);
  }

  @Test
  void aModelThatDoesNotFit() throws IOException {
    Path config = dir.resolve("huge.json");
    Files.writeString(
        config,
        "{\"model_type\": \"gpt2\", \"n_embd\": 65536, \"n_layer\": 96, \"n_head\": 64,"
            + " \"n_positions\": 8, \"vocab_size\": 100}");
    String refusal =
        train("--config", config.toString(), "--data", ids("a.jsonl", 3, 4).toString()).refusal();
    assertTrue(refusal.contains("need") && refusal.contains("choose a smaller model"), refusal);
  }

  @Test
  void shortenedSequencesAreCountedBeforeTraining() throws IOException {
    ClinicalCorpus.write(dir);
    Run run =
        train("--data", dir.resolve("valid.json").toString(), "--length", "64", "--steps", "1")
            .good();
    String line =
        run.out().lines().filter(text -> text.startsWith("shortened")).findFirst().orElseThrow();
    assertTrue(
        line.matches(
            "shortened  \\d+ of \\d+ sequences to 64 tokens, by \\d+ tokens at the median and \\d+"
                + " at most; --length \\d+ keeps 99 % whole, \\d+ all"),
        line);
  }

  /** 60 MB of rows in a heap of 48: held, they would need several times that. */
  @Test
  void aLargeFileNeedsNoLargeHeap() throws IOException, InterruptedException {
    Path data = dir.resolve("large.jsonl");
    String words = "aspirin helps where the heart is at rest and nowhere else ".repeat(17);
    try (BufferedWriter writer = Files.newBufferedWriter(data)) {
      for (int i = 0; i < 60_000; i++) {
        writer.write("{\"text\": \"" + i + " " + words + "\", \"score\": NaN}\n");
      }
    }
    Path valid = Files.writeString(dir.resolve("valid.txt"), "rest helps the heart");
    String said =
        child(
            "train",
            "--data",
            data.toString(),
            "--valid",
            valid.toString(),
            "--steps",
            "1",
            "--length",
            "16",
            "--batch",
            "1",
            "--out",
            dir.resolve("large").toString());
    assertTrue(said.contains("60000 examples"), said);
    assertTrue(Files.exists(dir.resolve("large/model.safetensors")), said);
    String tokenizer =
        child(
            "tokenizer",
            "train",
            "--data",
            data.toString(),
            "--vocabulary",
            "300",
            "--out",
            dir.resolve("tokenizer").toString());
    assertTrue(tokenizer.contains("300 tokens"), tokenizer);
  }

  /** A row beyond the heap: one line that names the file and the way out. */
  @Test
  void aRowBeyondTheHeap() throws IOException, InterruptedException {
    Path data = dir.resolve("long.jsonl");
    try (BufferedWriter writer = Files.newBufferedWriter(data)) {
      writer.write("{\"text\": \"");
      for (int i = 0; i < 1000; i++) {
        writer.write("word ".repeat(16_000));
      }
      writer.write("\"}\n");
    }
    String said = child("train", "--data", data.toString(), "--out", dir.resolve("x").toString());
    assertTrue(said.contains("galen: not enough memory: " + data), said);
    assertTrue(said.contains("GALEN_JAVA_OPTS=-Xmx"), said);
  }

  /** One word of 50 MB: in a heap that holds it, and in one that does not. */
  @Test
  void aWordOfFiftyMegabytes() throws IOException, InterruptedException {
    for (String name : List.of("word.txt", "word.csv", "word.jsonl")) {
      Path data = dir.resolve(name);
      try (BufferedWriter writer = Files.newBufferedWriter(data)) {
        boolean json = name.endsWith("jsonl");
        writer.write(json ? "{\"text\": \"" : name.endsWith("csv") ? "text\n" : "");
        for (int i = 0; i < 500; i++) {
          writer.write("abcdefghij".repeat(10_000));
        }
        writer.write(json ? "\"}\n" : "\n");
      }
      String out = dir.resolve("tokenizer of " + name).toString();
      String data1 = data.toString();
      String said =
          child("tokenizer", "train", "--data", data1, "--vocabulary", "300", "--out", out);
      assertTrue(said.contains("galen: not enough memory: " + data), said);
      assertTrue(said.contains("GALEN_JAVA_OPTS=-Xmx"), said);
      assertFalse(Files.exists(Path.of(out)));
    }
  }

  /** What a galen of its own with a small heap says; it must end well or with one line. */
  private static String child(String... args) throws IOException, InterruptedException {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx48m",
                "-XX:+UseSerialGC",
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath(),
                Galen.class.getName()));
    command.addAll(List.of(args));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    assertTrue(code == 0 || code == 2, said);
    assertEquals(
        code == 0 ? 0 : 1, said.lines().filter(l -> l.startsWith("galen: ")).count(), said);
    return said;
  }

  private static String classPath() {
    String modules = System.getProperty("jdk.module.path", "");
    String classes = System.getProperty("java.class.path", "");
    return modules.isEmpty() ? classes : modules + java.io.File.pathSeparator + classes;
  }
}
