package dev.galen.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.galen.examples.fuzz.Children;
import dev.galen.model.testing.TinyModels;
import dev.galen.train.task.Tasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code galen search}: real runs of a tiny model. */
@Timeout(300)
class SearchTest {
  private static final String RATE = "training.learningRate=float:1e-4:0.3:log";

  @TempDir Path folder;
  private Path recipe;

  @BeforeEach
  void writeRecipe() throws IOException {
    Path config = TinyModels.writeConfig(folder.resolve("config.json"));
    Path rows = Questions.write(folder.resolve("rows.jsonl"), 20);
    recipe =
        Files.writeString(
            folder.resolve("recipe.yaml"),
            """
            model: {config: %s}
            data: {train: [%s], length: 24}
            training: {steps: 6, batchSize: 2, evaluateEvery: 2, learningRate: 0.001}
            maxNewTokens: 1
            device: cpu
            output: nowhere
            """
                .formatted(config, rows));
  }

  private Path out(String name) {
    return folder.resolve(name);
  }

  private List<String> words(Path out, String... more) {
    var words = new ArrayList<>(List.of("search", "--spec", recipe.toString()));
    words.addAll(List.of("--out", out.toString(), "--json"));
    words.addAll(List.of(more));
    return words;
  }

  private Run search(Path out, String... more) {
    return Run.galen(words(out, more).toArray(String[]::new));
  }

  /** The trials of a search that is over, without what tells the time or the attempt. */
  private static List<String> trials(Path out) throws IOException {
    var trials = new ArrayList<String>();
    for (String line : Files.readAllLines(out.resolve("trials.jsonl"))) {
      trials.add(Run.parseObject(line).without(List.of("seconds", "attempt")).toString());
    }
    return trials;
  }

  private static List<String> folders(Path out, String file) throws IOException {
    try (Stream<Path> all = Files.list(out)) {
      return all.filter(path -> Files.exists(path.resolve(file)))
          .map(path -> path.getFileName().toString())
          .toList();
    }
  }

  @Test
  void theBestRecipeIsRepeatedToTheBit() throws IOException {
    Path out = out("study");
    Run run =
        search(
            out,
            "--param",
            "training.learningRate=choice:0.00001,0.01",
            "--param",
            "training.schedule=choice:linear,constant",
            "--param",
            "training.batchSize=int:2:3",
            "--sampler",
            "grid");
    JsonNode result = run.json().getLast();
    assertEquals(8, result.get("complete").asInt(), run.out());
    assertEquals(8, trials(out).size());
    JsonNode best = result.get("best");
    assertEquals("0.01", best.at("/parameters/training.learningRate").asText());
    for (String line : trials(out)) {
      assertTrue(best.get("value").asDouble() <= Run.parse(line).get("value").asDouble(), line);
    }
    // Of eight models one is left, and the recipe makes it again.
    String trial = "trial-" + best.get("trial").asInt();
    assertEquals(List.of(trial), folders(out, "model.safetensors"));
    assertEquals(8, folders(out, "run.json").size());
    Run.galen("train", "--config", out.resolve("best.yaml").toString()).good();
    assertEquals(
        -1,
        Files.mismatch(
            out.resolve(trial).resolve("model.safetensors"),
            out.resolve("best").resolve("model.safetensors")));
    for (String picture : List.of("history.svg", "parameters.svg")) {
      assertTrue(Files.readString(out.resolve(picture)).startsWith("<svg "), picture);
    }
    // For people, a table with the best first.
    String table =
        Run.galen(
                words(out, "--param", "training.learningRate=choice:0.00001,0.01").stream()
                    .filter(word -> !word.equals("--json"))
                    .toArray(String[]::new))
            .err();
    assertTrue(table.contains("was begun with sampler grid of 8, and this is tpe"), table);
  }

  @Test
  void theSameCommandGoesOnAndShowsATable() throws IOException {
    Path out = out("study");
    String[] more = {"--param", RATE, "--sampler", "random"};
    search(out, append(more, "--trials", "2")).good();
    search(out, append(more, "--trials", "4")).good();
    Path whole = out("whole");
    search(whole, append(more, "--trials", "4")).good();
    assertEquals(trials(whole), trials(out));
    Run again =
        Run.galen(
            words(out, append(more, "--trials", "4")).stream()
                .filter(word -> !word.equals("--json"))
                .toArray(String[]::new));
    List<String> lines = again.good().out().lines().toList();
    assertTrue(lines.stream().anyMatch(line -> line.matches("study .* has 4 trials")), again.out());
    assertTrue(
        lines.stream().anyMatch(line -> line.matches(" *trial +state +loss +training.learn.*")),
        again.out());
    assertEquals(
        4, lines.stream().filter(line -> line.contains("complete  ")).count(), again.out());
  }

