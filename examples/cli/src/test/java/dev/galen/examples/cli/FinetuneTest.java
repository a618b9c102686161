package dev.galen.examples.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.galen.model.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training runs: the main job in short, and what interrupts one. */
class FinetuneTest {
  @TempDir Path folder;
  private Path text;
  private Path config;

  @BeforeEach
  void writeFiles() throws IOException {
    text = Files.writeString(folder.resolve("text.txt"), TinyModels.TEXT);
    config = TinyModels.writeConfig(folder.resolve("config.json"));
  }

  @Test
  void theMainJobLeavesAModelThatLearned() throws Exception {
    Path out = folder.resolve("out");
    List<JsonNode> lines =
        galen(
                "finetune --out %s --steps 12 --batch 2 --length 64 --warmup 1 --eval-every 6"
                    + " --json",
                out)
            .json();
    List<JsonNode> steps = lines.stream().filter(line -> line.has("step")).toList();
    assertEquals(12, steps.size());
    for (JsonNode step : steps) {
      for (String key : "loss learningRate gradNorm tokensPerSecond".split(" ")) {
        assertTrue(step.get(key).isNumber(), step.toString());
      }
    }
    assertEquals(3, lines.stream().filter(line -> line.has("validationLoss")).count());
    JsonNode end = lines.getLast();
    double before = end.get("perplexityBefore").doubleValue();
    double after = end.get("perplexityAfter").doubleValue();
    assertTrue(before > 1000 && after < 0.8 * before, before + " to " + after);
    assertEquals(3, end.get("samples").size());

    List<String> logged = Files.readAllLines(out.resolve("log.jsonl"));
    assertEquals(lines.subList(0, lines.size() - 1), logged.stream().map(Run::parse).toList());
    String report = Files.readString(out.resolve("report.md"));
    for (String figure :
        List.of(
            "%.3f".formatted(before), "%.3f".formatted(after), "BLEU", "seed | 42", "--steps 12")) {
      assertTrue(report.contains(figure), figure + " in " + report);
    }
    String curve = Files.readString(out.resolve("loss.svg"));
    assertTrue(curve.contains("<svg") && curve.strip().endsWith("</svg>"), curve);

    // The corpus, which no file names, is found again.
    Path repeated = folder.resolve("repeated");
    galen("train --spec %s --out %s", out.resolve("run.json"), repeated).good();
    assertArrayEquals(
        Files.readAllBytes(out.resolve("model.safetensors")),
        Files.readAllBytes(repeated.resolve("model.safetensors")));

    String prompt = end.get("samples").get(0).get("prompt").textValue();
    JsonNode again =
        Run.galen(
                "generate",
                "--model",
                out.toString(),
                "--greedy",
                "--json",
                "--prompt",
                prompt,
                "--max-new-tokens",
                "4")
            .object();
    String continuation = end.get("samples").get(0).get("continuation").textValue();
    String told = again.get("text").textValue().substring(prompt.length());
    assertTrue(continuation.startsWith(told), told + " in " + continuation);
  }

  @Test
  void aKilledRunResumesWithTheSameBits() throws IOException {
    String options =
        "train --data %s --config %s --steps 8 --batch 2 --dropout 0.1 --save-every 3 --out ";
    Path whole = folder.resolve("whole");
    Path killed = folder.resolve("killed");
    galen(options + whole, text, config).good();
    galen(options + killed, text, config).good();
    // As a kill between steps 7 and 8 leaves it: no checkpoint after 6, half a line in the log.
    delete(killed.resolve("checkpoint-8"));
    Files.delete(killed.resolve("model.safetensors"));
    Path log = killed.resolve("log.jsonl");
    List<String> lines = Files.readAllLines(log);
    Files.write(log, lines.subList(0, lines.size() - 2));
    Files.writeString(log, "{\"step\":8,\"lo", StandardOpenOption.APPEND);
    Files.createDirectories(killed.resolve(".checkpoint-8.tmp"));

    galen(options + killed + " --resume", text, config).good();
    assertEquals(losses(whole), losses(killed));
    assertArrayEquals(
        Files.readAllBytes(whole.resolve("model.safetensors")),
        Files.readAllBytes(killed.resolve("model.safetensors")));
    try (Stream<Path> files = Files.list(killed)) {
      assertTrue(files.noneMatch(file -> file.toString().endsWith(".tmp")));
    }
  }

  @Test
  void aRunDoesNotMixWithAnEarlierOne() {
    Path out = folder.resolve("out");
    String options = "train --data %s --config %s --steps 2 --save-every 1 --out " + out;
    galen(options, text, config).good();
    String again = galen(options, text, config).refusal();
    assertTrue(again.contains("checkpoint-2") && again.contains("--resume"), again);
    String seed = galen(options + " --resume --seed 7", text, config).refusal();
    assertTrue(seed.contains("made with seed 42"), seed);
    String shape = galen(options + " --resume --preset tiny --length 16", text, "none").refusal();
    assertTrue(shape.contains("mutually exclusive"), shape);
  }

