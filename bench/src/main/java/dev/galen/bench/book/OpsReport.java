package dev.galen.bench.book;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What {@code galen bench ops} measured, each operation beside what the machine can do at most.
 *
 * @param machine that made the figures
 * @param limits of it
 * @param rows in order
 */
record OpsReport(Machine machine, Calibration limits, List<Measured> rows) {
  /** A table for people, with the machine and its limits above it. */
  String markdown() {
    var text = new StringBuilder(machine + ".\n\n");
    text.append(
        format(
            "All threads: %.0f GFLOP/s from registers, %.0f GB/s from L2, %.1f GB/s from memory.\n",
            limits.fmaPeak() / 1e9, limits.l2Read() / 1e9, limits.dramRead() / 1e9));
    text.append(
        """

        | operation | us | spread | GFLOP/s | of peak | GB/s | of L2 | of memory |
        |---|---:|---:|---:|---:|---:|---:|---:|
        """);
    for (Measured row : rows) {
      text.append(
          format(
              "| %s | %.1f | %.0f%%%s | %.1f | %.0f%% | %.1f | %.0f%% | %.0f%% |\n",
              row.name(),
              row.value(),
              100 * row.spread(),
              row.isNoisy() ? " noisy" : "",
              row.flopsPerSecond() / 1e9,
              100 * row.flopsPerSecond() / limits.fmaPeak(),
              row.bytesPerSecond() / 1e9,
              100 * row.bytesPerSecond() / limits.l2Read(),
              100 * row.bytesPerSecond() / limits.dramRead()));
    }
    return text.toString();
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  /** Writes {@code table.md} and {@code results.jsonl}. */
  void write(Path directory) throws IOException {
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("table.md"), markdown());
    var text = new StringBuilder();
    for (Measured limit : limits.rows()) {
      add(text, Report.lines(limit).getFirst());
    }
    for (Measured row : rows) {
      add(
          text,
          Report.lines(row)
              .getFirst()
              .put("gflops", row.flopsPerSecond() / 1e9)
              .put("gbs", row.bytesPerSecond() / 1e9)
              .put("ofPeak", row.flopsPerSecond() / limits.fmaPeak())
              .put("ofL2", row.bytesPerSecond() / limits.l2Read())
              .put("ofMemory", row.bytesPerSecond() / limits.dramRead()));
    }
    Files.writeString(directory.resolve("results.jsonl"), text);
  }

  private void add(StringBuilder text, ObjectNode line) {
    machine.describe(line);
    text.append(line).append('\n');
  }
}
