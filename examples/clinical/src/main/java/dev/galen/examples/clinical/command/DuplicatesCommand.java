package dev.galen.examples.clinical.command;

import dev.galen.examples.clinical.duplicate.DuplicateFiles;
import dev.galen.examples.clinical.duplicate.DuplicateFinder;
import dev.galen.examples.clinical.pipeline.RunCounts;
import dev.galen.examples.clinical.pipeline.RunProgress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code galen clinical duplicates}. */
@Command(
    name = "duplicates",
    description = {
      "Find documents that are the same or nearly so, within files and across splits.",
      "With --out every document gets a field group, by which a split keeps duplicates together.",
      "Without --out a run that finds duplicates across splits ends with exit code 2."
    },
    mixinStandardHelpOptions = true)
final class DuplicatesCommand implements Callable<Integer> {
  @Option(
      names = "--in",
      paramLabel = "FILE",
      required = true,
      arity = "1..*",
      description = "Documents, as JSON lines; several files count as one.")
  private List<Path> files;

  @Option(
      names = "--held-out",
      paramLabel = "FILE",
      arity = "1..*",
      description =
          "Documents of the validation and test splits: what they have is left out of --out.")
  private List<Path> heldOut = List.of();

  @Option(
      names = "--split-field",
      paramLabel = "NAME",
      description =
          "The field that says train, validation or test: what the test split has is left out of the"
              + " others, what the validation split has of training.")
  private String splitField;

  @Option(
      names = "--group-by",
      paramLabel = "NAME",
      description = "A field, such as patient, whose equal values are one group, too.")
  private String groupField;

  @Option(
      names = "--threshold",
      paramLabel = "J",
      description =
          "From which Jaccard index of their runs of words on two texts are near duplicates, in (0, 1]"
              + " (default: ${DEFAULT-VALUE}).")
  private double threshold = 0.8;

  @Option(
      names = "--shingle",
      paramLabel = "N",
      description = "How many words a run has (default: ${DEFAULT-VALUE}).")
  private int shingle = 3;

  @Option(names = "--drop", description = "Leave all but the first of each group out of --out.")
  private boolean drop;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where the documents go; without it they are counted alone.")
  private Path out;

  @Override
  public Integer call() throws IOException {
    boolean splits = !heldOut.isEmpty() || splitField != null;
    if (drop && splits) {
      throw new IllegalArgumentException(
          "--drop is given with --held-out or --split-field; leave duplicates out within the files"
              + " first, then across splits");
    }
    if (drop && out == null) {
      throw new IllegalArgumentException("--drop is given without --out; give both or none");
    }
    StepOptions.requireApart(files, out);
    StepOptions.requireApart(heldOut, out);
    DuplicateFiles found =
        DuplicateFiles.find(
            files,
            heldOut,
            new DuplicateFinder(threshold, shingle),
            splitField,
            groupField,
            RunProgress.lines(System.err));
    DuplicateFiles.Counts counts = found.counts();
    System.err.printf(
        Locale.ROOT,
        "galen: %,d documents, %,d exact and %,d near duplicates (Jaccard >= %s of runs of %d"
            + " words)%s%n",
        counts.documents(),
        counts.exact(),
        counts.near(),
        threshold,
        shingle,
        splits ? "; %,d across splits".formatted(counts.across()) : "");
    if (counts.documents() == 0 && found.rejected() > 0) {
      throw new IOException(
          "%s: none of its %,d lines is a document".formatted(files.getFirst(), found.rejected()));
    }
    if (found.rejected() > 0 && out == null) {
      System.err.printf(
          Locale.ROOT,
          "galen: %,d lines are no documents and were passed over; `galen clinical head` tells them%n",
          found.rejected());
    }
    if (out == null) {
      if (counts.across() > 0) {
        throw new IOException(
            "%,d of %,d documents are duplicates across splits; --out FILE writes those that are none"
                .formatted(counts.across(), counts.documents()));
      }
      return 0;
    }
    DuplicateFiles.Keep keep =
        splits
            ? DuplicateFiles.Keep.APART
            : drop ? DuplicateFiles.Keep.FIRST : DuplicateFiles.Keep.ALL;
    String settings = "duplicates " + threshold + " " + shingle + " " + keep + " " + groupField;
    settings += " " + splitField;
    for (Path file : heldOut) {
      settings += "\n" + file + " " + Files.size(file) + " " + Files.getLastModifiedTime(file);
    }
    RunCounts counted =
        StepOptions.run(
            found.source(keep),
            (document, sink) -> sink.accept(document),
            settings,
            out,
            Runtime.getRuntime().availableProcessors());
    StepOptions.passOn(files, out, settings, counted);
    return 0;
  }
}