  @Test
  void aCheckpointOfAnotherShapeIsRefused() {
    Path out = folder.resolve("out");
    galen("train --data %s --config %s --steps 1 --save-every 1 --out " + out, text, config).good();
    String refusal =
        galen("train --data %s --steps 2 --resume --length 16 --out " + out, text).refusal();
    assertTrue(refusal.contains("F32[300, 16], this run needs F32["), refusal);
  }

  @Test
  void aLossThatIsNoNumberStopsBeforeTheUpdateAndLosesNothing() throws IOException {
    Path out = folder.resolve("out");
    Run run =
        galen(
            "train --data %s --config %s --steps 9 --learning-rate 1e30 --clip 0 --save-every 1"
                + " --out "
                + out,
            text,
            config);
    String refusal = run.refusal();
    assertTrue(refusal.contains("step 2: the loss is NaN"), refusal);
    assertTrue(refusal.contains("transformer.h.0."), refusal);
    assertTrue(Files.exists(out.resolve("checkpoint-1/model.safetensors")));
    assertFalse(Files.exists(out.resolve("model.safetensors")));
    assertEquals(1, losses(out).size());
  }

  @Test
  void everyKindOfDataIsLearnedTogether() throws IOException {
    Path questions = Questions.write(folder.resolve("q.jsonl"), 30);
    Path csv = Files.writeString(folder.resolve("q.csv"), "question,answer\r\n\"A, b?\",\"C\"\r\n");
    Path pubmed =
        Files.writeString(
            folder.resolve("p.json"),
            """
            {"1": {"QUESTION": "Is it?", "CONTEXTS": ["It may."], "LONG_ANSWER": "It is.",
                   "final_decision": "yes"}}
            """);
    Path ids = Files.writeString(folder.resolve("ids.jsonl"), "{\"input_ids\": [1, 2, 3]}\n");
    Path model = TinyModels.write(folder.resolve("model"));
    Path out = folder.resolve("out");
    List<JsonNode> lines =
        galen(
                "finetune --model %s --data %s %s %s --data %s %s --valid %s --out %s --epochs 1"
                    + " --batch 8 --accumulate 2 --schedule cosine --warmup 1 --weight-decay 0.1"
                    + " --clip 0 --no-shuffle --log-every 2 --json",
                model, questions, csv, pubmed, ids, text, questions, out)
            .json();
    assertTrue(lines.getLast().get("perplexityAfter").isNumber());
    assertTrue(lines.stream().anyMatch(line -> line.path("step").asInt() == 2));
    assertFalse(lines.stream().anyMatch(line -> line.path("step").asInt() == 1));
    assertEquals(
        11_904, Run.galen("inspect", out.toString(), "--json").object().get("parameters").asInt());
  }

  @Test
  void tokenisedDataNeedsNoTokenizer() throws IOException {
    Path ids =
        Files.writeString(folder.resolve("ids.jsonl"), "{\"input_ids\": [1, 2, 3, 4]}\n".repeat(9));
    Path out = folder.resolve("out");
    galen("train --data %s --config %s --steps 2 --out %s", ids, config, out).good();
    assertFalse(Files.exists(out.resolve("vocab.json")));
    assertEquals(
        5,
        galen("generate --model %s --prompt-ids 1,2 --max-new-tokens 3 --greedy --json", out)
            .object()
            .get("ids")
            .size());
    String refusal = galen("generate --model %s --prompt x", out).refusal();
    assertTrue(refusal.contains("has no tokenizer"), refusal);
  }

  @Test
  void questionsThatFillTheLengthAreLeftOutAndCounted() throws IOException {
    Path questions = Questions.write(folder.resolve("q.jsonl"), 4);
    String longOne = "{\"question\": \"%s?\", \"answer\": \"no\"}\n".formatted("why ".repeat(200));
    Files.writeString(questions, longOne, StandardOpenOption.APPEND);
    Run run =
        galen(
                "train --data %s --config %s --steps 1 --out %s",
                questions, config, folder.resolve("out"))
            .good();
    assertTrue(run.out().contains("left out   1 training questions"), run.out());
    assertTrue(run.out().contains("training   4 sequences"), run.out());
  }

  private static Run galen(String command, Object... values) {
    return Run.galen(command.formatted(values).split(" "));
  }

  private static List<String> losses(Path out) throws IOException {
    return Files.readAllLines(out.resolve("log.jsonl")).stream()
        .map(Run::parse)
        .filter(line -> line.has("step"))
        .map(line -> line.get("step") + " " + line.get("loss") + " " + line.get("gradNorm"))
        .toList();
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
