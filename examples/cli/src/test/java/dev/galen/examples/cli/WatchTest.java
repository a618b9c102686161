package dev.galen.examples.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.galen.model.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run shows of itself: tables, TensorBoard's files, samples. */
class WatchTest {
  private static final String PROMPT = "A patient";

  @TempDir Path folder;

  private String run(int steps) throws IOException {
    Path text = Files.writeString(folder.resolve("text.txt"), TinyModels.TEXT.repeat(3));
    Path config = TinyModels.writeConfig(folder.resolve("config.json"));
    return "train --data %s --valid %s --config %s --length 32 --steps %d --schedule constant"
            .formatted(text, text, config, steps)
        + " --dropout 0.1 --eval-every 2 --save-every 2 --json";
  }

  private static Run watched(String run, Path out, String... more) {
    var words = new ArrayList<>(List.of(run.split(" ")));
    words.addAll(List.of("--csv", "--tensorboard", "--histograms-every", "2"));
    words.addAll(List.of("--sample-prompt", PROMPT, "--peak-tflops", "0.001"));
    words.addAll(List.of("--out", out.toString()));
    words.addAll(List.of(more));
    return Run.galen(words.toArray(String[]::new)).good();
  }

  private static List<String[]> table(Path out) throws IOException {
    return Files.readAllLines(out.resolve("log.csv")).stream()
        .map(line -> line.split(",", -1))
        .toList();
  }

  private static int column(List<String[]> table, String name) {
    return List.of(table.getFirst()).indexOf(name);
  }

  @Test
  void whatIsShownChangesNothing() throws IOException {
    Path plain = folder.resolve("plain");
    Run.galen((run(4) + " --out " + plain).split(" ")).good();
    Path out = folder.resolve("out");
    Run shown = watched(run(4), out);
    assertEquals(
        -1, Files.mismatch(plain.resolve("model.safetensors"), out.resolve("model.safetensors")));
    assertFalse(Files.exists(plain.resolve("log.csv")));
    assertFalse(Files.exists(plain.resolve("tensorboard")));
    assertFalse(Files.readString(plain.resolve("log.jsonl")).contains("mfu"));
    assertTrue(Files.readString(out.resolve("log.jsonl")).contains("\"mfu\":"));
    assertFalse(Files.readString(plain.resolve("run.json")).contains("watch"));

    List<String[]> table = table(out);
    List<JsonNode> updates = shown.json().stream().filter(line -> line.has("step")).toList();
    List<String[]> trained = table.stream().skip(1).filter(row -> !row[2].isEmpty()).toList();
    assertEquals(4, trained.size());
    for (int i = 0; i < 4; i++) {
      assertEquals(Integer.toString(i + 1), trained.get(i)[0]);
      assertEquals(updates.get(i).get("loss").asText(), trained.get(i)[column(table, "loss")]);
      assertTrue(Double.parseDouble(trained.get(i)[column(table, "mfu")]) > 0);
      assertEquals(updates.get(i).get("mfu").asText(), trained.get(i)[column(table, "mfu")]);
      assertTrue(Long.parseLong(trained.get(i)[column(table, "memory_peak")]) > 0);
    }
    int validation = column(table, "validation_loss");
    assertEquals(
        List.of("0", "2", "4"),
        table.stream().skip(1).filter(row -> !row[validation].isEmpty()).map(r -> r[0]).toList());

    List<JsonNode> samples = shown.json().stream().filter(line -> line.has("prompt")).toList();
    assertEquals(
        List.of(0, 2, 4), samples.stream().map(line -> line.get("afterStep").asInt()).toList());
    assertEquals(PROMPT, samples.getFirst().get("prompt").asText());
    String report = Files.readString(out.resolve("report.md"));
    assertTrue(report.contains("| model FLOPs utilisation | "), report);
    assertTrue(report.contains("--sample-prompt 'A patient' --csv --tensorboard"), report);
    assertTrue(shown.json().getLast().has("memoryPeak"));

    Path again = folder.resolve("again");
    Path spec = folder.resolve("run.json");
    String text = Files.readString(out.resolve("run.json"));
    assertTrue(text.contains("\"peakTflops\" : 0.001"), text);
    Files.writeString(spec, text.replace(out.toString(), again.toString()));
    Run.galen("train", "--spec", spec.toString()).good();
    assertEquals(table.size(), table(again).size());
  }

