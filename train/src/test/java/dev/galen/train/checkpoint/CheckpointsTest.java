package dev.galen.train.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.train.data.DataPosition;
import dev.galen.train.optim.AdamW;
import dev.galen.train.optim.GradScaler;
import dev.galen.train.optim.MixedPrecision;
import dev.galen.train.optim.Sgd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands under a run's directory, whenever its process may have died. */
class CheckpointsTest {
  @TempDir Path run;
  private final Tensor weight = Tensors.of(Device.REFERENCE, new float[] {1, 2}, 2).requireGrad();
  private final AdamW optimizer = new AdamW(List.of(weight), AdamW.Settings.decay(0));
  private final Map<String, Tensor> parameters = Map.of("weight", weight);

  private void save(long step) throws IOException {
    var state =
        new TrainingState(
            step, new DataPosition(1, 2), 3, 4, MixedPrecision.F16, new GradScaler.State(512, 7));
    assertEquals(
        run.resolve("checkpoint-" + step),
        new Checkpoints(run).save(parameters, optimizer, state, 2));
  }

  private void fill(double value) {
    weight.backend().copy().fill(weight.span(), value);
  }

  private float[] load(Path checkpoint) throws IOException {
    fill(-1);
    TrainingState state = Checkpoints.load(checkpoint, parameters, optimizer);
    assertEquals(new DataPosition(1, 2), state.position());
    assertEquals(3, state.random());
    assertEquals(MixedPrecision.F16, state.precision());
    assertEquals(new GradScaler.State(512, 7), state.scaler());
    return weight.toFloats();
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(run)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void theNewestIsTheOneWithTheMostSteps() throws IOException {
    assertTrue(new Checkpoints(run.resolve("absent")).newest().isEmpty());
    save(9);
    save(10);
    assertEquals(run.resolve("checkpoint-10"), new Checkpoints(run).newest().orElseThrow());
  }

  @Test
  void theSameStepSavedAgainReplacesTheFirst() throws IOException {
    save(7);
    fill(5);
    save(7);
    assertArrayEquals(new float[] {5, 5}, load(run.resolve("checkpoint-7")));
    assertEquals(List.of("checkpoint-7"), names());
  }

  @Test
  void aProcessThatDiedBetweenTheRenamesLosesNothing() throws IOException {
    save(7);
    Files.move(run.resolve("checkpoint-7"), run.resolve(".checkpoint-7.old"));
    Path newest = new Checkpoints(run).newest().orElseThrow();
    assertEquals(run.resolve("checkpoint-7"), newest);
    assertArrayEquals(new float[] {1, 2}, load(newest));

    Files.move(run.resolve("checkpoint-7"), run.resolve(".checkpoint-7.old"));
    save(8);
    assertEquals(List.of("checkpoint-7", "checkpoint-8"), names());
  }

  @Test
  void theNextSaveRemovesWhatKilledOnesLeft() throws IOException {
    save(7);
    for (String leftover : List.of(".checkpoint-3.tmp", ".checkpoint-7.tmp", ".checkpoint-7.old")) {
      Files.createDirectory(run.resolve(leftover));
      Files.writeString(run.resolve(leftover).resolve("model.safetensors"), "half");
    }
    assertEquals(run.resolve("checkpoint-7"), new Checkpoints(run).newest().orElseThrow());
    save(8);
    assertEquals(List.of("checkpoint-7", "checkpoint-8"), names());
    assertArrayEquals(new float[] {1, 2}, load(run.resolve("checkpoint-7")));
  }

  @Test
  void oneFromBeforeThereWasAPrecisionIsF32() throws IOException {
    save(7);
    Path file = run.resolve("checkpoint-7").resolve("state.json");
    String old =
        Files.readAllLines(file).stream()
            .filter(line -> !line.matches(".*(precision|lossScale|goodSteps).*"))
            .collect(Collectors.joining("\n"))
            .replaceFirst(",\\s*}", "}");
    Files.writeString(file, old);
    TrainingState state = Checkpoints.load(file.getParent(), parameters, optimizer);
    assertEquals(MixedPrecision.F32, state.precision());
    assertEquals(GradScaler.State.NONE, state.scaler());

    Files.writeString(file, old.replaceFirst("}", ", \"precision\": \"F8\"}"));
    var error =
        assertThrows(
            IOException.class, () -> Checkpoints.load(file.getParent(), parameters, optimizer));
    assertTrue(error.getMessage().contains("state.json: knows no precision 'F8'"), error + "");
  }

  /** The moments and the count of updates, without which the next update would be a first one. */
  @Test
  void theOptimizerGoesOnFromItsOwnState() throws IOException {
    step(weight, optimizer);
    save(1);
    Tensor other = Tensors.of(Device.REFERENCE, new float[] {0, 0}, 2).requireGrad();
    var fresh = new AdamW(List.of(other), AdamW.Settings.decay(0));
    Checkpoints.load(run.resolve("checkpoint-1"), Map.of("weight", other), fresh);
    assertEquals(1, fresh.steps());
    step(weight, optimizer);
    step(other, fresh);
    assertArrayEquals(weight.toFloats(), other.toFloats());
  }

  private static void step(Tensor tensor, AdamW optimizer) {
    optimizer.zeroGrad();
    tensor.mul(tensor).sum().backward();
    optimizer.step(0.1, 1);
  }

  @Test
  void aStateOfAnotherOptimizerIsRefusedBeforeAnythingIsFilled() throws IOException {
    save(7);
    fill(5);
    var sgd = new Sgd(List.of(weight), new Sgd.Settings(0.9, 0));
    var error =
        assertThrows(
            IOException.class,
            () -> Checkpoints.load(run.resolve("checkpoint-7"), parameters, sgd));
    assertTrue(error.getMessage().contains("optimizer.safetensors: "), error.getMessage());
    assertTrue(
        error.getMessage().contains("momentum is missing, this run needs F32[16]"), error + "");
    assertArrayEquals(new float[] {5, 5}, weight.toFloats());
  }

  @Test
  void theSmallestLossScaleComesBack() throws IOException {
    var scaler = new GradScaler.State(1, GradScaler.GROWTH_INTERVAL - 1);
    var state = new TrainingState(3, DataPosition.START, 3, 4, MixedPrecision.F16, scaler);
    Path saved = new Checkpoints(run).save(parameters, optimizer, state, 2);
    assertEquals(state, Checkpoints.load(saved, parameters, optimizer));
  }

  @Test
  void aCheckpointOfAnotherModelIsRefusedByName() throws IOException {
    save(7);
    Tensor other = Tensors.of(Device.REFERENCE, new float[] {1, 2, 3}, 3).requireGrad();
    var wrong = Map.of("weight", other);
    var error =
        assertThrows(
            IOException.class,
            () -> Checkpoints.load(run.resolve("checkpoint-7"), wrong, optimizer));
    assertTrue(
        error.getMessage().contains("weight is F32[2], this run needs F32[3]"), error.getMessage());
    SavedCheckpoint saved = new Checkpoints(run).newestWhole(line -> {}).orElseThrow();
    var settings = new RunSettings(new LinkedHashMap<>());
    assertEquals(
        error.getMessage(),
        assertThrows(IOException.class, () -> saved.requireFit(wrong, settings, List.of()))
            .getMessage());
    List<String> told = saved.requireFit(parameters, settings, List.of());
    assertTrue(told.getFirst().contains("is from before checkpoints kept their settings"));
  }
}
