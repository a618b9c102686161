package dev.galen.examples.clinical.command;

import dev.galen.examples.clinical.manifest.SourceManifest;
import dev.galen.examples.clinical.pipeline.DocumentLines;
import dev.galen.examples.clinical.pipeline.DocumentRun;
import dev.galen.examples.clinical.pipeline.DocumentSource;
import dev.galen.examples.clinical.pipeline.DocumentStep;
import dev.galen.examples.clinical.pipeline.JsonLinesSource;
import dev.galen.examples.clinical.pipeline.RunCounts;
import dev.galen.examples.clinical.pipeline.RunProgress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Option;

/** Options of every command that makes documents of documents. */
final class StepOptions {
  @Option(
      names = "--in",
      paramLabel = "FILE",
      required = true,
      arity = "1..*",
      description =
          "Documents: JSON lines with a field text, as `galen clinical ingest` writes them.")
  private List<Path> files;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description =
          "Where the documents go (default: standard output). A run that was killed goes on where it"
              + " was; what cannot be used is told in FILE.rejects.jsonl.")
  private Path out;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "How many documents are worked on at once (default: the machine's cores).")
  private int threads = Runtime.getRuntime().availableProcessors();

  /** Runs the step over the files; a manifest beside these goes on to the output. */
  RunCounts run(DocumentStep step, String settings) throws IOException {
    return run(step, settings, DocumentRun.Check.NONE);
  }

  /** The same with a check of the whole. */
  RunCounts run(DocumentStep step, String settings, DocumentRun.Check check) throws IOException {
    return run(step, settings, check, DocumentLines.JSON);
  }

  /** The same with lines of another form. */
  RunCounts run(DocumentStep step, String settings, DocumentRun.Check check, DocumentLines lines)
      throws IOException {
    requireApart(files, out);
    RunCounts counts = run(new JsonLinesSource(files), step, settings, out, threads, check, lines);
    passOn(files, out, settings, counts);
    return counts;
  }

  /** The documents that are read. */
  JsonLinesSource source() {
    return new JsonLinesSource(files);
  }

  /** Where the documents go; null for standard output. */
  Path out() {
    return out;
  }

  /** Makes the manifest of an output of those beside its inputs, if these have any. */
  static void passOn(List<Path> files, Path out, String settings, RunCounts counts)
      throws IOException {
    if (out == null) {
      return;
    }
    Files.deleteIfExists(SourceManifest.beside(out)); // it is of what was replaced
    String step = settings.lines().findFirst().orElse("");
    SourceManifest manifest = SourceManifest.derived(files, out, step, counts);
    if (manifest != null) {
      manifest.write(out);
    }
  }

  /** Refuses a further output that is one of the inputs, or the output. */
  void requireApart(Path other) throws IOException {
    for (Path file : files) {
      if (other != null && Files.exists(other) && Files.isSameFile(file, other)) {
        throw new IllegalArgumentException("--review is " + other + ", which is read, too");
      }
    }
    if (other != null && Files.isDirectory(other)) {
      throw new IllegalArgumentException("--review is " + other + ", which is a folder");
    }
    if (other != null && out != null && other.toAbsolutePath().equals(out.toAbsolutePath())) {
      throw new IllegalArgumentException("--review and --out are one file, " + other);
    }
  }

  /** Refuses an output that is one of the inputs. */
  static void requireApart(List<Path> files, Path out) throws IOException {
    for (Path file : files) {
      if (out != null && Files.exists(out) && Files.isSameFile(file, out)) {
        throw new IllegalArgumentException("--out is " + out + ", which is read, too");
      }
    }
  }

  static RunCounts run(
      DocumentSource source, DocumentStep step, String settings, Path out, int threads)
      throws IOException {
    return run(source, step, settings, out, threads, DocumentRun.Check.NONE, DocumentLines.JSON);
  }

  static RunCounts run(
      DocumentSource source,
      DocumentStep step,
      String settings,
      Path out,
      int threads,
      DocumentRun.Check check,
      DocumentLines lines)
      throws IOException {
    var run =
        new DocumentRun(
            source,
            step,
            settings,
            threads,
            out == null ? RunProgress.NONE : RunProgress.lines(System.err),
            (counts, problems) -> {
              check.finished(counts, problems);
              tell(counts, out);
            },
            lines);
    return out == null ? run.stream(System.out, System.err) : run.run(out);
  }

  /** Tells what became of the records; if all were rejected, the output is not replaced. */
  private static void tell(RunCounts counts, Path out) throws IOException {
    System.err.printf(
        Locale.ROOT,
        "galen: %,d records read, %,d documents written, %,d rejected%s%n",
        counts.read(),
        counts.written(),
        counts.rejected(),
        counts.rejected() > 0 && out != null ? " (see " + out + ".rejects.jsonl)" : "");
    if (counts.read() > 0 && counts.rejected() == counts.read()) {
      throw new IOException(
          "all %,d records were rejected; the problems are told line by line"
                  .formatted(counts.read())
              + (out == null ? "" : " in " + out + ".rejects.jsonl"));
    }
  }
}