  @Test
  void aResumedRunGoesOnWithItsTable() throws IOException {
    Path out = folder.resolve("out");
    watched(run(4), out);
    // As after a kill: the newest checkpoint is gone, and a row was cut.
    try (Stream<Path> files = Files.walk(out.resolve("checkpoint-4"))) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(file);
      }
    }
    List<String[]> before = table(out);
    Files.writeString(out.resolve("log.csv"), Files.readString(out.resolve("log.csv")) + "5,1.0,3");
    watched(run(4), out, "--resume");
    List<String[]> after = table(out);
    assertEquals(before.size(), after.size());
    int loss = column(before, "loss");
    int validation = column(before, "validation_loss");
    for (int i = 0; i < before.size(); i++) {
      assertEquals(before.get(i)[0], after.get(i)[0]);
      assertEquals(before.get(i)[loss], after.get(i)[loss]);
      assertEquals(before.get(i)[validation], after.get(i)[validation]);
    }
  }

  @Test
  void whatATaskMeasuresHasAColumn() throws IOException {
    var rows = new StringBuilder("text,label\n");
    for (int i = 0; i < 24; i++) {
      rows.append(i % 2 == 0 ? "fever,sign\n" : "aspirin,drug\n");
    }
    Path data = Files.writeString(folder.resolve("rows.csv"), rows);
    Path config = TinyModels.writeConfig(folder.resolve("config.json"));
    Path out = folder.resolve("out");
    String line =
        "train --task classification --config %s --data %s --valid %s --length 16 --steps 2"
                .formatted(config, data, data)
            + " --eval-every 1 --metric accuracy --csv --out "
            + out;
    Run.galen(line.split(" ")).good();
    List<String[]> table = table(out);
    int accuracy = column(table, "accuracy");
    assertArrayEquals(
        new String[] {"0", "1", "2"},
        table.stream()
            .skip(1)
            .filter(row -> !row[accuracy].isEmpty())
            .map(row -> row[0])
            .toArray(String[]::new));
    String refusal = Run.galen((line + "x --sample-prompt Fever").split(" ")).refusal();
    assertTrue(refusal.contains("--sample-prompt is for a model that writes texts"), refusal);
  }

  @Test
  void whatNoRunCanUseIsNamed() {
    String run = "train --data x --out y ";
    String histograms = Run.galen((run + "--histograms-every 5").split(" ")).refusal();
    assertTrue(histograms.contains("histograms-every is 5, must be 0 without"), histograms);
    String peak = Run.galen((run + "--peak-tflops -1").split(" ")).refusal();
    assertTrue(peak.contains("peak-tflops is -1.0, must be"), peak);
    String report = Run.galen((run + "--report-to tensorboard").split(" ")).refusal();
    assertTrue(report.contains("--tensorboard"), report);
  }

  /** TensorBoard's own reader, where a python has it: a run, and one that goes on. */
  @Test
  void tensorBoardReadsTheFiles() throws Exception {
    String python = System.getProperty("galen.test.tensorboard");
    assumeTrue(python != null, "skipped: no python with tensorboard (galen.test.tensorboard)");
    Path out = folder.resolve("out");
    watched(run(4), out);
    try (Stream<Path> files = Files.walk(out.resolve("checkpoint-4"))) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(file);
      }
    }
    watched(run(4), out, "--resume");
    Path script = folder.resolve("read.py");
    Files.copy(
        Path.of("../../train/src/test/resources/dev/galen/train/tensorboard/read.py"), script);
    Path answer = folder.resolve("answer.json");
    Process process =
        new ProcessBuilder(python, script.toString(), out.resolve("tensorboard").toString())
            .redirectOutput(answer.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertEquals(0, process.waitFor());
    JsonNode read = Run.parse(Files.readString(answer));
    JsonNode scalars = read.get("scalars");
    List<JsonNode> log =
        Files.readAllLines(out.resolve("log.jsonl")).stream().map(Run::parse).toList();
    List<JsonNode> updates = log.stream().filter(line -> line.has("loss")).toList();
    assertEquals(4, scalars.get("train/loss").size());
    for (int i = 0; i < 4; i++) {
      JsonNode point = scalars.get("train/loss").get(i);
      assertEquals(i + 1, point.get(0).asInt());
      assertEquals((float) updates.get(i).get("loss").asDouble(), (float) point.get(1).asDouble());
    }
    assertEquals("[0,2,4]", steps(scalars.get("eval/loss")));
    for (String tag :
        List.of("learning_rate", "grad_norm", "epoch", "tokens_per_second", "memory_peak", "mfu")) {
      assertEquals("[1,2,3,4]", steps(scalars.get("train/" + tag)), tag);
    }
    JsonNode histograms = read.get("histograms");
    assertEquals("[2,4]", steps(histograms.get("weights/transformer.wte.weight")));
    assertEquals("[2,4]", steps(histograms.get("gradients/transformer.wte.weight")));
    JsonNode one = histograms.get("weights/transformer.ln_f.bias").get(0);
    assertEquals(one.get(1).asDouble(), one.get(4).asDouble());
    JsonNode texts = read.get("texts").get("samples/" + PROMPT);
    assertEquals("[0,2,4,4]", steps(texts)); // of texts this reader keeps what no longer counts
    assertTrue(texts.get(0).get(1).get(0).asText().startsWith("**" + PROMPT + "**"), "" + texts);
  }

  private static String steps(JsonNode points) {
    var steps = new ArrayList<Integer>();
    points.forEach(point -> steps.add(point.get(0).asInt()));
    return steps.toString().replace(" ", "");
  }
}
