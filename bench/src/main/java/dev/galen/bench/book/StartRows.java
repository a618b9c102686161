package dev.galen.bench.book;

import dev.galen.bench.peer.PythonPeer;
import dev.galen.bench.peer.Work;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.Device;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/** How long until GPT-2 124M on disk is there to be used: {@code load/124m}, {@code cold-start}. */
final class StartRows {
  private static final String PROMPT = "The dog is";

  private final Path home;
  private final Gpt2Files files;

  private StartRows(Path home, Gpt2Files files) {
    this.home = home;
    this.files = files;
  }

  static List<Row> of(Peers peers, Path home, Gpt2Files files) {
    var rows = new StartRows(home, files);
    return List.of(rows.load(peers), rows.coldStart(peers));
  }

  private Row load(Peers peers) {
    return new TimedRow(
        "load/124m",
        Unit.MILLISECONDS,
        1,
        Cost.NONE,
        new Contender("Galen", () -> load(files.model())),
        peers.python(
            "transformers",
            "transformers",
            python ->
                python.prepare(
                    PythonPeer.request("load").put("directory", files.model().toString()))));
  }

  private static Work load(Path model) {
    return Work.of(
        () -> {
          try {
            Pretrained.load(model, Device.CPU);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private Row coldStart(Peers peers) {
    return new TimedRow(
        "cold-start",
        Unit.MILLISECONDS,
        1,
        Cost.NONE,
        new Contender("Galen", this::generate),
        peers.python(
            "transformers",
            "transformers",
            python -> firstLine(python.once("first-token", files.model().toString(), PROMPT))));
  }

  /** The command a user types, until it has ended after one token. */
  private Work generate() throws IOException {
    var builder =
        new ProcessBuilder(
            home.resolve("galen").toAbsolutePath().toString(),
            "generate",
            "--model",
            files.model().toString(),
            "--prompt",
            PROMPT,
            "--max-new-tokens",
            "1",
            "--greedy");
    return timed(
        builder,
        process -> {
          process.getInputStream().readAllBytes();
          await(process);
        });
  }

  /** A process until its first line; its end, which is not waited for, does not count. */
  private static Work firstLine(ProcessBuilder builder) {
    return timed(
        builder,
        process -> {
          if (process.inputReader().readLine() == null) {
            throw new IOException("'%s' printed nothing".formatted(command(builder)));
          }
        });
  }

  /** What of a process counts. */
  @FunctionalInterface
  private interface Until {
    void happens(Process process) throws IOException;
  }

  private static Work timed(ProcessBuilder builder, Until until) {
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    return times -> {
      double seconds = 0;
      for (int i = 0; i < times; i++) {
        long start = System.nanoTime();
        Process process = builder.start();
        until.happens(process);
        seconds += (System.nanoTime() - start) * 1e-9;
        if (await(process) != 0) {
          throw new IOException("'%s' failed".formatted(command(builder)));
        }
      }
      return seconds;
    };
  }

  private static String command(ProcessBuilder builder) {
    return String.join(" ", builder.command());
  }

  private static int await(Process process) throws IOException {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