  private static String[] append(String[] words, String... more) {
    return Stream.of(words, more).flatMap(Arrays::stream).toArray(String[]::new);
  }

  @Test
  void hopelessRunsArePrunedAndFailuresGoOn() throws IOException {
    Path out = out("study");
    Run run =
        search(
            out,
            "--param",
            "training.learningRate=choice:0.01,0.00001,0.00002",
            "--param",
            "training.accumulate=choice:1,1000",
            "--sampler",
            "grid",
            "--pruner",
            "asha",
            "--reduction",
            "2");
    JsonNode result = run.json().getLast();
    assertEquals(3, result.get("failed").asInt(), run.out());
    assertEquals(2, result.get("pruned").asInt(), run.out());
    assertEquals(1, result.get("complete").asInt(), run.out());
    JsonNode failed = Run.parse(trials(out).get(1));
    assertTrue(failed.get("error").textValue().contains("accumulate is 1000"), failed.toString());
    JsonNode pruned = Run.parse(trials(out).get(2));
    assertEquals(1, pruned.get("reports").size(), pruned.toString());
    assertFalse(Files.exists(out.resolve("trial-2").resolve("model.safetensors")));
  }

  @Test
  void aFieldIsVariedOnlyWhereItsConditionHolds() throws IOException {
    Path out = out("study");
    search(
            out,
            "--param",
            "training.optimizer=choice:adamw,sgd",
            "--param",
            "training.momentum=choice:0.5,0.9:when:training.optimizer=sgd",
            "--sampler",
            "grid",
            "--metric",
            "perplexity")
        .good();
    var given =
        trials(out).stream().map(line -> Run.parse(line).get("parameters").toString()).toList();
    assertEquals(
        List.of(
            "{\"training.optimizer\":\"adamw\"}",
            "{\"training.optimizer\":\"sgd\",\"training.momentum\":\"0.5\"}",
            "{\"training.optimizer\":\"sgd\",\"training.momentum\":\"0.9\"}"),
        given);
  }

