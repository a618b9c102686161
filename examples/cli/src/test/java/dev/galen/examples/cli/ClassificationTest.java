package dev.galen.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.galen.model.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code galen train --task classification}, from rows to a model that names classes. */
class ClassificationTest {
  private static final List<String> SIGNS = List.of("fever", "cough", "rash", "pain");
  private static final List<String> DRUGS = List.of("aspirin", "insulin", "heparin", "iron");

  @TempDir Path folder;

  private static Run galen(String line, Object... values) {
    return Run.galen(line.formatted(values).split(" "));
  }

  /** Texts that one word decides. */
  private static String text(int i) {
    boolean sign = i % 2 == 0;
    String word = (sign ? SIGNS : DRUGS).get(i / 2 % 4);
    return "day %d: %s".formatted(i % 30, word);
  }

  private Path csv(String name, int count) throws IOException {
    var rows = new StringBuilder("text,label\n");
    for (int i = 0; i < count; i++) {
      rows.append(text(i)).append(',').append(i % 2 == 0 ? "sign" : "drug").append('\n');
    }
    return Files.writeString(folder.resolve(name), rows);
  }

  private Path jsonLines(int count) throws IOException {
    var rows = new StringBuilder();
    for (int i = 0; i < count; i++) {
      rows.append("{\"text\": \"%s\", \"label\": %d}\n".formatted(text(i), i % 2));
    }
    return Files.writeString(folder.resolve("rows.jsonl"), rows);
  }

  private static final String QUICK =
      " --steps 80 --batch 16 --length 32 --learning-rate 3e-3 --schedule constant --dropout 0"
          + " --json";

  @Test
  void aClassifierIsTrainedMeasuredAndLoadedAgain() throws IOException {
    Path out = folder.resolve("out");
    Path rows = csv("rows.csv", 160);
    JsonNode end =
        galen("train --task classification --data %s --out %s" + QUICK, rows, out)
            .good()
            .json()
            .getLast();
    assertEquals(1, end.get("accuracy").asDouble(), end.toString());
    assertEquals(1, end.get("macroF1").asDouble());
    assertTrue(end.get("lossAfter").asDouble() < 0.1 * end.get("lossBefore").asDouble());
    String report = Files.readString(out.resolve("report.md"));
    for (String part :
        List.of(
            "confusion.svg",
            "| drug | 1.0000",
            "| sign | 1.0000",
            "loss per text",
            "--task classification")) {
      assertTrue(report.contains(part), part + " in " + report);
    }
    assertTrue(Files.readString(out.resolve("confusion.svg")).contains("Confusion matrix"));
    JsonNode config = Run.parse(Files.readString(out.resolve("config.json")));
    assertEquals("{\"0\":\"drug\",\"1\":\"sign\"}", config.get("id2label").toString());
    assertEquals("[\"GPT2ForSequenceClassification\"]", config.get("architectures").toString());
    assertEquals(config.get("eos_token_id"), config.get("pad_token_id"));

    Path held = csv("held.csv", 60);
    JsonNode again =
        galen("evaluate --task classification --model %s --data %s --json", out, held)
            .good()
            .json()
            .getLast();
    assertEquals(1, again.get("accuracy").asDouble());
    assertEquals(60, again.get("classified").asInt());

    Path further = folder.resolve("further");
    galen(
            "train --task classification --model %s --data %s --out %s --steps 2 --json",
            out, held, further)
        .good();
    assertEquals(
        config.get("id2label"),
        Run.parse(Files.readString(further.resolve("config.json"))).get("id2label"));
    String unknown =
        galen(
                "evaluate --task classification --model %s --data %s",
                out, Files.writeString(folder.resolve("odd.csv"), "text,label\nfever,symptom\n"))
            .refusal();
    assertTrue(unknown.contains("odd.csv:2: label is \"symptom\", which is none of"), unknown);
    String generating = galen("generate --model %s --prompt fever", out).refusal();
    assertTrue(generating.contains("holds a classifier"), generating);
  }

