package dev.galen.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.galen.examples.fuzz.Children;
import dev.galen.model.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** When a run is measured, kept and ended, from the command line. */
@Timeout(180)
class ControlTest {
  @TempDir Path folder;

  private static Run galen(String line, Object... values) {
    return Run.galen(line.formatted(values).split(" "));
  }

  /** Half of the rows are of each class, which one word decides. */
  private Path rows(int count) throws IOException {
    var rows = new StringBuilder("text,label\n");
    for (int i = 0; i < count; i++) {
      String word = i % 2 == 0 ? "fever" : "aspirin";
      rows.append("day %d: %s,%s\n".formatted(i, word, i % 2 == 0 ? "sign" : "drug"));
    }
    return Files.writeString(folder.resolve("rows.csv"), rows);
  }

  private String classifier() throws IOException {
    Path rows = rows(60);
    Path config = TinyModels.writeConfig(folder.resolve("config.json"));
    return "train --task classification --config %s --data %s --valid %s --batch 8 --length 24"
            .formatted(config, rows, rows)
        + " --learning-rate 3e-3 --schedule constant --dropout 0 --json";
  }

  private static List<String> checkpoints(Path out) throws IOException {
    try (Stream<Path> files = Files.list(out)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("checkpoint-"))
          .sorted()
          .toList();
    }
  }

  @Test
  void theBestAccuracyIsLeftAndMeasuredAtEachValidation() throws IOException {
    Path out = folder.resolve("out");
    Run run =
        galen(
            "%s --steps 24 --eval-every 4 --metric accuracy --load-best-at-end --patience 3"
                + " --keep 1 --out %s",
            classifier(), out);
    List<JsonNode> lines = run.json();
    List<JsonNode> measured = lines.stream().filter(line -> line.has("accuracy")).toList();
    JsonNode best = lines.getLast().get("best");
    assertEquals("accuracy", best.get("metric").asText());
    JsonNode first =
        measured.stream()
            .filter(line -> line.path("afterStep").asInt() > 0)
            .filter(line -> line.get("accuracy").equals(best.get("value")))
            .findFirst()
            .orElseThrow();
    assertEquals(best.get("step"), first.get("afterStep"));
    double largest =
        measured.stream()
            .filter(line -> line.path("afterStep").asInt() > 0)
            .mapToDouble(line -> line.get("accuracy").asDouble())
            .max()
            .orElseThrow();
    assertEquals(largest, best.get("value").asDouble());
    assertEquals(largest, lines.getLast().get("accuracy").asDouble());
    assertTrue(checkpoints(out).contains("checkpoint-" + best.get("step")), "" + checkpoints(out));
    assertTrue(run.err().contains("best       validation accuracy "), run.err());
    String spec = Files.readString(out.resolve("run.json"));
    assertTrue(spec.contains("\"metric\" : \"accuracy\""), spec);
    String report = Files.readString(out.resolve("report.md"));
    assertTrue(report.contains("--metric accuracy") && report.contains("--keep 1"), report);
    assertTrue(report.contains("| memory peak | "), report);
  }

  @Test
  void epochsAndPartsOfThemAreIntervals() throws IOException {
    Path out = folder.resolve("out");
    List<JsonNode> lines =
        galen(
                "%s --epochs 2 --eval-every 0.5epochs --save-every 1epoch --keep 1 --out %s",
                classifier(), out)
            .json();
    // 60 rows in batches of 8: 8 updates a pass, the half of it behind the fourth.
    assertEquals(
        List.of(0, 4, 8, 12, 16),
        lines.stream()
            .filter(line -> line.has("validationLoss"))
            .map(line -> line.get("afterStep").asInt())
            .distinct()
            .toList());
    assertEquals(
        List.of(8, 16),
        lines.stream()
            .filter(line -> line.has("checkpoint"))
            .map(line -> line.get("afterStep").asInt())
            .toList());
    assertEquals(List.of("checkpoint-16"), checkpoints(out));
    String spec = Files.readString(out.resolve("run.json"));
    assertTrue(spec.contains("\"evaluateEvery\" : \"0.5 epochs\""), spec);
    assertTrue(spec.contains("\"saveEvery\" : \"1 epoch\""), spec);
  }

  @Test
  void minutesPassBetweenCheckpoints() throws IOException {
    Path out = folder.resolve("out");
    List<JsonNode> lines =
        galen("%s --steps 3 --save-every 1e-6minutes --keep 9 --out %s", classifier(), out).json();
    assertEquals(
        List.of(1, 2, 3),
        lines.stream()
            .filter(line -> line.has("checkpoint"))
            .map(line -> line.get("afterStep").asInt())
            .toList());
    assertEquals(List.of("checkpoint-1", "checkpoint-2", "checkpoint-3"), checkpoints(out));
  }

  @Test
  void whatFailsLaterFailsBeforeTheFirstUpdate() throws IOException {
    Path out = folder.resolve("out");
    String refusal =
        galen(
                "%s --steps 4 --metric rougeL --patience 2 --sanity-steps 2 --out %s",
                classifier(), out)
            .refusal();
    assertTrue(
        refusal.contains(
            "the metric is rougeL, must be one that an evaluation has: loss, perplexity,"
                + " classified, accuracy, macroF1, weightedF1"),
        refusal);
    assertEquals(0, Files.size(out.resolve("log.jsonl")));
    Run good = galen("%s --steps 1 --sanity-steps 2 --out %s", classifier(), out);
    assertTrue(good.good().err().contains("sanity     of 2 steps of evaluation"), good.err());
  }

  @Test
  void whatNoRunCanUseIsNamed() {
    String run = "train --data x --out y ";
    assertTrue(
        galen(run + "--eval-every 3hours").refusal().contains("--eval-every: an interval is '3h"));
    assertTrue(
        galen(run + "--save-every=-1").refusal().contains("the interval of checkpoints is -1"));
    assertTrue(
        galen(run + "--eval-every 5min --patience 2")
            .refusal()
            .contains("the interval of evaluations is 5 minutes, must be updates or epochs"));
    assertTrue(galen(run + "--keep 0").refusal().contains("kept checkpoints is 0"));
    assertTrue(galen(run + "--metric-for-best-model f1").refusal().contains("--metric"));
    assertTrue(galen(run + "--save-total-limit 2").refusal().contains("--keep"));
    assertTrue(galen(run + "--num-sanity-val-steps 2").refusal().contains("--sanity-steps"));
  }

  /** The rows of the batch are told, and evaluate reads them. */
  @Test
  void theBatchThatMadeNaNIsWrittenForEvaluate() throws IOException {
    Path model = TinyModels.write(folder.resolve("model"));
    Path rows = Questions.write(folder.resolve("rows.jsonl"), 12);
    Path out = folder.resolve("out");
    String refusal =
        galen(
                "train --model %s --data %s --valid %s --length 32 --batch 2 --steps 6"
                    + " --eval-every 0 --learning-rate 1e38 --clip 0 --schedule constant --out %s",
                model, rows, rows, out)
            .refusal();
    Path file = out.resolve("nan-step-2.jsonl");
    assertTrue(refusal.contains("galen: step 2: the loss is "), refusal);
    assertTrue(refusal.endsWith("; the batch is in " + file), refusal);
    List<JsonNode> batch = Files.readAllLines(file).stream().map(Run::parse).toList();
    assertEquals(2, batch.size());
    for (JsonNode row : batch) {
      assertEquals(row.get("input_ids").size(), row.get("labels").size());
      String origin = row.get("rows").get(0).asText();
      assertEquals(rows + ":" + (row.get("sequence").asInt() + 1), origin);
      assertTrue(row.get("where").asText().contains("is not finite"), "" + row);
    }
    JsonNode measured = galen("evaluate --model %s --data %s --json", model, file).object();
    assertTrue(Double.isFinite(measured.get("loss").asDouble()), "" + measured);
  }

  private String run(Path out, int steps) throws IOException {
    Path text = Files.writeString(folder.resolve("text.txt"), TinyModels.TEXT);
    Path config = TinyModels.writeConfig(folder.resolve("config.json"));
    return "train --data %s --config %s --steps %d --schedule constant --dropout 0.1 --out %s"
        .formatted(text, config, steps, out);
  }

  private static int updates(Path log) throws IOException {
    return Files.exists(log)
        ? (int) Files.readAllLines(log).stream().filter(line -> line.contains("\"step\"")).count()
        : 0;
  }

  /** A process of its own is asked to end after some updates; {@code code} is how it does. */
  private void endsCleanly(int code, Consumer<Process> ask, Path out) throws Exception {
    Assumptions.assumeFalse(
        System.getProperty("os.name").startsWith("Windows"), "skipped: Windows has no SIGTERM");
    Path told = folder.resolve("told");
    Path failed = folder.resolve("failed");
    Process process =
        Children.start(Map.of(), Galen.class, List.of(run(out, 100_000).split(" ")), told, failed);
    Path log = out.resolve("log.jsonl");
    while (process.isAlive() && updates(log) < 3) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    ask.accept(process);
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    assertEquals(code, process.exitValue(), Files.readString(failed));
    assertFalse(Files.exists(out.resolve("stop")));
    assertFalse(Files.exists(out.resolve(".lock")));
    int step = updates(log);
    assertTrue(
        Files.readString(told).contains("stopped    after step " + step + " of 100000, kept in"),
        Files.readString(told));
    assertEquals(List.of("checkpoint-" + step), checkpoints(out));

    // The same command goes on; a few updates are enough to compare.
    int end = step + 2;
    galen(run(out, end) + " --resume").good();
    Path whole = folder.resolve("whole");
    galen(run(whole, end)).good();
    assertEquals(
        -1, Files.mismatch(whole.resolve("model.safetensors"), out.resolve("model.safetensors")));
  }

  @Test
  void aRequestToTerminateKeepsACheckpoint() throws Exception {
    endsCleanly(128 + 15, Process::destroy, folder.resolve("out"));
  }

  @Test
  void aStopFileKeepsACheckpoint() throws Exception {
    Path out = folder.resolve("out");
    endsCleanly(
        0,
        process -> {
          try {
            Files.createFile(out.resolve("stop"));
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        },
        out);
  }

  @Test
  void aStopFileThatStandsThereIsToldBeforeAnything() throws IOException {
    Path out = Files.createDirectory(folder.resolve("out"));
    Files.createFile(out.resolve("stop"));
    String refusal = galen(run(out, 3)).refusal();
    assertEquals("galen: " + out.resolve("stop") + ": asks to stop; remove it to train", refusal);
    Files.delete(out.resolve("stop"));
    galen(run(out, 1)).good();
  }
}
