package dev.galen.examples.clinical.command;

import dev.galen.examples.clinical.ingest.IngestSource;
import dev.galen.examples.clinical.manifest.Ingestion;
import dev.galen.examples.clinical.manifest.SourceManifest;
import dev.galen.examples.clinical.pipeline.RunCounts;
import dev.galen.examples.clinical.pipeline.RunProgress;
import dev.galen.examples.clinical.report.Disclaimer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code galen clinical ingest}. */
@Command(
    name = "ingest",
    description = {
      "Read reports, notes and published sets into documents: JSON lines with id, text, fields and"
          + " spans.",
      "What identifies people is replaced by tags, but for published research sets; ids and names of"
          + " files are kept.",
      "What is malformed is told in OUT.rejects.jsonl by file and line, what did not survive in"
          + " OUT.quarantine.jsonl. OUT.manifest.json has licence, consent, hashes and counts."
    },
    mixinStandardHelpOptions = true)
final class IngestCommand implements Callable<Integer> {
  @Mixin private SourceOptions options;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description =
          "Where the documents go (default: standard output, without a manifest). A run that was"
              + " killed goes on where it was.")
  private Path out;

  @Option(names = "--name", paramLabel = "TEXT", description = "What the data are called.")
  private String name;

  @Option(
      names = "--licence",
      paramLabel = "TEXT",
      description = "The data's licence (default: that of the published set, else unknown).")
  private String licence;

  @Option(
      names = "--consent",
      paramLabel = "WORD",
      description = "Whether the patients agreed: yes, no, waived, not-needed (default: unknown).")
  private Consent consent;

  @Option(
      names = "--identified",
      description = "Leave in what identifies people. Training then asks for --identified, too.")
  private boolean identified;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "How many documents are worked on at once (default: the machine's cores).")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(names = "--formats", description = "List the kinds of files that are read, and end.")
  private boolean formats;

  /** Words of the option. */
  private enum Consent {
    YES("yes"),
    NO("no"),
    WAIVED("waived"),
    NOT_NEEDED("not needed");

    private final String words;

    Consent(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words.replace(' ', '-');
    }
  }

  @Override
  public Integer call() throws IOException {
    if (formats) {
      IngestSource.formats().forEach(System.out::println);
      return 0;
    }
    IngestSource source = options.source();
    var facts = new Ingestion.Facts(name, licence, consent == null ? null : consent.words);
    var ingestion = new Ingestion(source, facts, SourceOptions.RULES, identified);
    if (identified) {
      System.err.println("galen: what identifies people is left in because of --identified");
    }
    RunCounts counts =
        out == null
            ? ingestion.stream(System.out, System.err, threads)
            : ingestion.run(out, threads, RunProgress.lines(System.err));
    tell(source, counts);
    return 0;
  }

  private void tell(IngestSource source, RunCounts counts) throws IOException {
    System.err.printf(
        Locale.ROOT,
        "galen: %,d records read, %,d documents written, %,d rejected%s, %,d quarantined%s%n",
        counts.read(),
        counts.written(),
        counts.rejected(),
        counts.rejected() > 0 && out != null ? " (see " + out + ".rejects.jsonl)" : "",
        counts.quarantined(),
        counts.quarantined() > 0 && out != null ? " (see " + out + ".quarantine.jsonl)" : "");
    source
        .leftOut()
        .forEach((why, count) -> System.err.printf("galen: %,d left out: %s%n", count, why));
    if (source.repeated() > 0) {
      System.err.printf(
          "galen: %,d documents had an id that was given before; they are called ID#2, ID#3, ...%n",
          source.repeated());
    }
    if (out != null) {
      SourceManifest manifest = SourceManifest.of(out);
      System.err.printf(
          "galen: %s, licence %s, %s (see %s)%n",
          manifest.name(),
          manifest.licence(),
          manifest.deidentified()
              ? "de-identified: " + manifest.deidentifiedBy()
              : "NOT de-identified",
          SourceManifest.beside(out));
    }
    System.err.println("galen: " + Disclaimer.TEXT);
  }
}
