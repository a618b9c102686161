package dev.galen.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Optimizers and schedules by their options: twenty updates as torch and transformers make them in
 * F64, {@code recipe-cases/optimizers.json} of the shared data; and what the run leaves.
 */
class OptimizerOptionsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

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

  private static JsonNode named(String id) throws IOException {
    for (JsonNode one :
        JSON.readTree(shared("recipe-cases/optimizers.json").toFile()).get("cases")) {
      if (one.get("id").asText().equals(id)) {
        return one;
      }
    }
    throw new AssertionError("there is no case " + id);
  }

  private Path rows(Path model) throws IOException {
    JsonNode given = JSON.readTree(model.resolve("expected.json").toFile());
    var lines = new StringBuilder();
    for (int row = 0; row < given.get("input_ids").size(); row++) {
      ObjectNode line = JSON.createObjectNode();
      for (String field : List.of("input_ids", "attention_mask", "labels")) {
        if (given.has(field)) {
          line.set(field, given.get(field).get(row));
        }
      }
      lines.append(line).append('\n');
    }
    return Files.writeString(folder.resolve("rows.jsonl"), lines);
  }

  private List<JsonNode> train(Path model, String options) throws IOException {
    String line =
        "train --model %s --data %s --out %s --steps 20 --batch 3 --dropout 0 --no-shuffle --json "
            + options;
    return Run.galen(line.formatted(model, rows(model), folder.resolve("out")).split(" "))
        .good()
        .json()
        .stream()
        .filter(json -> json.has("step"))
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gpt2-lm/lion | --optimizer lion --learning-rate 0.0003333333333333333 --weight-decay 0.01",
        "gpt2-lm/sgd-nesterov | --optimizer sgd --optimizer-args momentum=0.9,nesterov=true"
            + " --learning-rate 0.05 --group *:weight_decay=0.01",
        "llama/adamw-layerwise | --learning-rate 1e-3 --weight-decay 0.01 --layer-decay 0.65",
        "llama/adafactor-hf-relative | --optimizer hf-adafactor --optimizer-args"
            + " relative_step=true,scale_parameter=true",
        "llama/muon-original-float64 | --optimizer muon --learning-rate 0.02 --weight-decay 0.01"
            + " --optimizer-args adamw_rate=0.05,bfloat16=false",
      })
  void lossesAreThoseOfTheReference(String id, String options) throws IOException {
    JsonNode one = named(id);
    Path model = shared("hf-tiny/" + one.get("checkpoint").asText());
    List<JsonNode> steps = train(model, "--schedule constant " + options);
    for (int i = 0; i < 20; i++) {
      double want = one.get("losses").get(i).asDouble();
      assertEquals(want, steps.get(i).get("loss").asDouble(), 1e-3, "step " + i);
    }
    assertRepeats(steps);
  }

  /** The run.json that a run leaves is the whole run. */
  private void assertRepeats(List<JsonNode> steps) throws IOException {
    Path again = folder.resolve("again.json");
    ObjectNode spec = (ObjectNode) JSON.readTree(folder.resolve("out/run.json").toFile());
    spec.put("output", folder.resolve("again").toString());
    Files.writeString(again, spec.toString());
    List<JsonNode> repeated =
        Run.galen("train", "--spec", again.toString(), "--json").good().json().stream()
            .filter(json -> json.has("step"))
            .toList();
    for (int i = 0; i < 20; i++) {
      assertEquals(steps.get(i).get("loss"), repeated.get(i).get("loss"));
    }
  }

  @Test
  void theAverageIsWhatIsSaved() throws IOException {
    JsonNode one = named("gpt2-lm/adamw");
    Path model = shared("hf-tiny/gpt2-lm");
    train(
        model,
        "--learning-rate 1e-3 --schedule constant --weight-decay 0.01 --ema 0.9 --ema-start initial");
    String line = "evaluate --model %s --data %s --batch 3 --json";
    double loss =
        Run.galen(line.formatted(folder.resolve("out"), folder.resolve("rows.jsonl")).split(" "))
            .good()
            .json()
            .getLast()
            .get("loss")
            .asDouble();
    assertEquals(one.at("/ema/loss_from_initial_weights").asDouble(), loss, 1e-3);
  }

  @Test
  void ratesFollowTheSchedule() throws IOException {
    List<JsonNode> steps =
        train(
            shared("hf-tiny/gpt2-lm"),
            "--learning-rate 1e-3 --schedule cosine_with_min_lr --schedule-args min_lr_rate=0.1"
                + " --warmup 0.1 --freeze *.wte,*.wpe --unfreeze-every 5 --clip-value 0.5");
    assertEquals(0, steps.get(0).get("learningRate").asDouble());
    assertEquals(5e-4, steps.get(1).get("learningRate").asDouble(), 1e-12);
    assertEquals(1e-3, steps.get(2).get("learningRate").asDouble(), 1e-12);
    assertEquals(5.5e-4, steps.get(11).get("learningRate").asDouble(), 1e-12);
    String report = Files.readString(folder.resolve("out/report.md"));
    assertTrue(report.contains("cosine_with_min_lr, min_lr_rate 0.1, warm-up 0.1 of the run"));
    assertTrue(report.contains("--schedule-args min_lr_rate=0.1"), report);
    assertTrue(report.contains("--unfreeze-every 5"), report);
  }
}
