package dev.galen.tensor.io;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Saves that a real kill or a real limit of the operating system cuts short. */
final class InterruptedSaveTest {
  private static final int KILLS = 6;

  @TempDir Path dir;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aKilledSaveLeavesOneSaveWhole(boolean sharded) throws Exception {
    var random = new Random(11);
    for (int kill = 0; kill < KILLS; kill++) {
      Process process = SavingProcess.start(dir, sharded, 16 * kill);
      try (var lines = process.inputReader()) {
        String first = lines.readLine();
        assertEquals("saved " + 16 * kill, first);
        Thread.sleep(random.nextInt(100));
        process.destroyForcibly().waitFor();
      }
      requireWhole();
    }
    SavingProcess.save(dir, sharded, 1);
    requireWhole();
    assertEquals(List.of(), leftovers(), "the next save clears away what killed ones left");
  }

  /** All bytes of all tensors belong to one save. */
  private void requireWhole() throws IOException {
    try (var files = TensorFiles.open(dir)) {
      assertEquals(SavingProcess.TENSORS, files.entries().size());
      byte value = files.segment("t0").get(JAVA_BYTE, 0);
      var expected = MemorySegment.ofArray(new byte[SavingProcess.TENSOR_BYTES]).fill(value);
      for (String name : files.entries().keySet()) {
        assertEquals(-1, expected.mismatch(files.segment(name)), name);
      }
    }
  }

  private List<Path> leftovers() throws IOException {
    try (var files = Files.list(dir)) {
      return files.filter(file -> file.getFileName().toString().startsWith(".")).toList();
    }
  }

  /** The limit on a file's size fails a write halfway, just as a full disk does. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aWriteThatTheSystemRefusesLeavesTheOldSave(boolean sharded) throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "skipped: no /bin/sh to set a limit with");
    SavingProcess.save(dir, sharded, 5);
    Process process =
        SavingProcess.start(
            dir, sharded, 99, "/bin/sh", "-c", "ulimit -f 2000 && exec \"$0\" \"$@\"");
    String output;
    try (BufferedReader lines = process.inputReader()) {
      output = String.join("\n", lines.readAllLines());
    }
    assertEquals(2, process.waitFor(), output);
    assertTrue(output.startsWith("cannot write " + dir.resolve("model")), output);
    assertEquals(1, output.lines().count(), output);
    requireWhole();
    try (var files = TensorFiles.open(dir)) {
      assertEquals(5, files.segment("t3").get(JAVA_BYTE, 0), "the old save");
    }
    assertEquals(List.of(), leftovers());
  }

  @Test
  void anInterruptedThreadLeavesTheOldFile() throws Exception {
    Path path = dir.resolve("note.txt");
    AtomicFile.writeString(path, "old");
    Thread.currentThread().interrupt();
    String message = "";
    try {
      AtomicFile.writeString(path, "new");
    } catch (IOException e) {
      message = e.getMessage();
    } finally {
      assertTrue(Thread.interrupted());
    }
    assertEquals("cannot write " + path + ": the thread was interrupted", message);
    assertEquals("old", Files.readString(path));
    assertEquals(List.of(), leftovers());
  }
}
