package dev.galen.examples.clinical.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.train.TrainingConfig;
import dev.galen.train.data.Examples;
import dev.galen.train.data.PromptExample;
import dev.galen.train.run.DataSource;
import dev.galen.train.run.FineTuningSpec;
import dev.galen.train.run.GivenData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskTrainingTest {
  @TempDir Path folder;

  private FineTuningSpec spec() throws IOException {
    List<PromptExample> examples =
        IntStream.range(0, 24)
            .mapToObj(i -> new PromptExample("Question: value %d?\nAnswer:".formatted(i), " " + i))
            .toList();
    var content =
        new GivenData.Content(Examples.of(examples), Examples.of(List.of()), "24 questions");
    TrainingConfig training =
        TrainingConfig.builder()
            .steps(6)
            .batchSize(4)
            .saveEvery(2)
            .output(folder.resolve("model"))
            .build();
    return new FineTuningSpec(
        FineTuningSpec.LANGUAGE_MODEL,
        new NewModel(16, 1, 2, 32, 300, 0.1).write(folder),
        DataSource.of(GivenData.of("questions", () -> content)),
        training,
        "cpu",
        null);
  }

  /** What a kill between the fourth update and the end leaves behind. */
  @Test
  void aRunThatWasKilledGoesOnToTheSameBits() throws IOException {
    Path model = folder.resolve("model");
    Path weights = model.resolve("model.safetensors");
    TaskTraining.run(spec(), "./galen clinical x", line -> {});
    byte[] whole = Files.readAllBytes(weights);
    Files.delete(weights);
    Files.delete(model.resolve("report.md"));
    delete(model.resolve("checkpoint-6"));
    assertTrue(Files.isDirectory(model.resolve("checkpoint-4")));
    var said = new ArrayList<String>();
    TaskTraining.run(spec(), "./galen clinical x", said::add);
    assertTrue(said.stream().anyMatch(line -> line.startsWith("resumed")), "" + said);
    assertArrayEquals(whole, Files.readAllBytes(weights));
    assertFalse(Files.readString(model.resolve("run.json")).contains("Question: value"));
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
