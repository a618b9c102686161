package dev.galen.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.galen.examples.fuzz.Children;
import dev.galen.examples.fuzz.FileFaults;
import dev.galen.examples.fuzz.SmallHub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Commands that are killed, or find the disk full, at their n-th file operation. What stands then
 * is whole, and the same command comes to the same end as one that nothing disturbed, bit by bit.
 * The gate tries a few operations; {@code ./mvnw verify -Dgroups=fuzz} tries {@value #TIMES} of
 * each.
 */
class InterruptionTest {
  private static final int TIMES = 148;

  /** Of {@link #TIMES}, by job. */
  private static final Map<InterruptedJob, Integer> SHARES =
      new TreeMap<>(
          Map.of(
              InterruptedJob.TRAIN, 64,
              InterruptedJob.FINETUNE, 40,
              InterruptedJob.TOKENIZER, 22,
              InterruptedJob.DOWNLOAD, 22));

  @TempDir Path folder;
  private Path library;
  private SmallHub hub;

  @BeforeEach
  void prepare() throws IOException, InterruptedException {
    var compiled = FileFaults.compile(folder);
    assumeTrue(compiled.isPresent(), "skipped: no C compiler (cc) here, or no Linux");
    library = compiled.get();
    InterruptedJob.writeInputs(folder);
    hub = new SmallHub(folder.resolve("model"));
  }

  @AfterEach
  void stop() {
    if (hub != null) {
      hub.close();
    }
  }

  @Test
  void someKills() throws Exception {
    kill(InterruptedJob.TRAIN, 1);
    kill(InterruptedJob.TOKENIZER, 1);
    kill(InterruptedJob.DOWNLOAD, 1);
  }

  @Test
  @Tag("fuzz")
  void allKills() throws Exception {
    for (var share : SHARES.entrySet()) {
      kill(share.getKey(), share.getValue());
    }
  }

  @Test
  void someFullDisks() throws Exception {
    fillDisk(InterruptedJob.TRAIN, 4);
  }

  @Test
  @Tag("fuzz")
  void allFullDisks() throws Exception {
    for (var share : SHARES.entrySet()) {
      fillDisk(share.getKey(), share.getValue());
    }
  }

  private void kill(InterruptedJob job, int times) throws Exception {
    long count = countOperations(job);
    Map<String, String> expected = InterruptedJob.result(folder);
    var bad = new ArrayList<String>();
    long[] operations = spread(times, count);
    for (long at : operations) {
      job.prepare(folder);
      var end = run(job, Map.of("FAULT_AT", Long.toString(at), "FAULT_MODE", "kill"));
      try {
        assertEquals(128 + 9, end.code(), end.err());
        job.check(folder, hub.endpoint());
        job.recover(folder, hub.endpoint());
        FullDiskHost.requireEqual(expected, InterruptedJob.result(folder));
      } catch (AssertionError | IOException e) {
        bad.add("operation " + at + ": " + e);
      }
    }
    System.out.printf(
        "%s: killed at %d of %d operations: %d bad%n", job, operations.length, count, bad.size());
    assertEquals(List.of(), bad);
  }

  private void fillDisk(InterruptedJob job, int times) throws Exception {
    long count = countOperations(job);
    long[] operations = spread(times, count);
    var arguments =
        new ArrayList<>(List.of(library.toString(), folder.toString(), hub.endpoint(), job.name()));
    LongStream.of(operations).forEach(at -> arguments.add(Long.toString(at)));
    var environment = new HashMap<>(variables());
    environment.put("LD_PRELOAD", library.toString());
    var end = Children.run(folder, environment, FullDiskHost.class, arguments);
    List<String> lines = end.out().lines().toList();
    var bad = lines.stream().filter(line -> line.startsWith("BAD ")).toList();
    System.out.printf(
        "%s: disk full from %d of %d operations on: %d refused, %d bad%n",
        job,
        operations.length,
        count,
        lines.stream().filter(line -> line.startsWith("refused ")).count(),
        bad.size());
    assertEquals(List.of(), bad);
    assertEquals(0, end.code(), end.err());
    assertEquals(operations.length, lines.size(), end.out());
  }

  /** Runs the job undisturbed. */
  private long countOperations(InterruptedJob job) throws Exception {
    Path file = folder.resolve("count");
    job.prepare(folder);
    var end = run(job, Map.of("FAULT_COUNT", file.toString()));
    assertEquals(0, end.code(), end.err());
    return Long.parseLong(Files.readString(file).strip());
  }

  private Children.End run(InterruptedJob job, Map<String, String> faults) throws Exception {
    var environment = new HashMap<>(variables());
    environment.putAll(faults);
    environment.put("LD_PRELOAD", library.toString());
    environment.put("FAULT_FOLDER", folder.resolve("out").toString());
    return Children.run(folder, environment, Galen.class, job.words(folder));
  }

  private Map<String, String> variables() {
    return SmallHub.variables(hub.endpoint(), folder.resolve("out"));
  }

  /** So many operations, from the first to the last; of one, one in the middle. */
  private static long[] spread(int times, long count) {
    if (times == 1) {
      return new long[] {count / 2 + 1};
    }
    return LongStream.range(0, times)
        .map(i -> 1 + i * (count - 1) / (times - 1))
        .distinct()
        .toArray();
  }
}
