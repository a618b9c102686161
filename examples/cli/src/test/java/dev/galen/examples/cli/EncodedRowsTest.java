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
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that are given to a model as they are: the losses that transformers computes in F64. */
class EncodedRowsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> FIELDS =
      List.of("input_ids", "attention_mask", "token_type_ids", "labels");

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

  private Path rows(JsonNode given) throws IOException {
    var lines = new StringBuilder();
    for (int row = 0; row < given.get("input_ids").size(); row++) {
      ObjectNode line = JSON.createObjectNode();
      for (String field : FIELDS) {
        if (given.has(field)) {
          line.set(field, given.get(field).get(row));
        }
      }
      lines.append(line).append('\n');
    }
    return Files.writeString(folder.resolve("rows.jsonl"), lines);
  }

  private static double loss(Path model, Path rows, int batch) {
    String line = "evaluate --model %s --data %s --batch %d --json".formatted(model, rows, batch);
    return Run.galen(line.split(" ")).good().json().getLast().get("loss").asDouble();
  }

  /** What the model is for stands in its config: no task is named. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "bert-classifier",
        "bert-mlm",
        "bert-tagger",
        "gpt2-classifier",
        "gpt2-lm",
        "llama",
        "llama-rope-scaled",
        "mistral-window",
        "mixtral",
        "opt",
        "qwen2",
        "t5",
        "t5-gated"
      })
  void everyRoleIsMeasuredAndTrained(String name) throws IOException {
    Path model = shared("hf-tiny/" + name);
    JsonNode expected = JSON.readTree(model.resolve("expected.json").toFile());
    Path rows = rows(expected);
    for (int batch : new int[] {3, 2}) {
      assertEquals(expected.get("loss").asDouble(), loss(model, rows, batch), 1e-5);
    }
    String train =
        "train --model %s --data %s --out %s --steps 20 --batch 3 --learning-rate 0.001"
            + " --schedule constant --weight-decay 0.01 --dropout 0 --no-shuffle --json";
    List<JsonNode> steps =
        Run.galen(train.formatted(model, rows, folder.resolve("out")).split(" "))
            .good()
            .json()
            .stream()
            .filter(line -> line.has("step"))
            .toList();
    JsonNode losses = expected.get("adamw20").get("losses");
    assertEquals(losses.size(), steps.size());
    for (int i = 0; i < losses.size(); i++) {
      double want = losses.get(i).asDouble();
      assertEquals(want, steps.get(i).get("loss").asDouble(), 1e-3, "step " + i);
    }
    // What was saved is measured again, and has learned.
    assertTrue(loss(folder.resolve("out"), rows, 3) < expected.get("loss").asDouble());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bert-classifier problem_type unset, float labels",
        "gpt2-classifier problem_type unset, float labels",
        "gpt2-classifier left padding, no position ids",
        "gpt2-classifier pad id inside a row"
      })
  void labelsAndPaddingAreThoseOfTransformers(String id) throws IOException {
    for (JsonNode each : JSON.readTree(shared("recipe-cases/losses.json").toFile()).get("cases")) {
      if (each.get("id").asText().equals(id)) {
        Path model = shared("hf-tiny/" + each.get("checkpoint").asText());
        double want = each.get("loss").asDouble();
        assertEquals(want, loss(model, rows(each.get("inputs")), 3), 1e-5);
        return;
      }
    }
    throw new AssertionError("there is no case " + id);
  }

  @Test
  void severalLabelsAreWrittenIntoTheConfig() throws IOException {
    Path model = shared("hf-tiny/bert-classifier");
    Path out = folder.resolve("out");
    Path rows = folder.resolve("rows.jsonl");
    Files.writeString(rows, "{\"input_ids\": [5, 6, 7], \"labels\": [1.0, 0.0, 1.0]}\n");
    String train = "train --model %s --data %s --out %s --steps 2 --json";
    Run.galen(train.formatted(model, rows, out).split(" ")).good();
    JsonNode config = JSON.readTree(out.resolve("config.json").toFile());
    assertEquals("multi_label_classification", config.get("problem_type").asText());
  }

  /** The ids of greedy and beam search, of every case of the shared data that generates. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "gpt2-lm",
        "llama",
        "llama-rope-scaled",
        "mistral-window",
        "mixtral",
        "opt",
        "qwen2",
        "t5",
        "t5-gated"
      })
  void everyModelWritesWhatTransformersDoes(String name) throws IOException {
    Path model = shared("hf-tiny/" + name);
    JsonNode expected = JSON.readTree(model.resolve("expected.json").toFile());
    for (String way : List.of("greedy", "beam4")) {
      JsonNode text = expected.get(way);
      // A model that continues its prompt begins with it, one with a decoder with an id of its own.
      int begun = name.startsWith("t5") ? 1 : text.get("prompt").size();
      String prompt = text.get("prompt").toString().replaceAll("[\\[\\]]", "");
      String generate =
          "generate --model %s --prompt-ids %s --max-new-tokens %d %s --json"
              .formatted(
                  model,
                  prompt,
                  text.get("ids").size() - begun,
                  way.equals("greedy") ? "--greedy" : "--beams 4");
      JsonNode made = Run.galen(generate.split(" ")).good().json().getLast();
      assertEquals(text.get("ids"), made.get("ids"), way);
    }
  }

  @Test
  void bertEmbedsTextsByItsEncoder() throws IOException {
    Path rows = Files.writeString(folder.resolve("ids.jsonl"), "{\"input_ids\": [5, 6, 7]}\n");
    for (String name : List.of("bert-mlm", "bert-classifier", "t5")) {
      String embed = "embed --model %s --data %s --json".formatted(shared("hf-tiny/" + name), rows);
      JsonNode made = Run.galen(embed.split(" ")).good().json().getLast();
      assertEquals(48, made.get("embedding").size());
    }
  }

  @Test
  void aMaskedLanguageModelBecomesATagger() throws IOException {
    Path model = shared("hf-tiny/bert-mlm");
    Path out = folder.resolve("out");
    Path rows = folder.resolve("rows.jsonl");
    Files.writeString(rows, "{\"input_ids\": [5, 6, 7], \"labels\": [3, -100, 0]}\n");
    String train = "train --task tagging --model %s --data %s --out %s --steps 2 --json";
    Run.galen(train.formatted(model, rows, out).split(" ")).good();
    JsonNode config = JSON.readTree(out.resolve("config.json").toFile());
    assertEquals(4, config.get("id2label").size());
    assertEquals("[\"BertForTokenClassification\"]", config.get("architectures").toString());
    assertTrue(Double.isFinite(loss(out, rows, 1)));
  }

  @Test
  void aMaskWithoutLabelsIsOneWithTheIdsAsLabels() throws IOException {
    Path model = shared("hf-tiny/llama");
    Path bare = folder.resolve("bare.jsonl");
    Path told = folder.resolve("told.jsonl");
    String row = "{\"input_ids\": [5, 6, 7, 8], \"attention_mask\": [1, 1, 1, 0]%s}\n";
    Files.writeString(bare, row.formatted(""));
    Files.writeString(told, row.formatted(", \"labels\": [5, 6, 7, -100]"));
    assertEquals(loss(model, told, 1), loss(model, bare, 1));
  }

  /** The loss of transformers 5.18 in F64, on more ids than the n_positions of 512. */
  @Test
  void t5TakesRowsOfAnyLength() throws IOException {
    Path model = shared("hf-tiny/t5");
    var ids = JSON.createArrayNode();
    for (int i = 0; i < 600; i++) {
      ids.add(3 + i * 7 % 250);
    }
    ObjectNode row = JSON.createObjectNode().set("input_ids", ids);
    row.putArray("labels").add(5).add(6).add(7).add(1);
    Path rows = Files.writeString(folder.resolve("rows.jsonl"), row + "\n");
    assertEquals(6.778923522969958, loss(model, rows, 1), 1e-5);
    String line = "%s --model %s --data %s --length %d";
    Run.galen(line.formatted("evaluate", model, rows, 700).split(" ")).good();
    String refusal = Run.galen(line.formatted("evaluate", model, rows, 599).split(" ")).refusal();
    assertTrue(refusal.contains("rows.jsonl:1: input_ids has 600 ids, the length is 599"), refusal);
    refusal = Run.galen(line.formatted("evaluate", model, rows, 1).split(" ")).refusal();
    assertTrue(refusal.contains("--length is 1, must be 2 or more"), refusal);
    Path out = folder.resolve("out");
    Run.galen((line + " --steps 1 --out %s").formatted("train", model, rows, 700, out).split(" "))
        .good();
    assertTrue(Files.readString(out.resolve("report.md")).contains("at most 700 tokens"));
  }

  /** Positions that are turned have no end: 600 tokens for a context of 64. */
  @Test
  void llamaTakesRowsOfAnyLength() throws IOException {
    Path model = shared("hf-tiny/llama");
    var ids = JSON.createArrayNode();
    for (int i = 0; i < 600; i++) {
      ids.add(3 + i * 7 % 250);
    }
    ObjectNode row = JSON.createObjectNode().set("input_ids", ids);
    Path rows = Files.writeString(folder.resolve("rows.jsonl"), row + "\n");
    assertEquals(5.629151344299316, loss(model, rows, 1), 1e-5);
    String refusal =
        Run.galen("evaluate --model %s --data %s --length 599".formatted(model, rows).split(" "))
            .refusal();
    assertTrue(
        refusal.contains("the sequence has 600 tokens and the model's length is 599"), refusal);
    String train = "train --model %s --data %s --steps 1 --out %s";
    Run.galen(train.formatted(model, rows, folder.resolve("out")).split(" ")).good();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bert-tagger     | {'input_ids': [1, 2], 'labels': [0]} | labels has 1 entries",
        "bert-tagger     | {'input_ids': [1, 2], 'labels': [0, 5]} | labels holds 5; the model has",
        "bert-tagger     | {'input_ids': [1, 999], 'labels': [0, 1]} | input_ids holds 999",
        "bert-tagger     | {'input_ids': [1, 2], 'labels': [-100, -100]} | no label counts",
        "bert-tagger     | {'input_ids': [1, 2]} | expected input_ids and labels",
        "bert-mlm        | {'input_ids': [1], 'labels': [1.5]} | a list of integers",
        "bert-mlm        | {'input_ids': [1], 'labels': ['a']} | labels holds",
        "bert-mlm        | {'input_ids': [1, 2], 'labels': [1, 2], 'attention_mask': [1]}"
            + " | attention_mask has 1 entries and input_ids has 2",
        "bert-mlm        | {'input_ids': [1], 'labels': [1], 'attention_mask': [2]} | holds 2",
        "bert-classifier | {'input_ids': [1, 2], 'labels': 3} | labels holds 3",
        "bert-classifier | {'input_ids': [1, 2], 'labels': [0.5, 1]} | the model has 3 classes",
        "t5              | {'input_ids': [1, 2], 'labels': []} | labels is empty",
        "bert-classifier | {'input_ids': [5, 6], 'token_type_ids': [0, 2], 'labels': 1}"
            + " | rows.jsonl:1: token_type_ids holds 2; the model has 0 to 1",
        "bert-mlm        | {'input_ids': [5, 6], 'token_type_ids': [-1, 0], 'labels': [1, 2]}"
            + " | rows.jsonl:1: token_type_ids holds -1; the model has 0 to 1",
        "gpt2-classifier | {'input_ids': [5, 6], 'token_type_ids': [-1, 0], 'labels': 1}"
            + " | rows.jsonl:1: token_type_ids holds -1; the model has 0 to 262",
        "bert-classifier | {'input_ids': [5], 'labels': 1}~{'input_ids': [5], 'labels': [1, 0, 1]}"
            + " | rows.jsonl:2: labels has 3 numbers, and",
        "llama           | {'input_ids': [5, 6, 7], 'attention_mask': [1, 1]}"
            + " | rows.jsonl:1: attention_mask has 2 entries and input_ids has 3",
      })
  void rowsThatNoModelTakesAreRefused(String name, String row, String line) throws IOException {
    String lines = row.replace('\'', '"').replace('~', '\n') + "\n";
    Path rows = Files.writeString(folder.resolve("rows.jsonl"), lines);
    String evaluate = "evaluate --model %s --data %s".formatted(shared("hf-tiny/" + name), rows);
    String refusal = Run.galen(evaluate.split(" ")).refusal();
    assertTrue(refusal.contains("rows.jsonl") && refusal.contains(line), refusal);
  }
}
