package dev.galen.examples.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.galen.model.testing.TinyModels;
import dev.galen.train.run.FineTuningSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Recipes: those that ship run as they are on a tiny model, and what a run leaves repeats it. */
class RecipesTest {
  private static final Path RECIPES = Path.of("..", "recipes");
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final String TEMPLATE =
      "{% for m in messages %}{{ m.role[0] }}:{{ m.content }}{{ eos_token }}{% endfor %}"
          + "{% if add_generation_prompt %}a:{% endif %}";

  @TempDir Path folder;

  private Path model;

  @BeforeEach
  void writeModel() throws IOException {
    model = TinyModels.write(folder.resolve("model"));
    Files.writeString(model.resolve("chat_template.jinja"), TEMPLATE);
  }

  static List<String> shipped() throws IOException {
    try (Stream<Path> files = Files.list(RECIPES)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".yaml"))
          .sorted()
          .toList();
    }
  }

  private static Run run(String line, Object... values) {
    return Run.galen(line.formatted(values).split(" "));
  }

  @Test
  void fiveShipAndTheReadmeNamesTheirFolder() throws IOException {
    assertEquals(
        List.of("chat.yaml", "classification.yaml", "dpo.yaml", "lora.yaml", "notebook.yaml"),
        shipped());
    String readme = Files.readString(Path.of("..", "..", "README.md"));
    assertTrue(readme.contains("examples/recipes"), "README.md names examples/recipes");
  }

  @Test
  void theReadmesTableHasACommandForEachTask() throws IOException {
    String readme = Files.readString(Path.of("..", "..", "README.md"));
    String refusal = run("train --task none --data x --out y").refusal();
    String[] tasks = refusal.substring(refusal.indexOf("none of ") + 8).split(", ");
    assertTrue(tasks.length >= 6, refusal);
    for (String task : tasks) {
      assertTrue(readme.contains("| `train --task " + task + "`, `evaluate`"), task);
    }
  }

  /** Rows of the kind that a recipe's comment says. */
  private Path rows(String name) throws IOException {
    var lines = new StringBuilder(name.equals("classification.yaml") ? "text,label\n" : "");
    for (int i = 0; i < 24; i++) {
      String row =
          switch (name) {
            case "chat.yaml" ->
                """
                {"messages": [{"role": "user", "content": "Sign %d?"}, {"role": "assistant", "content": "No %d."}]}
                """;
            case "classification.yaml" -> "the fever %d is,low\n the fever %d was,high\n";
            case "dpo.yaml" ->
                """
                {"prompt": "Sign %d?", "chosen": " Fever %d.", "rejected": " None."}
                """;
            default ->
                """
                {"question": "Sign %d?", "answer": "Fever %d."}
                """;
          };
      lines.append(row.formatted(i, i));
    }
    String ending = name.equals("classification.yaml") ? ".csv" : ".jsonl";
    return Files.writeString(folder.resolve("rows" + ending), lines);
  }

  /** A shipped recipe with other places: all else stands as it is. */
  private Path here(String name, Path out) throws IOException {
    var recipe = (ObjectNode) YAML.readTree(RECIPES.resolve(name).toFile());
    ((ObjectNode) recipe.get("model")).put("directory", model.toString());
    var data = (ObjectNode) recipe.get("data");
    data.putArray("train").add(rows(name).toString());
    data.put("length", 32); // the tiny model's context
    recipe.put("output", out.toString());
    return Files.writeString(folder.resolve(name), YAML.writeValueAsString(recipe));
  }

  private static byte[] weights(Path out) throws IOException {
    Path adapter = out.resolve("adapter_model.safetensors");
    return Files.readAllBytes(Files.exists(adapter) ? adapter : out.resolve("model.safetensors"));
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void eachThatShipsRunsAndIsRepeatedToTheBit(String name) throws IOException {
    Path out = folder.resolve("out");
    Path recipe = here(name, out);
    run("train --config %s", recipe).good();
    Path again = folder.resolve("again");
    run("train --config %s --out %s", out.resolve("recipe.yaml"), again).good();
    assertArrayEquals(weights(out), weights(again));
    FineTuningSpec wanted = SpecFiles.read(recipe);
    assertEquals(wanted, SpecFiles.read(out.resolve("recipe.yaml")));
    assertEquals(wanted, SpecFiles.read(out.resolve("run.json")));
  }

  @Test
  void theNotebooksResultIsMeasuredAsItSays() throws IOException {
    Path out = folder.resolve("out");
    String told = run("train --config %s", here("notebook.yaml", out)).good().out();
    assertTrue(
        told.contains("24 examples, of which 2 held out for validation by random with seed"), told);
    try (Stream<Path> files = Files.list(out)) {
      List<String> kept =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.startsWith("checkpoint-"))
              .toList();
      assertEquals(2, kept.size(), "one of each epoch: " + kept);
    }
    String log = Files.readString(out.resolve("log.jsonl"));
    // Before the first update, after each epoch; the last of these is what the run ends with.
    assertTrue(log.lines().filter(line -> line.contains("validationLoss")).count() >= 3, log);
    JsonNode measured =
        Run.galen("evaluate", "--model", out.toString(), "--text", "Sign 3? Fever 3.", "--json")
            .good()
            .json()
            .getLast();
    assertTrue(measured.get("perplexity").asDouble() > 1, measured.toString());
    String made =
        Run.galen(
                "generate",
                "--model",
                out.toString(),
                "--prompt",
                "Sign 3?",
                "--max-new-tokens",
                "8",
                "--greedy",
                "--json")
            .good()
            .json()
            .getLast()
            .toString();
    assertTrue(!made.isEmpty());
    Path pairs =
        Files.writeString(
            folder.resolve("continuations.jsonl"),
            """
            {"prediction": "the fever was high today", "reference": "the fever was very high today"}
            """);
    for (String metric : List.of("bleu", "rouge")) {
      JsonNode score = run("score --metric %s --data %s --json", metric, pairs).json().getLast();
      assertTrue(score.toString().matches(".*[1-9].*"), score.toString());
    }
  }

  /** What stands in a recipe after a run of options, awkward ones among them. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "--schedule one_cycle --optimizer sgd --optimizer-args momentum=0.9 --learning-rate 0.01",
        "--group *.bias:rate=2 --layer-decay 0.5 --freeze *.wpe --ema 0.5 --clip-value 0.1",
        "--optimizer lion --optimizer-states int8 --seed -9007199254740993 --no-shuffle",
        "--optimizer-states bf16 --warmup 0.5 --label-smoothing 0.1 --dropout 0.25 --accumulate 2",
        "--lora 2 --lora-targets c_attn,c_proj --lora-exclude c_fc --weights bf16 --dora",
      })
  void aRunOfOptionsIsRepeatedByTheYamlThatItLeaves(String options) throws IOException {
    Path out = folder.resolve("out: a # 'folder'");
    Path rows = Questions.write(folder.resolve("rows.jsonl"), 20);
    var words = new ArrayList<>(List.of("train", "--steps", "3", "--batch", "2"));
    words.addAll(List.of("--model", model.toString(), "--data", rows.toString()));
    words.addAll(List.of("--out", out.toString()));
    words.addAll(List.of(options.split(" ")));
    Run.galen(words.toArray(String[]::new)).good();
    byte[] wanted = weights(out);
    Path recipe = out.resolve("recipe.yaml");
    String text = Files.readString(recipe);
    assertTrue(text.startsWith("#"), text);
    assertEquals(FineTuningSpec.read(out.resolve("run.json")), SpecFiles.read(recipe), () -> text);
    Run.galen("train", "--config", recipe.toString()).good(); // into the same folder
    assertArrayEquals(wanted, weights(out));
  }

  @Test
  void aRunIsGivenOnceAndAlone() throws IOException {
    Path recipe = here("chat.yaml", folder.resolve("out"));
    String twice = run("train --config %s --spec %s", recipe, recipe).refusal();
    assertTrue(twice.contains("--config is " + recipe) && twice.contains("leave one"), twice);
    String more = run("train --config %s --steps 3", recipe).refusal();
    assertTrue(more.contains("leave out the other options but --out"), more);
  }
}
