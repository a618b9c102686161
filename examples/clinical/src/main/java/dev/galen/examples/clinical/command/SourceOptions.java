package dev.galen.examples.clinical.command;

import dev.galen.examples.clinical.deid.Deidentifier;
import dev.galen.examples.clinical.ingest.IngestOptions;
import dev.galen.examples.clinical.ingest.IngestSource;
import dev.galen.examples.clinical.manifest.Ingestion;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Options of the commands that read sources of any kind. */
final class SourceOptions {
  /** Its version is that of the rules: another one's documents are others. */
  static final Ingestion.Deidentification RULES =
      new Ingestion.Deidentification(Deidentifier.tags(), "Galen's rules, tags, version 1");

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Parameters(
      paramLabel = "PATH",
      arity = "0..*",
      description = "Files and folders of any kind that --formats lists, also compressed by gzip.")
  private List<Path> paths = new ArrayList<>();

  @Option(names = "--in", paramLabel = "PATH", arity = "1..*", description = "The same.")
  private List<Path> more = new ArrayList<>();

  @Option(
      names = "--format",
      paramLabel = "NAME",
      description = "What the files are (default: told by their form); see --formats.")
  private String format;

  @Option(
      names = "--text",
      paramLabel = "FIELD",
      description = "The field of a row that is its text (default: text, note, report, ...).")
  private String text;

  @Option(
      names = "--id",
      paramLabel = "FIELD",
      description =
          "The field of a row that is its id (default: id, note_id, ..., else file:line).")
  private String id;

  @Option(
      names = "--encoding",
      paramLabel = "NAME",
      description = "The encoding of text files without a byte order mark (default: UTF-8).")
  private String encoding = "UTF-8";

  @Option(
      names = "--ocr-language",
      paramLabel = "NAME",
      description = "What Tesseract reads scans in, such as deu+eng (default: eng).")
  private String ocrLanguage = "eng";

  List<Path> paths() {
    var all = new ArrayList<>(paths);
    all.addAll(more);
    if (all.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "Missing required parameter: 'PATH'");
    }
    return all;
  }

  IngestSource source() {
    return new IngestSource(paths(), new IngestOptions(format, text, id, charset(), ocrLanguage));
  }

  private Charset charset() {
    try {
      return Charset.forName(encoding);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(),
          "--encoding is "
              + encoding
              + "; expected the name of one, such as UTF-8, windows-1252, UTF-16LE");
    }
  }
}
