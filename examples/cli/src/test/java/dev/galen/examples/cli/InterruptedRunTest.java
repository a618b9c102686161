package dev.galen.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.model.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import sun.misc.Signal;

/** Ctrl-C, and a folder that is removed under a run; signals go to this very process. */
@Timeout(120)
class InterruptedRunTest {
  @TempDir Path folder;

  private String run(Path out, int steps) throws IOException {
    Path text = Files.writeString(folder.resolve("text.txt"), TinyModels.TEXT);
    Path config = TinyModels.writeConfig(folder.resolve("config.json"));
    return "train --data %s --config %s --steps %d --schedule constant --dropout 0.1 --out %s"
        .formatted(text, config, steps, out);
  }

  private static Run galen(String command) {
    return Run.galen(command.split(" "));
  }

  /** Runs {@code action} once {@code log} has {@code lines} lines. */
  private static Thread when(Path log, int lines, Runnable action) {
    var thread =
        new Thread(
            () -> {
              try {
                while (!Files.exists(log) || Files.readAllLines(log).size() < lines) {
                  TimeUnit.MILLISECONDS.sleep(1);
                }
              } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
              }
              action.run();
            });
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static List<String> losses(Path out) throws IOException {
    return Files.readAllLines(out.resolve("log.jsonl")).stream()
        .map(Run::parse)
        .filter(line -> line.has("step"))
        .map(line -> line.get("step") + " " + line.get("loss"))
        .toList();
  }

  @Test
  void controlCKeepsWhatWasTrainedAndSaysHowToGoOn() throws Exception {
    Assumptions.assumeFalse(
        System.getProperty("os.name").startsWith("Windows"), "Windows raises no signal so");
    Path out = folder.resolve("out");
    Thread signal = when(out.resolve("log.jsonl"), 3, () -> Signal.raise(new Signal("INT")));
    Run stopped = galen(run(out, 3000));
    signal.join();
    assertEquals(130, stopped.code(), stopped.err());
    assertTrue(stopped.err().contains("stopping   after this update"), stopped.err());
    String line =
        stopped.out().lines().filter(l -> l.startsWith("stopped ")).findFirst().orElseThrow();
    int step = losses(out).size();
    assertTrue(step >= 3 && step < 3000, step + " updates");
    assertTrue(
        line.startsWith(
            "stopped    after step %d of 3000, kept in %s/checkpoint-%d; go on with: ./galen train"
                .formatted(step, out, step)),
        line);
    assertTrue(line.endsWith(" --resume"), line);
    assertFalse(Files.exists(out.resolve(".lock")));
    assertFalse(Files.exists(out.resolve("model.safetensors")));

    // The same command goes on; a few updates are enough to compare.
    int end = step + 3;
    galen(run(out, end) + " --resume").good();
    Path whole = folder.resolve("whole");
    galen(run(whole, end)).good();
    assertEquals(losses(whole), losses(out));
    assertEquals(
        -1, Files.mismatch(whole.resolve("model.safetensors"), out.resolve("model.safetensors")));
  }

  @Test
  void aFolderThatIsRemovedUnderARunIsMadeAgainAndNamedOnce() throws Exception {
    Path out = folder.resolve("out");
    Thread removal = when(out.resolve("log.jsonl"), 3, () -> delete(out));
    Run run = galen(run(out, 400)).good();
    removal.join();
    List<String> told = run.out().lines().filter(line -> line.contains("was removed")).toList();
    assertEquals(
        List.of("notice     " + out + ": was removed while this run wrote there; it is made again"),
        told);
    for (String name : List.of("model.safetensors", "config.json", "report.md", "log.jsonl")) {
      assertTrue(Files.exists(out.resolve(name)), name);
    }
  }

  private static void delete(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
