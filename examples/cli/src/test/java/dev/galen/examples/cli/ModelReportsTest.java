package dev.galen.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Directories as transformers 5.18 reads them; each right value is from that library. */
class ModelReportsTest {
  private static final String USUAL = "[10,20,30,239,289,284,284,289,289,289,239]";
  private static final String FOUR_HEADS = "[10,20,30,239,289,284,289,289,289,289,239]";
  private static final String STOPPED = "[10,20,30,257]";

  @TempDir Path folder;

  private Report report(String name) throws IOException {
    return Report.copy(name, folder.resolve("model"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"eos-in-generation-config", "eos-list-in-config"})
  void everyNamedEndEndsAText(String name) throws IOException {
    Run run = report(name).continued("--greedy", "--max-new-tokens", "8");
    assertEquals(STOPPED, run.object().get("ids").toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"eos_token_id": null}   | {"eos_token_id": [257]}
          {"eos_token_id": 0}      | {"eos_token_id": 257}
          {"eos_token_id": [0]}    | {"eos_token_id": [5, 257, 9]}
          {"eos_token_id": [257]}  | {}
          {"eos_token_id": 257}    | {"max_new_tokens": 8}
          {"eos_token_id": 257}    |
          {"eos_token_id": [-1, 257]} |
          """)
  void endsAreJoinedFromBothFiles(String config, String generation) throws IOException {
    Report report = report("eos-in-generation-config");
    report.with("config.json", json -> json.setAll(Run.parseObject(config)));
    report.without("generation_config.json");
    if (generation != null) {
      report.with("generation_config.json", json -> json.setAll(Run.parseObject(generation)));
    }
    assertEquals(STOPPED, report.greedy());
  }

  @Test
  void theTokenizersEndCountsToo() throws IOException {
    Run run = report("eos-of-tokenizer-differs").said("the drug", "--greedy");
    assertEquals("[259,285,300]", run.object().get("ids").toString());
    assertEquals("the drug", run.object().get("text").asText());
  }

  @Test
  void beamsStopAtEveryEnd() throws IOException {
    Run run = report("eos-list-in-config").continued("--beams", "3", "--max-new-tokens", "8");
    assertEquals(STOPPED, run.object().get("ids").toString());
  }

  @Test
  void endsThatAreNoIdsAreRefused() throws IOException {
    Report report = report("eos-in-generation-config");
    report.with("generation_config.json", json -> json.put("eos_token_id", "stop"));
    assertTrue(
        report
            .continued("--greedy")
            .refusal()
            .endsWith("generation_config.json: eos_token_id is \"stop\", expected an integer"));
  }

  @Test
  void sizesHaveTwoNames() throws IOException {
    assertEquals(USUAL, report("config-aliases").greedy());
  }

  @Test
  void theCommonNameWins() throws IOException {
    Report report = report("nan-in-unused-field");
    report.replace("config.json", "\"n_head\": 2", "\"num_attention_heads\": 4, \"n_head\": 2");
    assertEquals(FOUR_HEADS, report.greedy());
  }

  @Test
  void aSizeThatIsAbsentIsNamedWhereTheWeightsDoNotFit() throws IOException {
    Report report = report("config-aliases");
    report.with("config.json", json -> json.remove("num_hidden_layers"));
    String refusal = report.continued("--greedy").refusal();
    assertTrue(refusal.endsWith("; n_layer is not given, so 12 was assumed"), refusal);
  }

  @Test
  void aNewModelHasTheSizesOfEitherName() throws IOException {
    Report report = report("config-aliases");
    Run run = trainRun(report, "aliases-for-train.json").good();
    assertTrue(run.out().contains(" 4,672 parameters"), run.out());
    ObjectNode saved = new Report(folder.resolve("out")).json("config.json");
    assertEquals(2, saved.get("n_layer").intValue());
    assertEquals(8, saved.get("n_embd").intValue());
  }

  @ParameterizedTest
  @ValueSource(strings = {"vocab_size", "n_positions", "n_embd", "num_hidden_layers", "n_head"})
  void aNewModelsSizesAreNotAssumed(String absent) throws IOException {
    Report report = report("config-aliases");
    report.with("aliases-for-train.json", json -> json.remove(absent));
    String name = absent.equals("num_hidden_layers") ? "n_layer" : absent;
    String refusal = trainRun(report, "aliases-for-train.json").refusal();
    assertTrue(refusal.contains("no " + name + ", though other sizes are given"), refusal);
  }

  private Run trainRun(Report report, String config) {
    return Run.galen(
        "train",
        "--config",
        report.file(config),
        "--data",
        report.file("tokens16.jsonl"),
        "--steps",
        "1",
        "--length",
        "32",
        "--out",
        folder.resolve("out").toString());
  }

  @Test
  void fieldsThatNobodyReadsMayHoldAnything() throws IOException {
    Report report = report("nan-in-unused-field");
    assertEquals(USUAL, report.greedy());
    Run run =
        Run.galen(
            "evaluate",
            "--model",
            report.directory().toString(),
            "--data",
            report.file("nan.jsonl"),
            "--json");
    assertTrue(run.object().get("tokens").intValue() > 2, run.out());
  }

  /** Of such a model there is nothing to measure, and the message names its field. */
  @ParameterizedTest
  @ValueSource(strings = {"evaluate", "finetune --out OUT"})
  void aContextOfOneTokenIsNamed(String command) throws IOException {
    Report report = report("nan-in-unused-field");
    report.replace("config.json", "\"n_positions\": 64", "\"n_positions\": 1");
    String words =
        "%s --model %s --data %s".formatted(command, report.directory(), report.file("nan.jsonl"));
    Path out = folder.resolve("out");
    String line = Run.galen(words.replace("OUT", out.toString()).split(" ")).refusal();
    assertTrue(line.contains(report.directory() + ": n_positions is 1 in its config"), line);
    assertFalse(Files.exists(out));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"best_loss\": Infinity",
        "\"best\": [NaN, {\"worst\": -Infinity}]",
        "\"id2label\": {\"1\": \"a\", \"2\": \"b\"}, \"num_labels\": 2",
        "\"id2label\": {\"0\": \"a\"}, \"num_labels\": 2000000000",
        "\"num_labels\": 2000000000",
        "\"problem_type\": \"regression\", \"num_labels\": -1",
        "\"torch_dtype\": \"float16\", \"n_ctx\": 7, \"unknown\": {\"n_embd\": 3}"
      })
  void noneOfTheseChangesALanguageModel(String fields) throws IOException {
    Report report = report("nan-in-unused-field");
    report.replace("config.json", "\"n_layer\"", fields + ", \"n_layer\"");
    assertEquals(USUAL, report.greedy());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "layer_norm_epsilon": 1e-05 | "layer_norm_epsilon": NaN | layer_norm_epsilon is NaN
          "resid_pdrop": 0.0 | "resid_pdrop": Infinity | resid_pdrop is Infinity
          "n_layer": 2 | "n_layer": NaN | n_layer is NaN, expected an integer
          "n_layer": 2 | "n_layer": "two" | n_layer is "two", expected an integer
          "n_layer": 2 | "n_layer": 2, "quantization_config": {"bits": 4} | quantization_config is not
          "scale_attn_weights": true | "scale_attn_weights": "no" | scale_attn_weights is "no"
          "n_positions": 64 | "n_positions": 2000000000 | the config wants F32[2000000000, 8]
          "n_embd": 8 | "n_embd": 2000000000 | the config wants F32[300, 2000000000]
          """)
  void fieldsThatAreReadHoldWhatTheyShould(String part, String other, String refusal)
      throws IOException {
    Report report = report("nan-in-unused-field").replace("config.json", part, other);
    String line = report.continued("--greedy").refusal();
    assertTrue(line.contains(refusal) && line.contains(folder.toString()), line);
  }

  /** Each row by transformers: its generate with the same file and nothing else. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"do_sample": false, "max_new_tokens": 8}                   | %USUAL%
          {"do_sample": false, "max_length": 5}                       | [10,20,30,239,289]
          {"do_sample": false, "max_length": 5, "max_new_tokens": 1}  | [10,20,30,239]
          {"num_beams": 1, "do_sample": false, "suppress_tokens": [239, 289, 284], "max_new_tokens": 3} | SUPPRESSED
          {"do_sample": false, "forced_eos_token_id": 7, "max_new_tokens": 2} | [10,20,30,239,7]
          {"do_sample": true, "top_k": 1, "max_new_tokens": 8}        | %USUAL%
          {"do_sample": true, "top_p": 0.0001, "max_new_tokens": 8}   | %USUAL%
          """)
  void generationConfigIsTheDefaultOfEveryOption(String file, String ids) throws IOException {
    Report report = report("tied-head-only");
    report.with("generation_config.json", json -> json.setAll(Run.parseObject(file)));
    String said = report.continued().object().get("ids").toString();
    if (ids.equals("SUPPRESSED")) {
      assertTrue(said.startsWith("[10,20,30,") && !said.contains("239") && !said.contains("28"));
    } else {
      assertEquals(ids.replace("%USUAL%", USUAL), said);
    }
  }

  @Test
  void optionsOverrideGenerationConfig() throws IOException {
    Report report = report("tied-head-only");
    report.with(
        "generation_config.json",
        json -> json.put("do_sample", true).put("num_beams", 4).put("max_new_tokens", 1));
    assertTrue(report.continued().refusal().contains("4 beams and for sampling"));
    assertEquals(USUAL, report.greedy());
    assertEquals(
        USUAL,
        report.continued("--top-k", "1", "--max-new-tokens", "8").object().get("ids").toString());
    report.with("generation_config.json", json -> json.put("guidance_scale", 2.0));
    String line = report.continued("--greedy").refusal();
    assertTrue(line.contains("generation_config.json: guidance_scale is not supported"), line);
  }

  @Test
  void theTiedMatrixMayHaveItsOtherName() throws IOException {
    assertEquals(USUAL, report("tied-head-only").greedy());
  }

  /** Edits that leave what a language model says as it is. */
  private static void assertUsual(Report report, String file, Consumer<ObjectNode> edit)
      throws IOException {
    assertEquals(USUAL, report.with(file, edit).greedy());
  }

  @Test
  void aBrokenGenerationConfigIsNamed() throws IOException {
    Report report = report("config-aliases");
    assertUsual(report, "generation_config.json", json -> json.put("no_such_field", "x"));
    report.replace("generation_config.json", "{", "");
    String line = report.continued("--greedy").refusal();
    assertTrue(line.contains("generation_config.json: not valid JSON"), line);
    assertFalse(line.contains("JsonReadFeature"), line);
  }
}
