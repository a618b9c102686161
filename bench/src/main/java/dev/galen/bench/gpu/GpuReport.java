package dev.galen.bench.gpu;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Writes what was measured after every row, so that a run that is cut off keeps what it has: {@code
 * table.md} anew, {@code results.jsonl} at its end, which makes it a history.
 */
final class GpuReport {
  private static final String FOOT =
      """

      Ratio: Galen's figure over the other's, turned so that above 1 Galen is better. Roof: the part
      of what this GPU reached in this run, of the copy's bytes for memory-bound rows and decoding,
      of the large product's operations in the same precision for the others; for training this is
      MFU = tokens/s (6 N + 12 L C T) / peak, N weights that a token is multiplied with (positions
      not), L layers, C channels, T time. Host: the part of the time in which Galen's host thread was
      not waiting for the GPU. Spread: distance of the quartiles over the median. Steps of training
      and of decoding are replayed from CUDA graphs.
      """;

  private final GpuSetup setup;
  private final boolean real;
  private final Path directory;
  private final Roofs roofs = new Roofs();
  private final List<GpuResult> results = new ArrayList<>();

  /**
   * Nothing measured yet.
   *
   * @param real whether the figures mean something: not at the sizes of tests
   */
  GpuReport(GpuSetup setup, boolean real, Path directory) throws IOException {
    this.setup = setup;
    this.real = real;
    this.directory = directory;
    Files.createDirectories(directory);
  }

  /** What rows are held against. */
  Roofs roofs() {
    return roofs;
  }

  /** Adds a row to both files; returns its lines of the table. */
  String add(GpuResult result) throws IOException {
    results.add(result);
    Files.writeString(directory.resolve("table.md"), markdown());
    var lines = new StringBuilder();
    for (ObjectNode line : result.json(roofs)) {
      line.put("at", Instant.now().toString()).put("real", real);
      setup.describe(line);
      lines.append(line).append('\n');
    }
    Files.writeString(
        directory.resolve("results.jsonl"),
        lines,
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    return result.markdown(roofs);
  }

  private String markdown() {
    var text = new StringBuilder(setup + ".\n\n");
    if (!real) {
      text.append("**Sizes of a test: no figure here means anything.**\n\n");
    }
    text.append("| row | by | figure | unit | ratio | roof | host | spread |\n");
    text.append("|---|---|---:|---|---:|---:|---:|---:|\n");
    for (GpuResult result : results) {
      text.append(result.markdown(roofs));
    }
    text.append(
        String.format(
            Locale.ROOT,
            "\nRoofs: copy %.0f GB/s, BF16 %.1f, TF32 %.1f TFLOP/s.\n",
            roofs.of(Roof.COPY) * 1e-9,
            roofs.of(Roof.BF16) * 1e-12,
            roofs.of(Roof.TF32) * 1e-12));
    return text.append(FOOT).toString();
  }

  /** Rows in which Galen has no figure. */
  List<String> failed() {
    return results.stream()
        .filter(result -> !result.ours().isThere())
        .map(result -> result.row().name() + ": " + result.ours().problem())
        .toList();
  }
}
