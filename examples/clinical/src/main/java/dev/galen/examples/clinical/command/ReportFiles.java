package dev.galen.examples.clinical.command;

import dev.galen.examples.clinical.report.ReportWriter;
import dev.galen.examples.clinical.report.RunReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reports about a model, which do not belong where the model's run has left its own. */
final class ReportFiles {
  private ReportFiles() {}

  /**
   * Refuses a run's folder, whose report would be replaced.
   *
   * @param out where a report is to go; may be null
   */
  static void requireOwn(Path out) throws IOException {
    if (out == null) {
      return;
    }
    boolean run = Files.exists(out.resolve("run.json")) || Files.exists(out.resolve("config.json"));
    if (run) {
      throw new IOException(
          out + ": is the folder of a run or model; choose another --out for this report");
    }
    if (Files.exists(out) && !Files.isDirectory(out)) {
      throw new IOException(out + ": is a file; --out names a folder");
    }
  }

  /** Writes a report and tells where. */
  static void write(RunReport report, Path out) throws IOException {
    ReportWriter.write(report, out);
    System.err.println("galen: wrote " + out.resolve(ReportWriter.HTML));
  }
}
