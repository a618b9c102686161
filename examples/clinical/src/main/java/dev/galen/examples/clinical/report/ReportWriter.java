package dev.galen.examples.clinical.report;

import dev.galen.tensor.io.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes a report. */
public final class ReportWriter {
  /** The name of the file for people. */
  public static final String HTML = "report.html";

  /** The name of the file for programs. */
  public static final String JSON = "report.json";

  private ReportWriter() {}

  /**
   * Writes {@value #HTML}, one file without scripts that loads nothing, and {@value #JSON} with the
   * same content. Both are replaced as wholes.
   *
   * @param folder made if it is missing
   */
  public static void write(RunReport report, Path folder) throws IOException {
    Files.createDirectories(folder);
    AtomicFile.writeString(folder.resolve(JSON), json(report));
    AtomicFile.writeString(folder.resolve(HTML), html(report));
  }

  /** The report as one HTML document. */
  public static String html(RunReport report) {
    return new HtmlReport().of(report);
  }

  /** The report as Markdown, its pictures as their numbers. */
  public static String markdown(RunReport report) {
    return MarkdownReport.of(report);
  }

  /** The report as a JSON object. */
  public static String json(RunReport report) {
    return JsonReport.of(report);
  }
}
