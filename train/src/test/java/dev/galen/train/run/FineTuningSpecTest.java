package dev.galen.train.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.tensor.Tensor;
import dev.galen.train.AverageConfig;
import dev.galen.train.ClassWeights;
import dev.galen.train.FreezingConfig;
import dev.galen.train.Interval;
import dev.galen.train.TrainingConfig;
import dev.galen.train.data.Examples;
import dev.galen.train.data.Packing;
import dev.galen.train.data.TextExample;
import dev.galen.train.format.RowSchemas;
import dev.galen.train.optim.Adafactor;
import dev.galen.train.optim.Adam;
import dev.galen.train.optim.AdamW;
import dev.galen.train.optim.HfAdafactor;
import dev.galen.train.optim.Lion;
import dev.galen.train.optim.MixedPrecision;
import dev.galen.train.optim.Muon;
import dev.galen.train.optim.Optimizer;
import dev.galen.train.optim.OptimizerSpec;
import dev.galen.train.optim.ParameterGroup;
import dev.galen.train.optim.ParameterGroups;
import dev.galen.train.optim.Sgd;
import dev.galen.train.schedule.Schedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FineTuningSpecTest {
  @TempDir Path folder;

  private static FineTuningSpec parsed(String json) throws IOException {
    return FineTuningSpec.parse(json, "run.json");
  }

  @Test
  void everySettingSurvivesItsJson() throws IOException {
    TrainingConfig training =
        TrainingConfig.builder()
            .steps(7)
            .batchSize(3)
            .accumulate(2)
            .learningRate(2.5e-4)
            .schedule(Schedule.COSINE)
            .warmup(5)
            .weightDecay(0.05)
            .clip(0.5)
            .seed(1L << 60)
            .shuffle(false)
            .positiveWeights(ClassWeights.of(2, 0.5))
            .evaluateEvery(4)
            .patience(5)
            .patienceThreshold(0.25)
            .loadBest(true)
            .saveEvery(6)
            .keep(9)
            .precision(MixedPrecision.BF16)
            .recompute(true)
            .output(Path.of("out"))
            .build();
    var spec =
        new FineTuningSpec(
            "classification",
            new ModelSource(null, Path.of("config.json"), null, Path.of("words"), 0.25),
            new DataSource(List.of(Path.of("a.csv"), Path.of("b.csv")), Path.of("c.csv"), 128)
                .withPacking(Packing.BFD_SPLIT),
            training,
            "cpu",
            33);
    assertEquals(spec, parsed(spec.toJson()));
    Path file = Files.writeString(folder.resolve("run.json"), spec.toJson());
    assertEquals(spec, FineTuningSpec.read(file));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "constant | 3",
        "one_cycle | 0",
        "{'name': 'cosine_with_restarts', 'numCycles': 3} | 0.25",
        "{'name': 'warmup_stable_decay', 'num_decay_steps': 5, 'decay_type': '1-sqrt'} | 0",
        "{'name': 'cosine_with_min_lr', 'min_lr': 5e-06, 'num_cycles': 1.5} | 0",
        "{'name': 'greedy', 'smooth': true, 'window_size': 5, 'min_lr': 1e-06} | 0",
      })
  void everyScheduleSurvivesItsJson(String schedule, String warmup) throws IOException {
    String json = "{'output': 'o', 'training': {'schedule': %s, 'warmup': %s}}";
    String value = schedule.startsWith("{") ? schedule : "'" + schedule + "'";
    FineTuningSpec spec = parsed(json.formatted(value, warmup).replace('\'', '"'));
    assertEquals(Double.parseDouble(warmup), spec.training().schedule().warmup());
    String name = spec.training().schedule().rule().name();
    assertTrue(schedule.contains(name), name);
    assertEquals(spec, parsed(spec.toJson()));
    if (schedule.contains("{")) {
      assertTrue(spec.toJson().contains("\"name\" : \"" + name), spec.toJson());
    }
  }

  @Test
  void everyOptimizerOfOurOwnSurvivesItsJson() throws IOException {
    for (OptimizerSpec optimizer :
        List.of(
            new AdamW.Settings(0.8, 0.95, 1e-6, 0.25),
            new AdamW.Settings(0.8, 0.95, 1e-6, 0.25, true),
            new Adam.Settings(0.7, 0.95, 1e-6, 0.25, true),
            new Sgd.Settings(0.75, 0.5),
            new Sgd.Settings(0.75, 0, 0, true),
            new Sgd.Settings(0.75, 0, 0.5, false),
            new Lion.Settings(0.8, 0.9, 0.1),
            new Adafactor.Settings(-0.7, 1e-7, 1e-4, 2, 0.1),
            new HfAdafactor.Settings(1e-20, 1e-2, 2, -0.7, 0.9, 0.1, true, true, true),
            HfAdafactor.Settings.DEFAULTS,
            Muon.Settings.DEFAULTS)) {
      FineTuningSpec spec = with(optimizer);
      assertEquals(spec, parsed(spec.toJson()));
    }
    String named = "{'output': 'o', 'training': {'optimizer': '%s', 'weightDecay': 0.5}}";
    assertEquals(
        new Sgd.Settings(0, 0.5),
        parsed(named.formatted("sgd").replace('\'', '"')).training().optimizer().rule());
    assertEquals(
        AdamW.Settings.decay(0.5),
        parsed(named.formatted("adamw").replace('\'', '"')).training().optimizer().rule());
  }

  @Test
  void groupsFreezingAndAverageSurviveTheirJson() throws IOException {
    TrainingConfig training =
        TrainingConfig.builder()
            .clipValue(0.25)
            .groups(
                new ParameterGroups(
                    List.of(
                        new ParameterGroup("*.bias", 0.5, null),
                        new ParameterGroup("h.?", 1, 0.25)),
                    0.75))
            .freezing(new FreezingConfig(List.of("*.wte.*", "*.wpe"), 7))
            .average(new AverageConfig(0.99, AverageConfig.Start.INITIAL))
            .output(Path.of("out"))
            .build();
    var spec = FineTuningSpec.of(ModelSource.of("gpt2"), DataSource.of(), training);
    assertEquals(spec, parsed(spec.toJson()));
    assertEquals(
        new AverageConfig(0.99, AverageConfig.Start.FIRST_UPDATE),
        parsed("{\"output\": \"o\", \"training\": {\"ema\": 0.99}}")
            .training()
            .optimizer()
            .average());
  }

  @Test
  void controlAndWatchingSurviveTheirJson() throws IOException {
    TrainingConfig training =
        TrainingConfig.builder()
            .evaluateEvery(Interval.epochs(0.5))
            .metric("macroF1")
            .greaterIsBetter(false)
            .sanitySteps(2)
            .saveEvery(Interval.minutes(7.5))
            .output(Path.of("out"))
            .build();
    var spec =
        FineTuningSpec.of(ModelSource.of("gpt2"), DataSource.of(), training)
            .withWatching(new Watching(true, true, 50, List.of("Fever", "Cough"), 989.5));
    assertEquals(spec, parsed(spec.toJson()));
    var plain = FineTuningSpec.of(ModelSource.of("gpt2"), DataSource.of(), training);
    assertEquals(Watching.NONE, parsed(plain.toJson()).watching());
    assertEquals(
        Interval.epochs(1),
        parsed("{\"output\": \"o\", \"training\": {\"evaluateEvery\": \"epoch\"}}")
            .training()
            .evaluation()
            .every());
  }

  @Test
  void givenDataSurviveTheirJsonByName() throws IOException {
    GivenData notes = GivenData.of("Notes", () -> null);
    FineTuningSpec spec = with(AdamW.Settings.decay(0.5)).withData(DataSource.of(notes));
    assertEquals(spec, parsed(spec.toJson()));
    DataSource read = parsed(spec.toJson()).data();
    var fault = assertThrows(IllegalArgumentException.class, read.given()::load);
    assertEquals(
        "data.given is \"Notes\", which the program that made this run gave it; repeat it there, or"
            + " name files in data.train",
        fault.getMessage());
    GivenData again = GivenData.of("Notes", () -> null);
    assertTrue(read.orGiven(again).given() == again);
    assertEquals(notes, read.orGiven(GivenData.of("Others", () -> null)).given());
    DataSource file = DataSource.of(Path.of("a.csv"));
    assertEquals(file, file.orGiven(notes));
    assertThrows(
        IOException.class,
        () -> parsed("{\"output\": \"o\", \"data\": {\"train\": [\"a\"], \"given\": \"b\"}}"));
  }

  @Test
  void whatProgramsGiveIsLearnedAndMeasured() throws IOException {
    Examples two = Examples.of(List.of(new TextExample("a"), new TextExample("b")));
    Examples one = Examples.of(List.of(new TextExample("c")));
    var content = new GivenData.Content(two, one, "two and one");
    DataSource given = DataSource.of(GivenData.of("Notes", () -> content));
    assertEquals(
        new RunData(two, one, "two and one"), RunData.read(given, RowSchemas.standard(), 1));
    Path file = Files.writeString(folder.resolve("a.jsonl"), "{\"text\": \"d\"}\n");
    var measured = new DataSource(List.of(), file, null, null).orGiven(given.given());
    assertEquals(
        "Notes: 2 training records; validation " + file + ": 1",
        RunData.read(measured, RowSchemas.standard(), 1).source());
    for (DataSource refused : List.of(DataSource.of(), given.withHeldOut(HeldOut.TENTH))) {
      assertThrows(
          IllegalArgumentException.class, () -> RunData.read(refused, RowSchemas.standard(), 1));
    }
  }

  /** What another jar's optimizer leaves behind is not taken for one of ours. */
  @Test
  void anotherJarsOptimizerIsRefusedByName() {
    var other =
        new OptimizerSpec() {
          @Override
          public String name() {
            return "Signum";
          }

          @Override
          public Optimizer create(Map<String, Tensor> parameters) {
            throw new AssertionError();
          }

          @Override
          public int stateBytes() {
            return Float.BYTES;
          }

          @Override
          public Map<String, String> settings() {
            return Map.of("beta", "0.9");
          }
        };
    String message =
        assertThrows(IOException.class, () -> parsed(with(other).toJson())).getMessage();
    assertEquals(
        "run.json: optimizer is Signum, expected one of [AdamW, Adam, SGD, Adafactor, HfAdafactor,"
            + " Lion, Muon]; give another one in Java",
        message);
  }

  private static FineTuningSpec with(OptimizerSpec optimizer) {
    return FineTuningSpec.of(
        ModelSource.of("gpt2"),
        DataSource.of(),
        TrainingConfig.builder().optimizer(optimizer).output(Path.of("out")).build());
  }

  @Test
  void whatIsLeftOutHasItsDefault() throws IOException {
    FineTuningSpec pretrained =
        parsed("{\"model\": {\"directory\": \"gpt2\"}, \"output\": \"out\"}");
    assertEquals(
        FineTuningSpec.of(
            ModelSource.of("gpt2"),
            DataSource.of(),
            TrainingConfig.builder().output(Path.of("out")).build()),
        pretrained);
    assertEquals(pretrained, parsed(pretrained.toJson()));
    FineTuningSpec fresh = parsed("{\"training\": {\"epochs\": 2}, \"output\": \"out\"}");
    assertEquals(1e-3, fresh.training().schedule().learningRate());
    assertEquals(2, fresh.training().data().epochs());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | run.json: there is no output; name the folder to write to",
        "{'output': 'o', 'epochs': 3} | there is no setting epochs; these are: task, model, data",
        "{'output': 'o', 'training': {'lr': 1}} | there is no setting training.lr; these are: epochs",
        "{'output': 'o', 'training': {'epochs': 1.5}} | epochs is 1.5, expected an integer",
        "{'output': 'o', 'training': {'epochs': 0}} | epochs is 0, must be at least 1",
        "{'output': 'o', 'training': {'seed': 1.5}} | seed is 1.5, expected a whole number",
        "{'output': 'o', 'training': {'optimizer': 'adagrad'}} | optimizer is adagrad, expected one of",
        "{'output': 'o', 'training': {'momentum': 0.9}} | momentum is no setting of AdamW; leave it",
        "{'output': 'o', 'training': {'optimizer': 'SGD', 'beta2': 1}} | beta2 is no setting of SGD",
        "{'output': 'o', 'training': {'optimizer': 'SGD', 'momentum': 1}} | momentum is 1.0, must be",
        "{'output': 'o', 'training': {'schedule': 'sine'}} | schedule is sine, expected one of [con",
        "{'output': 'o', 'training': {'schedule': {'cycles': 2}}} | schedule is {",
        "{'output': 'o', 'training': {'warmup': 1.5}} | warmup is 1.5, must be a whole number of",
        "{'output': 'o', 'training': {'steps': 4, 'warmup': 5}} | warmup is 5, must be at most the",
        "{'output': 'o', 'training': {'groups': [{'rate': 1}]}} | groups is {",
        "{'output': 'o', 'training': {'layerDecay': 2}} | layer decay is 2.0, must be above 0 and",
        "{'output': 'o', 'training': {'ema': 1}} | ema is 1.0, must be in [0, 1)",
        "{'output': 'o', 'training': {'emaStart': 'zero'}} | emaStart is zero, expected one of",
        "{'output': 'o', 'training': {'clipValue': -1}} | clip-value is -1.0, must be at least 0",
        "{'output': 'o', 'training': {'freeze': ['']}} | a pattern of parameter names is empty",
        "{'output': 'o', 'training': []} | training is [], expected an object",
        "{'output': 'o', 'data': {'train': 'a'}} | data.train is \"a\", expected a list of files",
        "{'output': 'o', 'data': {'train': [1]}} | data.train is 1, expected files",
        "{'output': 'o', 'model': {'directory': 'a', 'preset': 'b'}} | leave out config and preset",
        "{'output': 'o', 'model': {'dropout': 1}} | dropout is 1.0, must be in [0, 1)",
        "{'output': 'o', 'maxNewTokens': 0} | max-new-tokens is 0, must be at least 1",
        "{'output': 'o', 'training': {'saveEvery': 'often'}} | saveEvery: an interval is 'often'",
        "{'output': 'o', 'training': {'evaluateEvery': 1.5}} | evaluateEvery: evaluateEvery is 1.5",
        "{'output': 'o', 'training': {'keep': 0}} | kept checkpoints is 0, must be at least 1",
        "{'output': 'o', 'watch': {'tensorboard': true}} | there is no setting watch.tensorboard",
        "{'output': 'o', 'watch': {'histogramsEvery': 3}} | histograms-every is 3, must be 0",
        "[] | run.json: expected a JSON object",
      })
  void whatNoRunCanUseIsNamed(String json, String line) {
    String message =
        assertThrows(IOException.class, () -> parsed(json.replace('\'', '"'))).getMessage();
    assertTrue(message.startsWith("run.json: ") && message.contains(line), message);
  }
}