  @Test
  void aLanguageModelGetsANewHead() throws IOException {
    Path model = TinyModels.write(folder.resolve("model"));
    Path out = folder.resolve("out");
    Run run =
        galen(
            "finetune --task classification --model %s --data %s --out %s" + QUICK,
            model,
            jsonLines(80),
            out);
    JsonNode end = run.good().json().getLast();
    assertTrue(end.get("accuracy").asDouble() > 0.9, end.toString());
    assertTrue(run.err().contains("and a new head"), run.err());
    JsonNode config = Run.parse(Files.readString(out.resolve("config.json")));
    assertFalse(config.has("num_labels"));
    assertEquals("LABEL_1", config.get("id2label").get("1").asText());
    String refusal =
        galen("evaluate --task classification --model %s --data %s", model, jsonLines(4)).refusal();
    assertTrue(refusal.contains("holds no classifier; train one"), refusal);
  }

  @Test
  void aRunResumesWithTheBitsOfOneThatWasNotStopped() throws IOException {
    Path rows = jsonLines(60);
    String train =
        "train --task classification --data %s --batch 8 --length 40 --schedule constant"
            + " --save-every 2 --json --out ";
    Path whole = folder.resolve("whole");
    galen(train + whole + " --steps 6", rows).good();
    Path parted = folder.resolve("parted");
    galen(train + parted + " --steps 4", rows).good();
    galen(train + parted + " --steps 6 --resume", rows).good();
    assertEquals(
        -1,
        Files.mismatch(whole.resolve("model.safetensors"), parted.resolve("model.safetensors")));
  }

  /** They stand in run.json, in the report's command and in what a resumed run must keep. */
  @Test
  void classesMayHaveWeights() throws IOException {
    Path rows = jsonLines(12);
    String train =
        "train --task classification --data %s --batch 4 --length 32 --no-shuffle --json --out ";
    Path out = folder.resolve("out");
    String weights = " --class-weights 1,4";
    double weighted = firstLoss(galen(train + out + weights + " --steps 2 --save-every 1", rows));
    double plain = firstLoss(galen(train + folder.resolve("plain") + " --steps 2", rows));
    assertTrue(Math.abs(weighted - plain) > 1e-4, weighted + " and " + plain);
    Path spec = out.resolve("run.json");
    String json = Files.readString(spec);
    assertEquals("[1.0,4.0]", Run.parse(json).get("training").get("classWeights").toString(), json);
    assertTrue(Files.readString(out.resolve("report.md")).contains("--class-weights '1,4'"));
    Path again = folder.resolve("again");
    Files.writeString(folder.resolve("again.json"), json.replace(out.toString(), again.toString()));
    galen("train --spec %s", folder.resolve("again.json")).good();
    assertEquals(
        -1, Files.mismatch(out.resolve("model.safetensors"), again.resolve("model.safetensors")));
    String other =
        galen(train + out + " --class-weights balanced --steps 4 --resume", rows).refusal();
    assertTrue(other.contains("class-weights"), other);
    Path even = folder.resolve("even");
    galen(train + even + " --class-weights balanced --steps 1", rows).good();
    assertEquals(
        "balanced",
        Run.parse(Files.readString(even.resolve("run.json")))
            .get("training")
            .get("classWeights")
            .asText());
  }

