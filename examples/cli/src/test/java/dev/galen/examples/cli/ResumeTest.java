package dev.galen.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.galen.model.testing.TinyModels;
import dev.galen.train.checkpoint.RunLock;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that go on where they must not, or with what they must not. */
class ResumeTest {
  @TempDir Path folder;

  /** An input of a report or fault, copied from the resources. */
  private Path input(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    try (InputStream in = ResumeTest.class.getResourceAsStream("resume/" + name)) {
      Files.copy(in, file);
    }
    return file;
  }

  private Path model() throws IOException {
    for (String name :
        List.of(
            "config.json",
            "generation_config.json",
            "model.safetensors",
            "tokenizer.json",
            "tokenizer_config.json")) {
      input("model/" + name);
    }
    return folder.resolve("model");
  }

  private static Run galen(String command, Object... values) {
    return Run.galen(command.formatted(values).split(" "));
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static List<JsonNode> steps(Run run) {
    return run.json().stream().filter(line -> line.has("step")).toList();
  }

  /** reports/resume-other-batch-or-data. */
  @Test
  void anotherBatchOrOtherDataAreRefusedByName() throws IOException {
    Path data = input("tokens16.jsonl");
    Path fewer = input("tokens12.jsonl");
    Path out = folder.resolve("out");
    String run =
        "finetune --model %s --length 32 --learning-rate 1e-3 --save-every 3 --epochs 2 --json"
            .formatted(model());
    List<JsonNode> whole = steps(galen("%s --data %s --batch 4 --out %s", run, data, out));
    assertEquals(8, whole.size());
    delete(out.resolve("checkpoint-8"));

    String batch = galen("%s --data %s --batch 2 --resume --out %s", run, data, out).refusal();
    assertTrue(batch.contains("made with batch 4, this run has 2"), batch);
    assertTrue(batch.contains("add --change batch"), batch);
    String other = galen("%s --data %s --batch 4 --resume --out %s", run, fewer, out).refusal();
    assertTrue(other.contains("data of 16 sequences"), other);
    assertTrue(other.contains("this run has of 12 sequences"), other);

    Run halves = galen("%s --data %s --batch 2 --accumulate 2 --resume --out %s", run, data, out);
    List<JsonNode> rest = steps(halves);
    assertEquals(2, rest.size());
    for (int i = 0; i < 2; i++) {
      assertEquals(
          whole.get(6 + i).get("loss").doubleValue(), rest.get(i).get("loss").doubleValue(), 1e-6);
    }
    assertTrue(halves.err().contains("the same but for rounding"), halves.err());

    delete(out.resolve("checkpoint-8"));
    List<JsonNode> changed =
        steps(galen("%s --data %s --batch 2 --resume --change batch --out %s", run, data, out));
    assertEquals(4, changed.size());
    assertEquals(10, changed.getLast().get("step").intValue());
    assertEquals(2.5e-4, changed.getFirst().get("learningRate").doubleValue(), 1e-12);

    Run nothing = galen("%s --data %s --batch 2 --resume --out %s", run, data, out).good();
    assertTrue(nothing.err().contains("nothing    is left to do: all 10 updates"), nothing.err());
  }

  /** faults/resume-other-data: the tokenizer is the checkpoint's, and the data are compared. */
  @Test
  void theTokenizerIsNotTrainedAnew() throws IOException {
    Path out = folder.resolve("out");
    String run =
        "train --config %s --length 32 --batch 2 --save-every 2 --seed 7 --schedule constant"
            .formatted(input("small.json"));
    Path rows = input("rows.jsonl");
    Path others = input("rows3.jsonl");
    galen("%s --data %s --steps 6 --out %s", run, rows, out).good();
    String first = Files.readString(out.resolve("checkpoint-6/tokenizer.json"));
    String refusal = galen("%s --data %s --steps 10 --resume --out %s", run, others, out).refusal();
    assertTrue(refusal.contains("made with data of"), refusal);
    assertTrue(refusal.contains("add --change data"), refusal);
    galen("%s --data %s --steps 8 --resume --change data --out %s", run, others, out).good();
    assertEquals(first, Files.readString(out.resolve("checkpoint-8/tokenizer.json")));
    assertEquals(first, Files.readString(out.resolve("tokenizer.json")));

    Path own = folder.resolve("own");
    galen("tokenizer train --data %s --vocabulary 300 --out %s", others, own).good();
    String tokenizer =
        galen("%s --data %s --steps 9 --tokenizer %s --resume --out %s", run, others, own, out)
            .refusal();
    assertTrue(tokenizer.contains("made with tokenizer of "), tokenizer);
    assertFalse(tokenizer.contains("--change"), tokenizer);
  }

  /** Tokenised rows train alike with any tokenizer, but only one is the model's. */
  @Test
  void aTokenizerThatDiffersInASettingIsRefused() throws IOException {
    Path model = TinyModels.write(folder.resolve("model"));
    Path out = folder.resolve("out");
    Path rows = folder.resolve("ids.jsonl");
    Files.writeString(rows, "{\"input_ids\": [1, 2, 3, 4]}\n".repeat(12));
    String run =
        "finetune --model %s --data %s --length 16 --batch 2 --schedule constant --save-every 2"
            .formatted(model, rows);
    galen("%s --steps 2 --out %s", run, out).good();
    galen("%s --steps 4 --resume --out %s", run, out).good();
    Path file = model.resolve("tokenizer.json");
    String text = Files.readString(file);
    String changed =
        text.replaceFirst("\"add_prefix_space\"( ?: ?)false", "\"add_prefix_space\"$1true");
    assertFalse(changed.equals(text), text.substring(0, 400));
    Files.writeString(file, changed);
    String refusal = galen("%s --steps 6 --resume --out %s", run, out).refusal();
    assertTrue(
        refusal.contains("checkpoint-4/tokenizer.json: the checkpoint's tokenizer is another"),
        refusal);
  }

  @Test
  void aCheckpointIsAModelOfItsOwn() throws IOException {
    Path out = folder.resolve("out");
    Path text = Files.writeString(folder.resolve("text.txt"), TinyModels.TEXT);
    Path config = TinyModels.writeConfig(folder.resolve("config.json"));
    galen("train --data %s --config %s --steps 2 --save-every 1 --out %s", text, config, out)
        .good();
    Path checkpoint = out.resolve("checkpoint-1");
    galen("generate --model %s --prompt Fever --max-new-tokens 2 --greedy --json", checkpoint)
        .good();
    Path tuned = folder.resolve("tuned");
    galen("train --data %s --model %s --steps 1 --out %s", text, checkpoint, tuned).good();
    assertFalse(Files.exists(tuned.resolve("state.json")));
    assertFalse(Files.exists(tuned.resolve("settings.json")));
  }

  /** A run that trains its own tokenizer reads all of it from a checkpoint that is whole. */
  @Test
  void aCheckpointWithADamagedTokenizerIsPassedOver() throws IOException {
    Path out = folder.resolve("out");
    Path text = Files.writeString(folder.resolve("text.txt"), TinyModels.TEXT);
    Path config = TinyModels.writeConfig(folder.resolve("config.json"));
    String run =
        "train --data %s --config %s --steps 6 --save-every 2 --out %s --json"
            .formatted(text, config, out);
    galen(run);
    Path tokenizer = out.resolve("checkpoint-6/tokenizer_config.json");
    String whole = Files.readString(tokenizer);
    Files.writeString(tokenizer, whole.replace("eos_token", "eos_tokgn"));
    Run resumed = galen(run + " --resume");
    assertTrue(resumed.err().contains("going on from checkpoint-4"), "" + resumed);
    assertEquals(whole, Files.readString(out.resolve("tokenizer_config.json")));

    Files.delete(out.resolve("log.jsonl"));
    Files.createDirectory(out.resolve("log.jsonl"));
    String refusal = Run.galen((run + " --resume").split(" ")).refusal();
    assertTrue(refusal.contains("log.jsonl"), refusal);
  }

  /** faults/checkpoint-damage. */
  @Test
  void aDamagedCheckpointIsPassedOverForTheOneBefore() throws IOException {
    Path out = folder.resolve("out");
    Path text = Files.writeString(folder.resolve("text.txt"), TinyModels.TEXT);
    Path config = TinyModels.writeConfig(folder.resolve("config.json"));
    String run =
        "train --data %s --config %s --steps 6 --save-every 2 --out %s --json"
            .formatted(text, config, out);
    List<JsonNode> whole = steps(galen(run));
    Path weights = out.resolve("checkpoint-6/model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length - 1001] ^= 0x40;
    Files.write(weights, bytes);
    Run resumed = galen(run + " --resume");
    assertEquals(
        whole.subList(4, 6).stream().map(step -> step.get("loss")).toList(),
        steps(resumed).stream().map(step -> step.get("loss")).toList());
    assertTrue(
        resumed.err().contains("model.safetensors: is damaged")
            && resumed.err().contains("going on from checkpoint-4"),
        resumed.err());
    delete(out.resolve("checkpoint-4"));
    Files.write(weights, bytes);
    String refusal = galen(run + " --resume").refusal();
    assertTrue(refusal.contains("checkpoint-6/model.safetensors: is damaged"), refusal);
    assertTrue(refusal.contains("no other checkpoint"), refusal);
  }

  /** faults/two-writers: two at once are one too many. */
  @Test
  void aSecondRunIntoTheSameFolderIsRefused() throws IOException {
    Path out = folder.resolve("out");
    Path ids = input("ids24.jsonl");
    String run =
        "train --config %s --data %s --batch 1 --steps 3 --save-every 1 --out %s"
            .formatted(input("mid.json"), ids, out);
    try (RunLock first = RunLock.acquire(out)) {
      String refusal = galen(run).refusal();
      assertTrue(refusal.contains(out + ": another run writes there (this very process"), refusal);
      assertTrue(first.holds(out));
    }
    galen(run).good();
    assertFalse(Files.exists(out.resolve(".lock")));
    String again = galen(run).refusal();
    assertTrue(again.contains("checkpoint-3: stands there from an earlier run"), again);
  }

  /** A sibling of the same: the slower one of two tokenizers would win. */
  @Test
  void twoTokenizersAtOnceAreOneTooMany() throws IOException {
    Path out = folder.resolve("out");
    Path text = Files.writeString(folder.resolve("text.txt"), TinyModels.TEXT);
    String run = "tokenizer train --data %s --vocabulary 270 --out %s".formatted(text, out);
    try (RunLock first = RunLock.acquire(out)) {
      String refusal = galen(run).refusal();
      assertTrue(refusal.contains(out + ": another run writes there (this very process"), refusal);
      assertTrue(first.holds(out));
    }
    assertFalse(Files.exists(out));
    galen(run).good();
    assertFalse(Files.exists(out.resolve(".lock")));
    String before = Files.readString(out.resolve("tokenizer.json"));
    galen(run.replace(text.toString(), folder.resolve("none.txt").toString())).refusal();
    assertEquals(before, Files.readString(out.resolve("tokenizer.json")));
  }

  /** faults/accumulate-huge. */
  @Test
  void accumulatingMoreThanAPassIsOneLineAtOnce() throws IOException {
    Path out = folder.resolve("out");
    String refusal =
        galen(
                "train --config %s --data %s --batch 2 --accumulate 2147483647 --out %s",
                input("mid.json"), input("ids24.jsonl"), out)
            .refusal();
    assertTrue(
        refusal.contains("--accumulate is 2147483647, must be at most 12: one pass"), refusal);
    assertFalse(Files.exists(out));
  }

  @Test
  void recomputingKeepsTheBits() throws IOException {
    Path text = Files.writeString(folder.resolve("text.txt"), TinyModels.TEXT);
    Path config = TinyModels.writeConfig(folder.resolve("config.json"));
    String run =
        "train --data %s --config %s --steps 3 --dropout 0.1 --json --out ".formatted(text, config);
    List<JsonNode> plain = steps(galen(run + folder.resolve("plain")));
    List<JsonNode> again = steps(galen(run + folder.resolve("again") + " --recompute"));
    for (int i = 0; i < 3; i++) {
      assertEquals(plain.get(i).get("loss"), again.get(i).get("loss"));
      assertEquals(plain.get(i).get("gradNorm"), again.get(i).get("gradNorm"));
    }
    String report = Files.readString(folder.resolve("again/report.md"));
    assertTrue(report.contains("--recompute"), report);
    for (String command : List.of("train", "finetune")) {
      assertTrue(galen(command + " --help").good().out().contains("Gradient checkpointing"));
    }
  }

  @Test
  void whatCannotBeChangedIsNamed() {
    String refusal = galen("train --data x --out y --resume --change batch,n_head").refusal();
    assertTrue(refusal.contains("'n_head' is no setting"), refusal);
    String alone = galen("train --data x --out y --change batch").refusal();
    assertTrue(alone.contains("add --resume"), alone);
  }
}
