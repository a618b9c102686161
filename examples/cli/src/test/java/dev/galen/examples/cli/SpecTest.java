package dev.galen.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.model.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --spec}: a run whose settings are in a file. */
class SpecTest {
  @TempDir Path folder;

  private static void assertSameModel(Path one, Path other) throws IOException {
    assertEquals(
        -1, Files.mismatch(one.resolve("model.safetensors"), other.resolve("model.safetensors")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"finetune", "train"})
  void aRunIsRepeatedFromTheFileThatItLeaves(String command) throws IOException {
    Path model = TinyModels.write(folder.resolve("model"));
    Path rows = Questions.write(folder.resolve("rows.jsonl"), 20);
    Path out = folder.resolve("out");
    Run.galen(
            command,
            "--model",
            model.toString(),
            "--data",
            rows.toString(),
            "--out",
            out.toString(),
            "--steps",
            "3",
            "--batch",
            "2",
            "--learning-rate",
            "0.001",
            "--label-smoothing",
            "0.2")
        .good();
    Path again = folder.resolve("again");
    String json = Files.readString(out.resolve("run.json"));
    assertTrue(json.contains("\"labelSmoothing\" : 0.2"), json);
    Path spec =
        Files.writeString(
            folder.resolve("run.json"), json.replace(out.toString(), again.toString()));
    Run.galen(command, "--spec", spec.toString()).good();
    assertSameModel(out, again);

    Path yaml =
        Files.writeString(
            folder.resolve("run.yaml"),
            """
            model:
              directory: %s
            data:
              train: [%s]
            training:
              steps: 3
              batchSize: 2
              learningRate: 0.001
              labelSmoothing: 0.2
            output: %s
            """
                .formatted(model, rows, folder.resolve("third")));
    Run.galen(command, "--spec", yaml.toString()).good();
    assertSameModel(out, folder.resolve("third"));
  }

  @Test
  void anOptionBesideItIsRefused() throws IOException {
    Path spec = Files.writeString(folder.resolve("run.json"), "{\"output\": \"nowhere\"}");
    String refusal = Run.galen("finetune", "--spec", spec.toString(), "--steps", "3").refusal();
    assertTrue(refusal.contains("leave out the other options"), refusal);
    assertTrue(refusal.endsWith(spec.toString()), refusal);
  }

  @Test
  void aNameThatIsMisspeltIsRefused() throws IOException {
    Path spec =
        Files.writeString(folder.resolve("run.yaml"), "output: x\ntraining:\n  batchsize: 3\n");
    String refusal = Run.galen("train", "--spec", spec.toString()).refusal();
    assertTrue(refusal.contains("run.yaml: there is no setting training.batchsize"), refusal);
  }
}