  private static double firstLoss(Run run) {
    return run.good().json().stream()
        .filter(line -> line.has("step") && line.has("loss"))
        .findFirst()
        .orElseThrow()
        .get("loss")
        .asDouble();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "classification | 1,2,3 | class weights are 3 numbers, must be 2: one for each",
        "classification | 1,-2 | a class weight is -2.0, must be finite and at least 0",
        "classification | 0,0 | class-weights is [0.0, 0.0], must be above 0 for a class",
        "classification | even | class weights are \"even\", must be balanced, or numbers",
        "language-model | 1,2 | --class-weights is 1.0,2.0, but the labels of language-model",
        "masked-lm | balanced | --class-weights is balanced, but the labels of masked-lm",
      })
  void classWeightsThatDoNotFitAreRefused(String task, String weights, String line)
      throws IOException {
    String refusal =
        galen(
                "train --task %s --data %s --out %s --steps 1 --length 32 --class-weights %s",
                task, jsonLines(8), folder.resolve("out"), weights)
            .refusal();
    assertTrue(refusal.contains(line), refusal);
  }

  @Test
  void anotherKindOfProblemIsRefused() throws IOException {
    Path out = folder.resolve("out");
    Path rows = csv("rows.csv", 24);
    galen("train --task classification --data %s --out %s --steps 1 --length 32", rows, out).good();
    Path config = out.resolve("config.json");
    String text = Files.readString(config);
    assertTrue(text.contains("\"problem_type\" : \"single_label_classification\""), text);
    Files.writeString(config, text.replace("single_label", "multi_label"));
    String refusal =
        galen("evaluate --task classification --model %s --data %s", out, rows).refusal();
    assertTrue(refusal.contains("problem_type is multi_label_classification"), refusal);
  }

  @Test
  void otherClassesMakeAnotherModel() throws IOException {
    String train =
        "train --task classification --data %s --batch 8 --length 32 --schedule constant"
            + " --save-every 1 --steps %d --out "
            + folder.resolve("out");
    Path rows = csv("rows.csv", 40);
    galen(train, rows, 1).good();
    Path other = folder.resolve("other.csv");
    Files.writeString(other, Files.readString(rows).replace(",drug", ",zinc"));
    String refusal = galen(train + " --resume --change data", other, 2).refusal();
    assertTrue(refusal.contains("id2label"), refusal);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "text,label;a,x;b,x | every example has the label \"x\"; a classifier needs two classes",
        "text,label;a,0;b,900 | the labels are 2 numbers up to 900; classes are numbered from 0",
        "text;a;b | expected input_ids and label; or text and label",
        "text,label;a,;b,y | label",
      })
  void rowsThatTeachNoClassAreRefused(String rows, String line) throws IOException {
    Path file = Files.writeString(folder.resolve("rows.csv"), rows.replace(';', '\n') + "\n");
    String refusal =
        galen(
                "train --task classification --data %s --out %s --steps 1",
                file, folder.resolve("out"))
            .refusal();
    assertTrue(refusal.contains(line), refusal);
  }

  /** The tiny classifier that transformers trained in F64: its losses, and its loss alone. */
  @Test
  void transformersClassifierTrainsAlike() throws IOException {
    Path model = shared("hf-tiny/gpt2-classifier");
    JsonNode expected = Run.parse(Files.readString(model.resolve("expected.json")));
    var rows = new StringBuilder();
    for (int row = 0; row < expected.get("input_ids").size(); row++) {
      var ids = new StringBuilder();
      for (int i = 0; i < expected.get("input_ids").get(row).size(); i++) {
        if (expected.get("attention_mask").get(row).get(i).asInt() == 1) {
          ids.append(i == 0 ? "" : ",").append(expected.get("input_ids").get(row).get(i));
        }
      }
      rows.append(
          "{\"input_ids\": [%s], \"label\": %d}\n"
              .formatted(ids, expected.get("labels").get(row).asInt()));
    }
    Path file = Files.writeString(folder.resolve("rows.jsonl"), rows);
    JsonNode measured =
        galen("evaluate --task classification --model %s --data %s --json", model, file)
            .good()
            .json()
            .getLast();
    assertEquals(expected.get("loss").asDouble(), measured.get("loss").asDouble(), 1e-6);
    List<JsonNode> steps =
        galen(
                "train --task classification --model %s --data %s --out %s --steps 20 --batch 3"
                    + " --learning-rate 0.001 --schedule constant --weight-decay 0.01 --dropout 0"
                    + " --no-shuffle --json",
                model, file, folder.resolve("out"))
            .good()
            .json()
            .stream()
            .filter(line -> line.has("step"))
            .toList();
    JsonNode losses = expected.get("adamw20").get("losses");
    for (int i = 0; i < losses.size(); i++) {
      assertEquals(
          losses.get(i).asDouble(), steps.get(i).get("loss").asDouble(), 1e-5, "step " + i);
    }
  }

  private static Path shared(String name) {
    for (Path up = Path.of("").toAbsolutePath(); up != null; up = up.getParent()) {
      Path found = up.resolve("shared/data").resolve(name);
      if (Files.exists(found)) {
        return found;
      }
    }
    Assumptions.abort("skipped: shared/data/" + name + " is not beside the repository");
    return null;
  }

  @Test
  void aTaskThatThereIsNotIsRefused() {
    String refusal = galen("train --task parsing --data x --out y").refusal();
    assertTrue(
        refusal.contains("the task parsing is none of language-model, classification"), refusal);
  }
}
