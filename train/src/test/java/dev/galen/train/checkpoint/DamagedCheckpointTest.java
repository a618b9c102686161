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
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checkpoints that were whole once, and what only looks like one. */
class DamagedCheckpointTest {
  @TempDir Path run;
  private final Tensor weight =
      Tensors.of(Device.REFERENCE, new float[] {1, 2, 3, 4}, 2, 2).requireGrad();
  private final AdamW optimizer = new AdamW(List.of(weight), AdamW.Settings.decay(0));
  private final Map<String, Tensor> parameters = Map.of("weight", weight);
  private final List<String> notices = new ArrayList<>();

  @BeforeEach
  void saveTwo() throws IOException {
    save(6);
    save(8);
  }

  private void save(long step) throws IOException {
    var state =
        new TrainingState(
            step, new DataPosition(1, 2), 3, 4, MixedPrecision.F16, new GradScaler.State(512, 7));
    weight.backend().copy().fill(weight.span(), step);
    new Checkpoints(run).save(parameters, optimizer, state, 2);
  }

  private Path newest(String file) {
    return run.resolve("checkpoint-8").resolve(file);
  }

  /** The newest one is passed over in one line that names its fault; alone, it is refused. */
  private void assertPassedOver(String... told) throws IOException {
    notices.clear();
    SavedCheckpoint saved = new Checkpoints(run).newestWhole(notices::add).orElseThrow();
    assertEquals(run.resolve("checkpoint-6"), saved.directory());
    saved.fill(parameters, optimizer);
    assertArrayEquals(new float[] {6, 6, 6, 6}, weight.toFloats());
    assertEquals(1, notices.size(), notices.toString());
    String line = notices.getFirst();
    assertEquals(1, line.lines().count(), line);
    assertTrue(line.endsWith("; going on from checkpoint-6"), line);
    for (String part : told) {
      assertTrue(line.contains(part), part + " in " + line);
    }
    Path other = run.resolveSibling(run.getFileName() + "-other");
    Files.move(run.resolve("checkpoint-6"), other);
    var error =
        assertThrows(IOException.class, () -> new Checkpoints(run).newestWhole(notices::add));
    assertTrue(error.getMessage().contains(told[0]), error.getMessage());
    assertTrue(error.getMessage().contains("no other checkpoint"), error.getMessage());
    assertEquals(1, error.getMessage().lines().count());
    Files.move(other, run.resolve("checkpoint-6"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.safetensors", "optimizer.safetensors"})
  void everyBitOfAFileCounts(String name) throws IOException {
    Path file = newest(name);
    byte[] whole = Files.readAllBytes(file);
    for (int at : new int[] {0, 9, whole.length / 4 * 3, whole.length - 3, whole.length - 1}) {
      byte[] flipped = whole.clone();
      flipped[at] ^= 0x40;
      Files.write(file, flipped);
      assertPassedOver("checkpoint-8/" + name + ": is damaged");
    }
  }

  @Test
  void zerosAShorterFileAndMissingFilesAreFound() throws IOException {
    Path weights = newest("model.safetensors");
    byte[] whole = Files.readAllBytes(weights);
    byte[] zeros = whole.clone();
    java.util.Arrays.fill(zeros, whole.length - 16, whole.length, (byte) 0);
    Files.write(weights, zeros);
    assertPassedOver("model.safetensors: is damaged");
    Files.write(weights, java.util.Arrays.copyOf(whole, whole.length - 1));
    assertPassedOver("model.safetensors: has", "was saved with");
    Files.delete(weights);
    assertPassedOver("model.safetensors: no such file");
    Files.write(weights, whole);
    Files.delete(newest("state.json"));
    assertPassedOver("checkpoint-8/state.json: no such file");
  }

  @Test
  void aStateThatIsNoFileNoTextOrNoJsonIsNamed() throws IOException {
    Path state = newest("state.json");
    String whole = Files.readString(state);
    Files.delete(state);
    Files.createDirectory(state);
    assertPassedOver("state.json: is a folder");
    Files.delete(state);
    Files.write(state, new byte[] {'{', (byte) 0xff, (byte) 0xfe});
    assertPassedOver("state.json: not valid UTF-8");
    for (int length : new int[] {0, 1, 40, whole.length() - 3}) {
      Files.writeString(state, whole.substring(0, length));
      assertPassedOver("state.json: not");
    }
    for (String text : List.of("[]", "null", "7", "\"x\"", "{}", "[".repeat(5000))) {
      Files.writeString(state, text);
      assertPassedOver("state.json: n");
    }
    Files.write(state, new byte[2 << 20]);
    assertPassedOver("state.json: has 2,097,152 bytes");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "step; -1",
        "step; 99999999999999999999",
        "step; 9e300",
        "step; NaN",
        "step; \"8\"",
        "step; 7",
        "step; 8.5",
        "updates; 9",
        "updates; -1",
        "epoch; 9",
        "epoch; -1",
        "epoch; 1e999",
        "offset; -2",
        "offset; 4294967298",
        "random; -3",
        "random; 18446744073709551619",
        "seed; null",
        "seed; 99999999999999999999",
        "lossScale; 0",
        "lossScale; -512",
        "lossScale; 3",
        "lossScale; 1e999",
        "lossScale; \"NaN\"",
        "goodSteps; -1",
        "goodSteps; 2000",
        "goodSteps; 4294967296",
        "precision; \"F8\"",
        "precision; 7",
        "files; []",
        "files; [7]",
        "files; [\"x\"]",
        // Numbers that could be right, and are not.
        "offset; 3",
        "epoch; 2",
        "random; 4",
        "seed; 5",
      })
  void aNumberThatCannotBeIsNamed(String key, String value) throws IOException {
    Path state = newest("state.json");
    String text = Files.readString(state);
    String other = text.replaceFirst("\"%s\" : (\\[.*\\]|[^,\\n]+)".formatted(key), "");
    assertTrue(!other.equals(text), text);
    Files.writeString(
        state,
        other
            .replaceFirst("\\{", "{ \"%s\" : %s,".formatted(key, value))
            .replaceAll(",\\s*,", ","));
    assertPassedOver("checkpoint-8/state.json: ");
  }

  @Test
  void aReasonIsToldOfTextThatIsNoJson() throws IOException {
    Files.writeString(newest("state.json"), "{\"step\": eight}");
    assertPassedOver("checkpoint-8/state.json: not valid JSON: Unrecognized token 'eight'");
  }

  @Test
  void whatIsTooLongToTellIsCut() throws IOException {
    Path state = newest("state.json");
    String text = Files.readString(state);
    Files.writeString(state, text.replace("\"F16\"", "\"" + "F".repeat(100) + "\""));
    assertPassedOver("state.json: knows no precision '" + "F".repeat(39) + "...");
    Files.writeString(state, text.replace("512.0", "\"512\""));
    assertPassedOver("state.json: 'lossScale' is no number, must be a power of two");
    Files.writeString(state, text.replace("512.0", "384"));
    assertPassedOver("state.json: 'lossScale' is 384.0, must be a power of two");
  }

  /** Weights of another checkpoint, with their own digest: only the seal can tell. */
  @Test
  void aDigestThatWasExchangedWithItsFileIsFound() throws IOException {
    Path other = run.resolve("checkpoint-6").resolve("model.safetensors");
    Path file = newest("model.safetensors");
    Path state = newest("state.json");
    String text = Files.readString(state);
    String exchanged = text.replace(FileDigest.of(file).word(), FileDigest.of(other).word());
    assertTrue(!exchanged.equals(text), text);
    Files.writeString(state, exchanged);
    Files.write(file, Files.readAllBytes(other));
    assertPassedOver("state.json: is damaged, its numbers are not the ones it was saved with");
  }

  @Test
  void strayNamesNeitherBlockNorAreTaken() throws IOException {
    Files.createDirectory(run.resolve("checkpoint-99999999999999999999"));
    Files.createDirectory(run.resolve("checkpoint-abc"));
    Files.createDirectory(run.resolve("checkpoint-"));
    Files.createDirectory(run.resolve("checkpoint-900"));
    Files.createDirectory(run.resolve("checkpoint-007"));
    Files.createDirectory(run.resolve("checkpoint--5"));
    Files.writeString(run.resolve("checkpoint-500"), "mine");
    Files.writeString(run.resolve("checkpoint-10"), "mine too");
    Files.createDirectory(run.resolve(".checkpoint-x.tmp"));
    assertEquals(run.resolve("checkpoint-8"), new Checkpoints(run).newest().orElseThrow());
    assertEquals(
        run.resolve("checkpoint-8"),
        new Checkpoints(run).newestWhole(notices::add).orElseThrow().directory());
    assertEquals(List.of(), notices);
    save(10);
    assertEquals(
        run.resolve("checkpoint-10"),
        new Checkpoints(run).newestWhole(notices::add).orElseThrow().directory());
    assertEquals("mine", Files.readString(run.resolve("checkpoint-500")));
    try (var files = Files.newDirectoryStream(run, "checkpoint-10.stray-*")) {
      assertEquals("mine too", Files.readString(files.iterator().next()));
    }
    assertTrue(
        Files.exists(run.resolve("checkpoint-8")) && Files.exists(run.resolve("checkpoint-900")));
  }

  @Test
  void aCheckpointUnderAnotherNameIsNotThatOne() throws IOException {
    Files.move(run.resolve("checkpoint-8"), run.resolve("checkpoint-9"));
    SavedCheckpoint saved = new Checkpoints(run).newestWhole(notices::add).orElseThrow();
    assertEquals(run.resolve("checkpoint-6"), saved.directory());
    assertTrue(notices.getFirst().contains("is the state of checkpoint-8"), notices.toString());
  }

  @Test
  void savingGoesOnPastADamagedOne() throws IOException {
    Files.write(newest("model.safetensors"), new byte[9]);
    save(7);
    save(8);
    assertEquals(
        run.resolve("checkpoint-8"),
        new Checkpoints(run).newestWhole(notices::add).orElseThrow().directory());
    assertEquals(List.of(), notices);
  }

  /** Those of earlier versions: no digests, but what can be seen is seen. */
  @Test
  void oneFromBeforeThereWereDigestsIsTakenIfItLooksWhole() throws IOException {
    Path state = newest("state.json");
    Files.writeString(
        state, Files.readString(state).replaceFirst(",\\s+\"files\" (.*\\s+)+?\"sha256\".*", ""));
    SavedCheckpoint saved = new Checkpoints(run).newestWhole(notices::add).orElseThrow();
    assertEquals(run.resolve("checkpoint-8"), saved.directory());
    Path weights = newest("model.safetensors");
    Files.write(weights, java.util.Arrays.copyOf(Files.readAllBytes(weights), 30));
    assertPassedOver("model.safetensors");
  }

  @Test
  void filesOfTheRunsOwnAreHeldAgainstTheirDigestsToo() throws IOException {
    var state =
        new TrainingState(9, DataPosition.START, 3, 4, MixedPrecision.F32, GradScaler.State.NONE);
    var settings = new RunSettings(new java.util.LinkedHashMap<>(Map.of("seed", "4")));
    new Checkpoints(run)
        .save(
            parameters,
            optimizer,
            state,
            settings,
            folder -> Files.writeString(folder.resolve("vocab.json"), "{}"),
            9);
    for (String name : List.of("vocab.json", "settings.json")) {
      Path file = run.resolve("checkpoint-9").resolve(name);
      byte[] whole = Files.readAllBytes(file);
      Files.write(file, "{ ".getBytes(StandardCharsets.UTF_8));
      new Checkpoints(run).newestWhole(notices::add);
      assertTrue(notices.getLast().contains("checkpoint-9/" + name), notices.toString());
      Files.write(file, whole);
    }
  }
}
