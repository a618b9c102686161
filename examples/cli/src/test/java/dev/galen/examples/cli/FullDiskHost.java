package dev.galen.examples.cli;

import dev.galen.examples.fuzz.FileFaults;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Runs a job in one process again and again, each time on a disk that is full from another of its
 * file operations on: the command ends in one line, what stands is whole, and with room again it
 * comes to the same end.
 */
final class FullDiskHost {
  private FullDiskHost() {}

  /** Arguments: the preloaded library, the folder, the hub, the job, and the operations. */
  public static void main(String[] args) throws Exception {
    var faults = new FileFaults(Path.of(args[0]));
    Path folder = Path.of(args[1]);
    String endpoint = args[2];
    InterruptedJob job = InterruptedJob.valueOf(args[3]);
    String[] words = job.words(folder).toArray(String[]::new);
    job.prepare(folder);
    Run.galen(words).good();
    Map<String, String> expected = InterruptedJob.result(folder);
    for (int i = 4; i < args.length; i++) {
      job.prepare(folder);
      faults.fillDisk(folder.resolve("out"), Long.parseLong(args[i]));
      Run run = Run.galen(words);
      long refused = faults.makeRoom();
      try {
        String line = refused == 0 ? run.good().out() : run.refusal();
        if (line.length() > 1000) {
          throw new AssertionError(line);
        }
        job.check(folder, endpoint);
        job.recover(folder, endpoint);
        requireEqual(expected, InterruptedJob.result(folder));
        System.out.println((refused == 0 ? "done " : "refused ") + args[i]);
      } catch (Throwable e) {
        System.out.printf(
            "BAD %s: %s%n", args[i], e.toString().lines().collect(Collectors.joining(" / ")));
      }
    }
    System.exit(0);
  }

  /** Throws what differs, by name. */
  static void requireEqual(Map<String, String> expected, Map<String, String> found) {
    if (!expected.keySet().equals(found.keySet())) {
      throw new AssertionError(
          "files %s in place of %s".formatted(found.keySet(), expected.keySet()));
    }
    expected.forEach(
        (name, value) -> {
          if (!value.equals(found.get(name))) {
            throw new AssertionError(
                "%s differs: %s in place of %s".formatted(name, found.get(name), value));
          }
        });
  }
}
