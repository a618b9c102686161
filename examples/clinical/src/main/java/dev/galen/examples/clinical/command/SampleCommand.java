package dev.galen.examples.clinical.command;

import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.document.DocumentJson;
import dev.galen.examples.clinical.ingest.IngestSource;
import dev.galen.examples.clinical.manifest.Ingestion;
import dev.galen.examples.clinical.manifest.Reservoir;
import dev.galen.examples.clinical.manifest.SourceManifest;
import dev.galen.examples.clinical.pipeline.RunCounts;
import dev.galen.tensor.io.AtomicFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code galen clinical sample}. */
@Command(
    name = "sample",
    description = "Draw documents at random, each with the same chance, the same for a seed.",
    mixinStandardHelpOptions = true)
final class SampleCommand implements Callable<Integer> {
  @Mixin private SourceOptions options;

  @Option(
      names = {"-n", "--count"},
      paramLabel = "N",
      description = "How many documents (default: ${DEFAULT-VALUE}).")
  private int count = 100;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of the random numbers (default: ${DEFAULT-VALUE}).")
  private long seed = 42;

  @Option(
      names = "--identified",
      description = "Leave what identifies people in a sample of a source without a manifest.")
  private boolean identified;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where the sample goes (default: standard output).")
  private Path out;

  @Override
  public Integer call() throws IOException {
    IngestSource source = options.source();
    var reservoir = new Reservoir(count, seed);
    source.read(reservoir);
    if (reservoir.seen() == 0) {
      throw new IOException("no document came of %,d records".formatted(reservoir.rejected()));
    }
    var lines = new StringBuilder();
    var safe = new Ingestion(source, Ingestion.Facts.NONE, SourceOptions.RULES, identified);
    boolean raw = !haveManifests(source.files());
    for (Document document : raw ? safe.apply(reservoir.documents()) : reservoir.documents()) {
      lines.append(DocumentJson.write(document)).append('\n');
    }
    if (out == null) {
      System.out.print(lines);
    } else {
      AtomicFile.writeString(out, lines.toString());
      long written = reservoir.documents().size();
      var counts =
          new RunCounts(reservoir.seen() + reservoir.rejected(), written, reservoir.rejected());
      String step = "sample of " + count + ", seed " + seed;
      SourceManifest manifest = SourceManifest.derived(source.files(), out, step, counts);
      if (manifest != null) {
        manifest.write(out);
      }
    }
    System.err.printf(
        "galen: %,d of %,d documents%s, seed %d%n",
        reservoir.documents().size(),
        reservoir.seen(),
        reservoir.rejected() > 0 ? " (%,d rejected)".formatted(reservoir.rejected()) : "",
        seed);
    return 0;
  }

  /** Whether all is known of the files; what is raw does not leave with its identities. */
  private static boolean haveManifests(List<Path> files) throws IOException {
    for (Path file : files) {
      if (SourceManifest.of(file) == null) {
        return false;
      }
    }
    return true;
  }
}
