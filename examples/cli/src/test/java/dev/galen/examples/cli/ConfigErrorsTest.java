package dev.galen.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.galen.model.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What is wrong with a recipe is told before any work: the field, its value, what is allowed, by
 * one line and exit code 2, and no folder is made. {@code BadInputTest} has the options' like.
 */
class ConfigErrorsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path folder;
  private static Path model;
  private static Path rows;
  private static Path classes;
  private static Path classifier;

  @BeforeAll
  static void writeFiles() throws IOException {
    model = TinyModels.write(folder.resolve("model"));
    rows = Questions.write(folder.resolve("rows.jsonl"), 20);
    var lines = new StringBuilder();
    for (int i = 0; i < 12; i++) {
      lines.append("{\"text\": \"the fever %d\", \"label\": \"%s\"}%n".formatted(i, i % 2));
    }
    classes = Files.writeString(folder.resolve("classes.jsonl"), lines);
    classifier = folder.resolve("classifier");
    Run.galen(
            "train --task classification --model %s --data %s --out %s --steps 1"
                .formatted(model, classes, classifier)
                .split(" "))
        .good();
  }

  /** A sound run, into a folder that must not be made. */
  private static ObjectNode sound() {
    ObjectNode run = JSON.createObjectNode();
    run.put("task", "language-model");
    run.putObject("model").put("directory", model.toString());
    run.putObject("data").putArray("train").add(rows.toString());
    run.putObject("training").put("steps", 2).put("batchSize", 2);
    run.put("output", folder.resolve("unused").toString());
    return run;
  }

  /** Sets {@code a.b} to the JSON behind the sign of equality, or takes it out. */
  private static void change(ObjectNode run, String change) throws IOException {
    String[] sides = change.split("=", 2);
    String[] path = sides[0].split("\\.");
    ObjectNode at = run;
    for (int i = 0; i + 1 < path.length; i++) {
      JsonNode below = at.get(path[i]);
      at = below instanceof ObjectNode object ? object : at.putObject(path[i]);
    }
    String value =
        sides[1]
            .replace("MODEL", JSON.writeValueAsString(model.toString()))
            .replace("CLASSES", JSON.writeValueAsString(classes.toString()))
            .replace("CLASSIFIER", JSON.writeValueAsString(classifier.toString()));
    if (value.isEmpty()) {
      at.remove(path[path.length - 1]);
    } else {
      at.set(path[path.length - 1], JSON.readTree(value));
    }
  }

  private static String refusal(ObjectNode run) throws IOException {
    Path recipe =
        Files.writeString(folder.resolve("recipe.yaml"), new YAMLMapper().writeValueAsString(run));
    Run ran = Run.galen("train", "--config", recipe.toString());
    String said = ran.refusal();
    assertFalse(Files.exists(folder.resolve("unused")), said);
    assertEquals(2, ran.code());
    return said;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          training.batchsize=3            | there is no setting training.batchsize | batchSize
          trainings.steps=3               | there is no setting trainings          | training
          epochs=3                        | there is no setting epochs             | task, model, data
          lora.r=8                        | there is no setting lora.r             | rank
          training.learningRate=-1        | learning rate is -1.0                  | must be
          training.learningRate="fast"    | learningRate is "fast"                 | a number
          training.warmup=3               | warmup is 3                            | at most the run's updates, 2
          training.warmup=-1              | warmup is -1                           | must be
          training.warmup=1.5             | warmup is 1.5                          | a whole number of updates
          training.steps=0                | steps is 0                             | at least 1
          training.steps=1.5              | steps is 1.5                           | a whole number
          training.epochs="two"           | epochs is "two"                        | an integer
          training.batchSize=0            | batch size is 0                        | at least 1
          training.accumulate=0           | accumulate is 0                        | at least 1
          training.accumulate=99          | accumulate is 99                       | must be at most
          training.seed=1.5               | seed is 1.5                            | a whole number
          training.shuffle="no"           | shuffle is "no"                        | true or false
          training.schedule="fast"        | schedule is fast                       | constant, linear, cosine
          training.schedule={"name": "cosine", "cycles": 2} | cycles is no setting of cosine | num_cycles
          training.schedule={"name": "polynomial", "power": "x"} | power is x      | a number
          training.optimizer="adagrad"    | optimizer is adagrad                   | AdamW, Adam, SGD
          training.beta1=2                | beta1 is 2.0                           | in [0, 1)
          training.momentum=0.5           | momentum is no setting of AdamW        | beta1
          training.weightDecay=-0.1       | weight decay is -0.1                   | must be
          training.optimizerStates="int4" | optimizerStates is int4                | f32, bf16, int8
          training.amsgrad="maybe"        | amsgrad is maybe                       | true or false
          training.clip=-1                | clip is -1.0                           | at least 0
          training.clipValue=-1           | clip-value is -1.0                     | at least 0
          training.groups=[{"pattern": "*", "rate": -1}] | -1.0                    | must be
          training.layerDecay=0           | layer decay is 0.0                     | above 0 and at most 1
          training.freeze=["nothing.*"]   | nothing.*                              | transformer.
          training.unfreezeEvery=-1       | unfreeze every is -1                   | at least 0
          training.ema=1.5                | ema is 1.5                             | in [0, 1)
          training.labelSmoothing=1       | label                                  | below 1
          training.classWeights="balanced" | class-weights is balanced             | tokens, not classes
          training.beta=0.5               | beta 0.5                               | the task language-model does not have
          training.preferenceLoss="kto"   | no preference loss "kto"                | sigmoid
          training.precision="f8"         | precision is f8                        | f32, tf32, f16, bf16
          training.recompute=1            | recompute is 1                         | true or false
          training.patience=-1            | patience is -1                         | at least 0
          training.keep=0                 | kept checkpoints is 0                  | at least 1
          training.saveEvery=-1           | checkpoints is -1                      | at least 0
          training.evaluateEvery=-2       | evaluations is -2                      | at least 0
          training=[1]                    | training is [1]                        | an object
          model.directory="nope"          | no directory 'nope'                    | galen download
          model.preset="tiny"             | directory                              | leave out config and preset
          model.dropout=2                 | dropout is 2.0                         | in [0, 1)
          model.weights="int8"            | weights is int8                        | must be f32
          model.weights="int4"            | weights is int4                        | f32, bf16, int8
          data.train="rows.jsonl"         | data.train is "rows.jsonl"             | a list of files
          data.train=["nope.jsonl"]       | nope.jsonl                             | no such file
          data.length=1                   | length is 1                            | 2 to the model's context of
          data.length=100000              | length is 100000                       | 2 to the model's context of
          lora.rank=0                     | rank is 0                              | at least 1
          lora={"rank": 2, "dropout": 1}  | dropout is 1.0                         | in [0, 1)
          lora={"rank": 2, "targets": ["q_proj"]} | q_proj is in no layer          | it has
          lora={"rank": 2, "bias": "some"} | lora.bias is some                     | none, all, lora_only
          lora={}                         | lora.rank is                           | at least 1
          task="translation"              | translation                            | language-model
          device="tpu"                    | 'tpu'                                  | known: cpu
          maxNewTokens=0                  | max-new-tokens is 0                    | at least 1
          output=                         | there is no output                     | name the folder
          """)
  void ofARecipe(String change, String field, String allowed) throws IOException {
    ObjectNode run = sound();
    change(run, change);
    String said = refusal(run);
    assertTrue(said.contains(field), "names the field and its value: " + said);
    assertTrue(said.contains(allowed), "says what is allowed: " + said);
  }

  /** With epochs the length of a run is known once its data are. */
  @Test
  void aWarmUpLongerThanARunOfEpochs() throws IOException {
    ObjectNode run = sound();
    change(run, "training.steps=");
    change(run, "training.epochs=1");
    change(run, "training.warmup=1000");
    String said = refusal(run);
    assertTrue(said.contains("warmup is 1000"), said);
    assertTrue(said.contains("must be at most the run's updates, "), said);
  }

  @Test
  void labelsOutsideOfTheClasses() throws IOException {
    for (String row :
        List.of("{\"text\": \"a\", \"label\": \"7\"}", "{\"input_ids\": [1, 2], \"labels\": 7}")) {
      Path more = Files.writeString(folder.resolve("more.jsonl"), row + "\n");
      ObjectNode run = sound();
      run.put("task", "classification");
      ((ObjectNode) run.get("model")).put("directory", classifier.toString());
      ((ObjectNode) run.get("data")).putArray("train").add(more.toString());
      String said = refusal(run);
      assertTrue(said.contains("more.jsonl:1"), said);
      assertTrue(said.contains("7"), said);
      assertTrue(said.contains("0") && said.contains("1"), "the classes: " + said);
    }
  }

  @Test
  void aWeightForEachClass() throws IOException {
    ObjectNode run = sound();
    run.put("task", "classification");
    ((ObjectNode) run.get("model")).put("directory", classifier.toString());
    ((ObjectNode) run.get("data")).putArray("train").add(classes.toString());
    change(run, "training.classWeights=\"1,2,3\"");
    String said = refusal(run);
    assertTrue(said.contains("3") && said.contains("2"), said);
  }

  @Test
  void anAdapterForAnotherModel() throws IOException {
    Path adapter = folder.resolve("adapter");
    ObjectNode run = sound();
    run.put("output", adapter.toString());
    run.putObject("lora").put("rank", 2);
    Path recipe = Files.writeString(folder.resolve("lora.yaml"), run.toString());
    Run.galen("train", "--config", recipe.toString()).good();
    Path config = folder.resolve("other.json");
    Files.writeString(
        config,
        "{\"model_type\": \"llama\", \"vocab_size\": 300, \"hidden_size\": 16,"
            + " \"intermediate_size\": 24, \"num_hidden_layers\": 1, \"num_attention_heads\": 2,"
            + " \"max_position_embeddings\": 32}");
    Path ids = Files.writeString(folder.resolve("ids.jsonl"), "{\"input_ids\": [1, 2, 3]}\n");
    Path other = folder.resolve("other");
    Run.galen(
            "train --config %s --data %s --out %s --steps 1"
                .formatted(config, ids, other)
                .split(" "))
        .good();
    String said =
        Run.galen(
                "evaluate --model %s --adapter %s --data %s"
                    .formatted(other, adapter, ids)
                    .split(" "))
            .refusal();
    assertTrue(said.contains("adapter_config.json"), said);
    assertTrue(said.contains("target_modules") && said.contains("it has"), said);
  }
}
