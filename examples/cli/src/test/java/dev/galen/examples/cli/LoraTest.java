package dev.galen.examples.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Adapters on the command line: trained, resumed, measured, merged, refused. */
class LoraTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MODEL =
      "{\"model_type\": \"llama\", \"vocab_size\": 31, \"hidden_size\": 16,"
          + " \"intermediate_size\": 24, \"num_hidden_layers\": 2, \"num_attention_heads\": 2,"
          + " \"num_key_value_heads\": 1, \"max_position_embeddings\": 32,"
          + " \"tie_word_embeddings\": true, \"initializer_range\": 0.2}";

  @TempDir Path folder;

  private Path model;
  private Path rows;

  /** A LLaMA that has learned one step, and eight rows. */
  @BeforeEach
  void makeModel() throws IOException {
    Path config = Files.writeString(folder.resolve("config.json"), MODEL);
    var lines = new StringBuilder();
    for (int row = 0; row < 8; row++) {
      var ids = new int[12];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = (7 * row + 3 * i * i) % 31;
      }
      String text = Arrays.toString(ids);
      lines.append("{\"input_ids\": %s, \"labels\": %s}%n".formatted(text, text));
    }
    rows = Files.writeString(folder.resolve("rows.jsonl"), lines);
    model = folder.resolve("model");
    run("train --config %s --data %s --out %s --steps 1 --json", config, rows, model).good();
  }

  private static Run run(String line, Object... values) {
    return Run.galen(line.formatted(values).split(" "));
  }

  private static double loss(Run run) {
    return run.good().json().getLast().get("loss").asDouble();
  }

  private double measured(Path adapter) {
    return loss(run("evaluate --model %s --adapter %s --data %s --json", model, adapter, rows));
  }

  private static String train(String more) {
    return "train --model %s --data %s --out %s --steps 6 --batch 4 --learning-rate 0.02 --lora 4"
        + " --lora-alpha 8 --json "
        + more;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--lora-targets all-linear",
        "--lora-targets q_proj,v_proj --rslora --lora-layers 1",
        "--dora --lora-dropout 0.1 --recompute --accumulate 2",
        "--lora-targets .*(k_proj|embed_tokens) --precision bf16",
        "--lora-save norm,lm_head --lora-init gaussian --lora-exclude o_proj",
        "--valid ROWS --load-best-at-end --eval-every 2 --save-every 2",
      })
  void whatIsTrainedIsMeasuredAndMerged(String options) throws IOException {
    double before = loss(run("evaluate --model %s --data %s --json", model, rows));
    byte[] weights = Files.readAllBytes(model.resolve("model.safetensors"));
    Path adapter = folder.resolve("adapter");
    run(train(options.replace("ROWS", rows.toString())), model, rows, adapter).good();
    double after = measured(adapter);
    assertTrue(after < before, after + " is below " + before);
    assertTrue(Files.exists(adapter.resolve("adapter_model.safetensors")));
    assertFalse(Files.exists(adapter.resolve("model.safetensors")), "the model stays where it is");
    assertArrayEquals(weights, Files.readAllBytes(model.resolve("model.safetensors")));
    JsonNode config = JSON.readTree(adapter.resolve("adapter_config.json").toFile());
    assertEquals("LORA", config.get("peft_type").asText());
    assertEquals(model.toString(), config.get("base_model_name_or_path").asText());
    Path merged = folder.resolve("merged");
    run("merge --model %s --adapter %s --out %s", model, adapter, merged).good();
    if (!options.contains("embed_tokens")) { // tied, so that the head changes with it, as in PEFT
      double whole = loss(run("evaluate --model %s --data %s --json", merged, rows));
      assertEquals(after, whole, 1e-5);
    }
    // The run is written down, and gives the same adapter again.
    ObjectNode spec = (ObjectNode) JSON.readTree(adapter.resolve("run.json").toFile());
    spec.put("output", folder.resolve("again").toString());
    Path file = Files.writeString(folder.resolve("again.json"), spec.toString());
    run("train --spec %s", file).good();
    assertArrayEquals(weights(adapter), weights(folder.resolve("again")));
  }

  private static byte[] weights(Path adapter) throws IOException {
    return Files.readAllBytes(adapter.resolve("adapter_model.safetensors"));
  }

  @Test
  void aResumedRunHasTheBitsOfOneThatWasNot() throws IOException {
    String options =
        "--dora --lora-dropout 0.2 --lora-bias all --save-every 2 --lora-save norm"
            + " --schedule constant";
    Path whole = folder.resolve("whole");
    run(train(options), model, rows, whole).good();
    Path parts = folder.resolve("parts");
    run(train(options).replace("--steps 6", "--steps 4"), model, rows, parts).good();
    run(train(options + " --resume"), model, rows, parts).good();
    assertArrayEquals(weights(whole), weights(parts));
    // A checkpoint holds what learns and no more, and is an adapter itself.
    Path checkpoint = parts.resolve("checkpoint-6");
    String kept =
        Files.readString(checkpoint.resolve("model.safetensors"), StandardCharsets.ISO_8859_1);
    assertTrue(kept.contains("q_proj.lora_A.weight"), "what learns");
    assertFalse(kept.contains("q_proj.weight"), "what is frozen");
    assertEquals(measured(parts), measured(checkpoint));
    // With another adapter, or beside another model, it does not go on.
    String other = run(train(options + " --resume --rslora"), model, rows, parts).refusal();
    assertTrue(other.contains("lora"), other);
    Path moved = folder.resolve("moved");
    run("train --model %s --data %s --out %s --steps 1", model, rows, moved).good();
    String base = run(train(options + " --resume"), moved, rows, parts).refusal();
    assertTrue(base.contains("frozen weights"), base);
  }

  @Test
  void aLanguageModelBecomesAClassifierByItsAdapter() throws IOException {
    var lines = new StringBuilder();
    for (int row = 0; row < 8; row++) {
      String label = row % 2 == 0 ? "0" : "1";
      lines.append("{\"input_ids\": [%d, 4, 5], \"labels\": %s}%n".formatted(10 + row % 2, label));
    }
    Path texts = Files.writeString(folder.resolve("texts.jsonl"), lines);
    Path adapter = folder.resolve("adapter");
    run(train("--task classification"), model, texts, adapter).good();
    Run measured =
        run("evaluate --model %s --adapter %s --data %s --json", model, adapter, texts).good();
    assertTrue(measured.json().getLast().get("loss").asDouble() < 0.7, measured.out());
    Path merged = folder.resolve("merged");
    run("merge --model %s --adapter %s --out %s", model, adapter, merged).good();
    double whole = loss(run("evaluate --model %s --data %s --json", merged, texts));
    assertEquals(measured.json().getLast().get("loss").asDouble(), whole, 1e-5);
  }

  @Test
  void packedWeightsHaveAdaptersBesideThem() throws IOException {
    Path adapter = folder.resolve("adapter");
    run(train(""), model, rows, adapter).good();
    String line = "evaluate --model %s --adapter %s --weights %s --data %s --json";
    double packed = loss(run(line, model, adapter, "bf16", rows));
    assertEquals(measured(adapter), packed, 0.05);
    run("generate --model %s --adapter %s --prompt-ids 3,4 --max-new-tokens 3", model, adapter)
        .good();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--lora 0 | --lora is 0, must be at least 1",
        "--lora 4 --lora-targets c_attn | LoRA's target c_attn is in no layer of the model; it has"
            + " down_proj, embed_tokens,",
        "--lora 4 --lora-targets mlp | model.layers.0.mlp, which is no linear layer",
        "--lora 4 --lora-save pooler | the module to save pooler is in no layer",
        "--lora 4 --lora-dropout 1 | --lora-dropout is 1.0, must be in [0, 1)",
        "--lora 4 --lora-layers 1 | numbers of layers go with names",
        "--lora 4 --lora-targets (q_proj | no regular expression",
        "--dora | --dora is for an adapter: add --lora RANK",
      })
  void whatNoRunCanUseIsRefused(String options, String words) {
    Path out = folder.resolve("out");
    String line = "train --model %s --data %s --out %s --steps 1 " + options;
    String refusal = run(line, model, rows, out).refusal();
    assertTrue(refusal.contains(words), refusal);
    assertFalse(Files.exists(out.resolve("run.json")));
  }

  @Test
  void theModelsOwnFolderIsNoPlaceForItsAdapter() throws IOException {
    byte[] weights = Files.readAllBytes(model.resolve("model.safetensors"));
    String refusal = run(train(""), model, rows, model).refusal();
    assertTrue(refusal.contains("where the model itself lies"), refusal);
    assertArrayEquals(weights, Files.readAllBytes(model.resolve("model.safetensors")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "r | 8 | lora_A.weight is [4, 16], config and model want [8, 16]",
        "r | 0 | rank is 0, must be at least 1",
        "peft_type | \"IA3\" | peft_type is IA3",
        "target_modules | [\"query\"] | it has down_proj, embed_tokens,",
        "target_modules | null | target_modules is null, expected names",
        "use_dora | true | lora_magnitude_vector is missing",
        "init_lora_weights | \"pissa\" | init_lora_weights is \"pissa\", expected true",
        "bias | \"some\" | bias is some, expected none, all or lora_only",
        "layer_replication | [[0, 2]] | layer_replication is [[0,2]], expected nothing",
      })
  void anAdapterForAnotherModelIsRefused(String field, String value, String words)
      throws IOException {
    Path adapter = folder.resolve("adapter");
    run(train("--lora-targets q_proj"), model, rows, adapter).good();
    Path file = adapter.resolve("adapter_config.json");
    ObjectNode config = (ObjectNode) JSON.readTree(file.toFile());
    config.set(field, JSON.readTree(value));
    Files.writeString(file, config.toString());
    for (String command : List.of("evaluate --data " + rows, "generate --prompt-ids 1,2")) {
      Run refused = run(command + " --model %s --adapter %s", model, adapter);
      assertEquals(2, refused.code());
      assertTrue(refused.refusal().contains(words), refused.err());
    }
  }

  /** The losses that PEFT computes with adapters that it wrote. */
  @Test
  void adaptersOfPeftAreMeasured() throws IOException {
    Path cases = shared();
    for (JsonNode each : JSON.readTree(cases.resolve("expected.json").toFile()).get("cases")) {
      var lines = new StringBuilder();
      JsonNode inputs = each.get("inputs");
      for (int row = 0; row < inputs.get("input_ids").size(); row++) {
        ObjectNode line = JSON.createObjectNode();
        int at = row;
        inputs.properties().forEach(field -> line.set(field.getKey(), field.getValue().get(at)));
        lines.append(line).append('\n');
      }
      Path data = Files.writeString(folder.resolve("case.jsonl"), lines);
      Path base = cases.resolve("../../hf-tiny").resolve(each.get("checkpoint").asText());
      Path adapter = cases.getParent().resolve(each.get("folder").asText());
      String line = "evaluate --model %s --adapter %s --data %s --json";
      double loss = loss(run(line, base.normalize(), adapter, data));
      assertEquals(each.get("loss").asDouble(), loss, 1e-4, each.get("id").asText());
    }
  }

  private static Path shared() {
    return Stream.iterate(Path.of("").toAbsolutePath(), up -> up != null, Path::getParent)
        .map(up -> up.resolve("shared/data/recipe-cases/lora"))
        .filter(Files::exists)
        .findFirst()
        .orElseGet(
            () -> {
              Assumptions.abort("skipped: shared/data/recipe-cases is not beside the repository");
              return null;
            });
  }
}
