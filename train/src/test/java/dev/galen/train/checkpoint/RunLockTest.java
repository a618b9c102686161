package dev.galen.train.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.model.testing.TinyModels;
import dev.galen.train.RandomSequences;
import dev.galen.train.Trainer;
import dev.galen.train.TrainingConfig;
import dev.galen.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two runs and one folder. */
class RunLockTest {
  /** Holds a lock until it is killed: a program for a process of its own. */
  private static final String HOLDER =
      """
      import java.nio.channels.*; import java.nio.file.*;
      class Holder {
        public static void main(String[] args) throws Exception {
          var file = Path.of(args[0], ".lock");
          var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          channel.write(java.nio.ByteBuffer.wrap((ProcessHandle.current().pid() + "\\n").getBytes()));
          System.out.println(channel.tryLock(1L << 40, 1, false) != null);
          System.in.read();
        }
      }
      """;

  @TempDir Path folder;

  @Test
  void aSecondRunInThisProcessIsRefusedAndTheFirstKeepsItsLock() throws Exception {
    Path out = folder.resolve("out");
    try (RunLock first = RunLock.acquire(out)) {
      for (int i = 0; i < 2; i++) {
        var error = assertThrows(IOException.class, () -> RunLock.acquire(out.resolve("../out")));
        assertEquals(1, error.getMessage().lines().count());
        assertTrue(
            error.getMessage().contains("another run writes there (this very process"),
            error.getMessage());
      }
      Process holder = hold(out);
      assertEquals("false", holder.inputReader().readLine()); // still locked for others
      holder.destroyForcibly().waitFor();
    }
    assertFalse(Files.exists(out)); // made for the lock, and empty
    RunLock.acquire(out).close();
  }

  @Test
  void theFileNamesItsOwner() throws IOException {
    try (RunLock lock = RunLock.acquire(folder)) {
      // POSIX gives a process's locks on a file away when it closes any stream of it.
      assertEquals(ProcessHandle.current().pid() + "\n", Files.readString(folder.resolve(".lock")));
    }
  }

  @Test
  void aRunInAnotherProcessIsNamedAndItsDeathGivesTheLockAway() throws Exception {
    Process holder = hold(folder);
    assertEquals("true", holder.inputReader().readLine());
    var error = assertThrows(IOException.class, () -> RunLock.acquire(folder));
    assertTrue(error.getMessage().contains("(process " + holder.pid() + ")"), error.getMessage());
    Files.writeString(folder.resolve(".lock"), "of nobody");
    error = assertThrows(IOException.class, () -> RunLock.acquire(folder));
    assertTrue(error.getMessage().contains("(another process)"), error.getMessage());
    holder.destroyForcibly().waitFor();
    try (RunLock lock = RunLock.acquire(folder)) {
      assertFalse(lock.renew());
      assertTrue(lock.warning().isEmpty());
    }
    try (var files = Files.list(folder)) {
      assertEquals(List.of("Holder.java"), files.map(f -> f.getFileName().toString()).toList());
    }
  }

  private Process hold(Path out) throws IOException {
    Path source = Files.writeString(folder.resolve("Holder.java"), HOLDER);
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return new ProcessBuilder(java, "-XX:TieredStopAtLevel=1", source.toString(), out.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  @Test
  void aFileInTheWayIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");
    var error = assertThrows(IOException.class, () -> RunLock.acquire(file.resolve("out")));
    assertTrue(error.getMessage().contains(file.toString()), error.getMessage());
  }

  /** Each would be looked for without end, or told as the folder's fault. */
  @Test
  void whatStandsWhereTheLockGoesIsNamed() throws IOException {
    Path lock = folder.resolve(".lock");
    Files.createDirectory(lock);
    var error = assertThrows(IOException.class, () -> RunLock.acquire(folder));
    assertTrue(error.getMessage().startsWith(lock.toRealPath() + ": "), error.getMessage());
    Files.delete(lock);
    Files.createSymbolicLink(lock, folder.resolve("gone").resolve("file"));
    error = assertThrows(IOException.class, () -> RunLock.acquire(folder));
    assertTrue(
        error.getMessage().startsWith(folder.toRealPath().resolve(".lock") + ": "), error + "");
    Files.delete(lock);
    RunLock.acquire(folder).close(); // neither attempt holds it
  }

  @Test
  void aTrainerHoldsItsOutputUntilItIsClosed() throws IOException {
    Path out = folder.resolve("run");
    try (var first = trainer(out)) {
      first.trainStep();
      first.save();
      try (var second = trainer(out)) {
        second.trainStep();
        assertThrows(IOException.class, second::save);
        assertThrows(IOException.class, second::fit);
        assertEquals(1, second.step());
      }
      first.save();
    }
    try (var third = trainer(out)) {
      assertTrue(third.resume());
      third.fit();
    }
    try (RunLock lock = RunLock.acquire(out);
        var trainer = trainer(out)) {
      trainer.under(lock).resume();
      trainer.save();
      assertThrows(IllegalArgumentException.class, () -> trainer(folder).under(lock));
    }
  }

  private static Trainer trainer(Path out) {
    var config =
        TrainingConfig.builder().steps(3).saveEvery(1).learningRate(1e-3).output(out).build();
    return new Trainer(TinyModels.gpt2(0), config, RandomSequences.of(8, 1), List.of(), 0);
  }

  @Test
  void anOutputThatIsRemovedUnderARunIsMadeAgainAndTold() throws Exception {
    Path out = folder.resolve("run");
    var notices = new ArrayList<String>();
    try (var trainer = trainer(out)) {
      trainer.listen(
          new TrainingListener() {
            @Override
            public void onNotice(String line) {
              notices.add(line);
            }
          });
      trainer.trainStep();
      trainer.save();
      delete(out);
      trainer.trainStep();
      trainer.save();
      assertTrue(Files.exists(out.resolve("checkpoint-2/state.json")));
      assertEquals(1, notices.size(), notices.toString());
      assertTrue(notices.getFirst().startsWith(out + ": was removed"), notices.toString());

      delete(out);
      Process other = hold(Files.createDirectory(out));
      assertEquals("true", other.inputReader().readLine());
      var taken = assertThrows(IOException.class, trainer::save);
      assertTrue(taken.getMessage().contains("(process " + other.pid()), taken.getMessage());
      other.destroyForcibly().waitFor();
      delete(out);
      Files.writeString(out, "in the way");
      var error = assertThrows(IOException.class, trainer::save);
      assertTrue(error.getMessage().startsWith(out + ": "), error.getMessage());
      assertEquals(1, error.getMessage().lines().count());
    }
  }

  private static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
