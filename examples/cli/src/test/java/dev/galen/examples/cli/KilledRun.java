package dev.galen.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.examples.fuzz.Children;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * A training run in a process of its own that is killed (SIGKILL) at random moments, and gone on
 * with by the same command and {@code --resume}. What it leaves must be what a run that nobody
 * killed leaves, file by file and bit by bit.
 *
 * <pre>{@code
 * new KilledRun(folder.resolve("work"), 256, List.of("train", "--lora", "2", ...))
 *     .mustEndAsIfNeverKilled(10, seed);
 * }</pre>
 *
 * @param work where all that the run writes lies: {@code out}, which is added to the words, and
 *     whatever else they name below it; removed when the run begins anew
 * @param megabytes of the process's heap
 * @param words of the command, without {@code --out} and {@code --resume}
 */
record KilledRun(Path work, int megabytes, List<String> words) {
  private static final int PATIENCE_SECONDS = 300;

  /**
   * Runs it undisturbed, then kills it so many times. A moment is chosen evenly over the time that
   * the undisturbed run took, from the start of each process; a run that ends before its moment is
   * compared, and another one begun.
   */
  void mustEndAsIfNeverKilled(int kills, long seed) throws IOException, InterruptedException {
    InterruptedJob.delete(work);
    long begun = System.nanoTime();
    assertTrue(endsWithin(TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)), "still running");
    long nanos = System.nanoTime() - begun;
    Map<String, String> expected = InterruptedJob.result(work);
    InterruptedJob.delete(work);
    var random = new SplittableRandom(seed);
    int ended = 0;
    int resumed = 0;
    for (int killed = 0; killed < kills; ) {
      resumed += InterruptedJob.hasCheckpoint(work.resolve("out")) ? 1 : 0;
      if (endsWithin(random.nextLong(nanos))) {
        FullDiskHost.requireEqual(expected, InterruptedJob.result(work));
        InterruptedJob.delete(work);
        ended++;
      } else {
        killed++;
      }
    }
    assertTrue(endsWithin(TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)), "still running");
    FullDiskHost.requireEqual(expected, InterruptedJob.result(work));
    System.out.printf(
        "%s: killed %d times within %d ms of a start (seed %d), gone on %d times from a checkpoint,"
            + " %d ends equal%n",
        words.getFirst(), kills, nanos / 1_000_000, seed, resumed, ended + 1);
  }

  /** Starts or resumes the run; whether it ends by itself in time. If not, it is killed then. */
  private boolean endsWithin(long nanos) throws IOException, InterruptedException {
    var all = new ArrayList<>(words);
    Path out = work.resolve("out");
    all.addAll(List.of("--out", out.toString()));
    if (InterruptedJob.hasCheckpoint(out)) {
      all.add("--resume");
    }
    Path told = Files.createTempFile("killed-run", ".out");
    Path err = Files.createTempFile("killed-run", ".err");
    try {
      Process process = Children.start(megabytes, Map.of(), Galen.class, all, told, err);
      if (!process.waitFor(nanos, TimeUnit.NANOSECONDS)) {
        process.destroyForcibly().waitFor();
        return false;
      }
      assertEquals(0, process.exitValue(), () -> read(err));
      return true;
    } finally {
      Files.delete(told);
      Files.delete(err);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
