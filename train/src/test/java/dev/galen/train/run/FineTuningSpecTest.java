package dev.galen.train.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.train.TrainingConfig;
import dev.galen.train.optim.MixedPrecision;
import dev.galen.train.schedule.Schedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
            .schedule(Schedule.Kind.COSINE)
            .warmup(5)
            .weightDecay(0.05)
            .clip(0.5)
            .seed(1L << 60)
            .shuffle(false)
            .evaluateEvery(4)
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
            new DataSource(List.of(Path.of("a.csv"), Path.of("b.csv")), Path.of("c.csv"), 128),
            training,
            "cpu",
            33);
    assertEquals(spec, parsed(spec.toJson()));
    Path file = Files.writeString(folder.resolve("run.json"), spec.toJson());
    assertEquals(spec, FineTuningSpec.read(file));
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
        "{'output': 'o', 'training': {'optimizer': 'lion'}} | optimizer is lion, and a run's JSON",
        "{'output': 'o', 'training': {'schedule': 'sine'}} | schedule is sine, expected one of [con",
        "{'output': 'o', 'training': []} | training is [], expected an object",
        "{'output': 'o', 'data': {'train': 'a'}} | data.train is \"a\", expected a list of files",
        "{'output': 'o', 'data': {'train': [1]}} | data.train is 1, expected files",
        "{'output': 'o', 'model': {'directory': 'a', 'preset': 'b'}} | leave out config and preset",
        "{'output': 'o', 'model': {'dropout': 1}} | dropout is 1.0, must be in [0, 1)",
        "{'output': 'o', 'maxNewTokens': 0} | max-new-tokens is 0, must be at least 1",
        "[] | run.json: expected a JSON object",
      })
  void whatNoRunCanUseIsNamed(String json, String line) {
    String message =
        assertThrows(IOException.class, () -> parsed(json.replace('\'', '"'))).getMessage();
    assertTrue(message.startsWith("run.json: ") && message.contains(line), message);
  }
}
