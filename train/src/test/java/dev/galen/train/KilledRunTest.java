package dev.galen.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs in processes of their own: killed at any moment, and on any number of threads. */
@Timeout(180)
class KilledRunTest {
  private static final int KILLS = 3;

  /** On the reference backend, which is the fastest to start. */
  private static final String QUICK = "-XX:TieredStopAtLevel=1";

  private static final String VECTOR = "--add-modules=jdk.incubator.vector";

  @TempDir Path dir;

  @Test
  void aKilledRunGoesOnWithTheBitsOfOneThatWasNot() throws Exception {
    List<String> whole = TrainingProcess.lines(TrainingProcess.start(dir.resolve("whole"), QUICK));
    assertEquals(TrainingProcess.STEPS, whole.size());

    Path out = dir.resolve("killed");
    var printed = new ArrayList<String>();
    for (int kill = 0; kill < KILLS; kill++) {
      printed.addAll(linesUntilKilled(TrainingProcess.start(out, QUICK)));
    }
    printed.addAll(TrainingProcess.lines(TrainingProcess.start(out, QUICK)));
    for (String line : printed) {
      assertTrue(whole.contains(line), line + " is not in " + whole);
    }
    assertEquals(new HashSet<>(whole), new HashSet<>(printed));
    try (Stream<Path> files = Files.list(out)) {
      assertEquals(
          List.of("checkpoint-23", "checkpoint-24"),
          files.map(file -> file.getFileName().toString()).sorted().toList());
    }
  }

  /** Kills after a few updates, at a random moment of the update or of its save. */
  private static List<String> linesUntilKilled(Process process)
      throws IOException, InterruptedException {
    var random = RandomGenerator.getDefault();
    int updates = random.nextInt(1, 7);
    var lines = new ArrayList<String>();
    try (BufferedReader reader = process.inputReader()) {
      while (lines.size() < updates) {
        lines.add(reader.readLine());
      }
      Thread.sleep(0, random.nextInt(1_000_000));
      process.toHandle().destroyForcibly(); // leaves what it printed to be read
      reader.lines().filter(line -> line.contains("p")).forEach(lines::add);
    }
    process.waitFor();
    return lines;
  }

  @Test
  void theNumberOfThreadsDoesNotChangeTheBits() throws Exception {
    var runs = new ArrayList<List<String>>();
    for (int threads : new int[] {1, 2, 5}) {
      Path out = dir.resolve(threads + " threads");
      runs.add(
          TrainingProcess.lines(TrainingProcess.start(out, VECTOR, "-Dgalen.threads=" + threads)));
    }
    assertEquals(TrainingProcess.STEPS, runs.getFirst().size());
    assertEquals(runs.get(0), runs.get(1));
    assertEquals(runs.get(0), runs.get(2));
  }
}