  @Test
  void aFigureOfTheTaskIsSearchedAndHighIsBetter() throws IOException {
    var lines = new StringBuilder();
    for (int i = 0; i < 24; i++) {
      lines.append(
          "{\"text\": \"%s %d\", \"label\": \"%s\"}%n"
              .formatted(i % 2 == 0 ? "fever" : "calm", i, i % 2 == 0 ? "ill" : "well"));
    }
    Path rows = Files.writeString(folder.resolve("texts.jsonl"), lines);
    Files.writeString(
        recipe,
        Files.readString(recipe)
                .replaceFirst("train: \\[.*?]", "train: [" + rows + "], validation: " + rows)
            + "task: classification\n");
    Path out = out("study");
    JsonNode result =
        search(
                out,
                "--param",
                "training.learningRate=choice:0.0000001,0.02",
                "--sampler",
                "grid",
                "--metric",
                "eval_accuracy")
            .json()
            .getLast();
    double best = result.at("/best/value").asDouble();
    var known = Tasks.named("classification").figures().orElseThrow();
    for (String line : trials(out)) {
      JsonNode trial = Run.parse(line);
      assertTrue(best >= trial.get("value").asDouble(), line);
      assertEquals(trial.get("value"), trial.at("/figures/accuracy"));
      trial
          .get("figures")
          .fieldNames()
          .forEachRemaining(
              name -> assertTrue(known.contains(name) || name.matches("loss|perplexity"), name));
    }
    assertTrue(best > 0.5, result.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          training.learningrate=float:1e-5:1e-3     | there is no setting training.learningrate; these are:
          trainig.seed=int:1:3                      | there is no setting trainig; these are: task
          training.learningRate=float:1e-3:1e-5     | low is 0.001, must be at most high, 1.0E-5
          training.learningRate=float:0:1e-3:log    | low is 0.0, must be above 0 with log
          training.learningRate=float:-1:1e-3       | learning rate is -1
          training.batchSize=float:1:4              | batchSize is 1.0
          training.batchSize=int:0:4                | 0
          training.schedule=choice:linear,sloped    | sloped
          training.schedule=choice:                 | there is nothing to choose from
          training.learningRate                     | must be FIELD=VALUES
          training.epochs=int:1:3                   | training.epochs changes nothing in this recipe
          training.seed=int:1:3:when:task=tagging   | never tagging
          training.seed.more=int:1:3                | seed
          training.seed=int:1:3 --metric acuracy    | the metric is acuracy, must be one of loss, perplexity, questions
          training.seed=int:1:3 --sampler bayes     | the sampler is bayes, must be one of grid, random, tpe, asha
          training.seed=int:1:3 --pruner fast       | the pruner is fast, must be one of none, asha, median
          training.seed=int:1:3 --trials 0          | trials is 0, must be at least 1
          training.seed=int:1:3 --reduction 1       | reduction is 1, must be at least 2
          training.seed=int:1:3 --direction up      | up
          training.seed=int:1:3 --storage study.db  | the storage is 'study.db', must be a JDBC URL
          training.weightDecay=float:0:1 --sampler grid | which a grid cannot have
          """)
  void whatNoTrialCanUseIsRefusedBeforeAnyWork(String parameter, String expected)
      throws IOException {
    Path out = out("study");
    Run run = search(out, append(new String[] {"--param"}, parameter.split(" +")));
    assertTrue(run.refusal().contains(expected), run.err());
    assertFalse(Files.exists(out), run.err());
  }

  @Test
  void aKilledSearchEndsWithTheTrialsOfOneThatWasNotKilled() throws Exception {
    String[] more = {"--param", RATE, "--sampler", "random", "--pruner", "asha", "--trials", "6"};
    Path whole = out("whole");
    search(whole, more).good();
    Path out = out("killed");
    kill(out, 2, words(out, more));
    Run run = search(out, more);
    assertEquals(trials(whole), trials(out), run.out());
    assertEquals(
        Files.readString(whole.resolve("best.yaml")).replace(whole.toString(), out.toString()),
        Files.readString(out.resolve("best.yaml")));
  }

  /** Ten times, wherever it is: in a trial, between two, while something is written. */
  @Test
  @Tag("fuzz")
  void tenKillsAtAnyMomentLoseNothing() throws Exception {
    for (String sampler : List.of("random", "tpe")) {
      String[] more = {"--param", RATE, "--sampler", sampler, "--pruner", "asha", "--trials", "60"};
      Path whole = out("whole-" + sampler);
      search(whole, more).good();
      Path out = out("killed-" + sampler);
      var random = new SplittableRandom(6);
      Path log = folder.resolve("child.log");
      for (int kill = 0; kill < 10; kill++) {
        Process child = Children.start(Map.of(), Galen.class, words(out, more), log, log);
        child.waitFor(1500 + random.nextInt(2500), TimeUnit.MILLISECONDS);
        child.destroyForcibly().waitFor();
        System.out.printf("%s, kill %d: %d trials%n", sampler, kill, folders(out).size());
      }
      search(out, more).good();
      assertEquals(trials(whole), trials(out), sampler);
    }
  }

  /** The folders of trials that began, whichever attempt it was. */
  private static List<Path> folders(Path out) throws IOException {
    if (!Files.isDirectory(out)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(out)) {
      return all.filter(path -> path.getFileName().toString().startsWith("trial-")).toList();
    }
  }

  /**
   * Starts the command in a process, and kills it in the trial behind so many that are finished.
   */
  private void kill(Path out, int lines, List<String> words) throws Exception {
    Path log = folder.resolve("child.log");
    Process child = Children.start(Map.of(), Galen.class, words, log, log);
    Path trials = out.resolve("trials.jsonl");
    while (!Files.exists(trials)
        || finished(trials) < lines
        || folders(out, "log.jsonl").size() <= lines) {
      assertTrue(child.isAlive(), () -> "it ended: " + read(log));
      TimeUnit.MILLISECONDS.sleep(5);
    }
    child.destroyForcibly().waitFor();
  }

  private static long finished(Path trials) throws IOException {
    return Files.readAllLines(trials).stream().filter(line -> !line.contains("running")).count();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Test
  void twoProcessesShareOneSearch() throws Exception {
    String[] more = {"--param", RATE, "--sampler", "random", "--trials", "7"};
    Path out = out("shared");
    List<String> words = words(out, more);
    Path one = folder.resolve("one.log");
    Path two = folder.resolve("two.log");
    Path lines = folder.resolve("lines.log");
    Process first = Children.start(Map.of(), Galen.class, words, one, lines);
    Process second = Children.start(Map.of(), Galen.class, words, two, lines);
    assertEquals(0, first.waitFor(), () -> read(lines));
    assertEquals(0, second.waitFor(), () -> read(lines));
    Path whole = out("whole");
    search(whole, more).good();
    assertEquals(trials(whole), trials(out));
    // Each trial was made once, by one of the two.
    assertEquals(7, folders(out, "log.jsonl").size());
    var told = new ArrayList<Integer>();
    for (Path log : List.of(one, two)) {
      for (String line : Files.readAllLines(log)) {
        if (line.startsWith("{\"trial\"")) {
          told.add(Run.parse(line).get("trial").asInt());
        }
      }
    }
    assertEquals(List.of(0, 1, 2, 3, 4, 5, 6), told.stream().sorted().toList());
    assertTrue(Files.readString(one).contains("{\"trial\""), "the first made none");
    assertTrue(Files.readString(two).contains("{\"trial\""), "the second made none");
  }
}
