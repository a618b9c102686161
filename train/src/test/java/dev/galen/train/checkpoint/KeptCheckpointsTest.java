package dev.galen.train.checkpoint;

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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which checkpoints stay, which one is found, and what becomes of a save that fails. */
class KeptCheckpointsTest {
  private static final String WORDS = "tokenizer.json";

  @TempDir Path run;
  private final Tensor weight = Tensors.of(Device.REFERENCE, new float[] {1, 2}, 2).requireGrad();
  private final AdamW optimizer = new AdamW(List.of(weight), AdamW.Settings.decay(0));

  private Path save(long step, int keep, Checkpoints.Extra extra) throws IOException {
    var state =
        new TrainingState(
            step, new DataPosition(0, 0), 0, 0, MixedPrecision.F32, GradScaler.State.NONE);
    var settings = new RunSettings(new LinkedHashMap<>(Map.of("seed", "1")));
    return new Checkpoints(run)
        .save(Map.of("weight", weight), optimizer, state, settings, extra, keep);
  }

  private Path saveWords(long step) throws IOException {
    return save(step, 9, directory -> Files.writeString(directory.resolve(WORDS), "words " + step));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(run)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void theNewestStayAndLaterOnesAreNotCounted() throws IOException {
    assertEquals(run.resolve("checkpoint-2"), save(2, 2, directory -> {}));
    save(4, 2, directory -> {});
    save(9, 2, directory -> {});
    assertEquals(List.of("checkpoint-4", "checkpoint-9"), names());
    // A run that began anew under the same folder.
    save(3, 1, directory -> {});
    assertEquals(List.of("checkpoint-3", "checkpoint-4", "checkpoint-9"), names());
    save(4, 1, directory -> {});
    assertEquals(List.of("checkpoint-4", "checkpoint-9"), names());
  }

  @Test
  void aSaveThatFailsLeavesWhatWasThere() throws IOException {
    save(1, 1, directory -> {});
    var full = new IOException("No space left on device");
    assertEquals(
        full,
        assertThrows(
            IOException.class,
            () ->
                save(
                    2,
                    1,
                    directory -> {
                      throw full;
                    })));
    assertEquals(List.of("checkpoint-1"), names());
  }

  @Test
  void whatIsNoCheckpointStepsAside() throws IOException {
    Path notes = run.resolve("checkpoint-5");
    Files.createDirectory(notes);
    Files.writeString(notes.resolve("notes.txt"), "of somebody else");
    assertEquals(Optional.empty(), new Checkpoints(run).newest());
    save(5, 1, directory -> {});
    List<String> names = names();
    assertEquals("checkpoint-5", names.getFirst());
    assertTrue(names.getLast().matches("checkpoint-5\\.stray-[0-9a-f]{8}"), names.toString());
    assertEquals(
        "of somebody else", Files.readString(run.resolve(names.getLast()).resolve("notes.txt")));
  }

  @Test
  void aFileOfTheRunsOwnIsFoundInTheNewestThatHasItWhole() throws IOException {
    assertEquals(Optional.empty(), new Checkpoints(run).newestWith(WORDS));
    Path first = saveWords(1);
    Path second = saveWords(2);
    Path third = saveWords(3);
    save(4, 9, directory -> {});
    assertEquals(Optional.of(third), new Checkpoints(run).newestWith(WORDS));
    assertEquals(Optional.empty(), new Checkpoints(run).newestWith("vocab.json"));

    // Weights are not looked at.
    Files.writeString(third.resolve("model.safetensors"), "damaged");
    Files.writeString(third.resolve("optimizer.safetensors"), "damaged");
    assertEquals(Optional.of(third), new Checkpoints(run).newestWith(WORDS));
    Files.writeString(third.resolve(WORDS), "words 4");
    assertEquals(Optional.of(second), new Checkpoints(run).newestWith(WORDS));
    Files.writeString(second.resolve("settings.json"), "{}");
    assertEquals(Optional.of(first), new Checkpoints(run).newestWith(WORDS));

    Files.move(first, run.resolve(".checkpoint-1.old"));
    assertEquals(Optional.of(first), new Checkpoints(run).newestWith(WORDS));
  }

  @Test
  void allDamagedIsOneLineThatCountsThem() throws IOException {
    for (int step = 1; step <= 3; step++) {
      Files.delete(saveWords(step).resolve(WORDS));
    }
    var notices = new ArrayList<String>();
    var error =
        assertThrows(IOException.class, () -> new Checkpoints(run).newestWhole(notices::add));
    assertEquals(
        run.resolve("checkpoint-3").resolve(WORDS)
            + ": no such file; the 2 older checkpoints are damaged too",
        error.getMessage());
    assertEquals(List.of(), notices);
  }

  @Test
  void oneThatWasLeftAsideIsGoneOnFrom() throws IOException {
    Path saved = save(7, 1, directory -> {});
    Files.move(saved, run.resolve(".checkpoint-7.old"));
    assertEquals(
        saved,
        new Checkpoints(run).newestWhole(line -> {}).map(SavedCheckpoint::directory).orElseThrow());
  }
}
