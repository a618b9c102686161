package dev.galen.examples.clinical.command;

import dev.galen.examples.clinical.report.Disclaimer;
import dev.galen.examples.clinical.trust.Adjudication;
import dev.galen.examples.clinical.trust.AnnotationReview;
import dev.galen.examples.clinical.trust.ReviewReport;
import dev.galen.tensor.io.AtomicFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code galen clinical review}. */
@Command(
    name = "review",
    description = {
      "Compare two annotators' work: agreement, Cohen's kappa, disagreements, adjudication.",
      "Give --disagreements to get what a third person has to decide, and then --adjudicated with"
          + " --gold for the result. "
          + Disclaimer.TEXT
    },
    mixinStandardHelpOptions = true)
final class ReviewCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--first",
      paramLabel = "FILE",
      required = true,
      description =
          "One annotator's file: rows with id and a label (CSV, JSON lines, Parquet, ...), or JSON"
              + " lines with id, text and spans.")
  private Path first;

  @Option(
      names = "--second",
      paramLabel = "FILE",
      required = true,
      description = "The other's, with the same ids.")
  private Path second;

  @Option(
      names = "--label",
      paramLabel = "FIELD",
      description = "The field that has the label (default: label).")
  private String label = "label";

  @Option(names = "--spans", description = "Compare annotated spans instead of labels.")
  private boolean spans;

  @Option(
      names = "--disagreements",
      paramLabel = "FILE",
      description = "Write what has to be decided, JSON lines with an empty field adjudicated.")
  private Path disagreements;

  @Option(
      names = "--adjudicated",
      paramLabel = "FILE",
      description = "That file with its fields adjudicated filled in.")
  private Path adjudicated;

  @Option(
      names = "--gold",
      paramLabel = "FILE",
      description = "Write the texts with what was agreed on and decided, JSON lines.")
  private Path gold;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Write report.html and report.json there.")
  private Path out;

  @Override
  public Integer call() throws IOException {
    ReportFiles.requireOwn(out);
    if ((adjudicated == null) != (gold == null)) {
      throw new ParameterException(
          spec.commandLine(),
          "--adjudicated FILE and --gold FILE belong together: one is read, the other written");
    }
    var review = AnnotationReview.of(first, second, spans ? null : label);
    ReviewReport.words(review).forEach(System.out::println);
    review.confusions().forEach((pair, times) -> System.out.printf("%8d  %s%n", times, pair));
    System.out.println(Disclaimer.TEXT);
    if (out != null) {
      ReportFiles.write(ReviewReport.of(review), out);
    }
    if (disagreements != null) {
      Adjudication.write(review.disagreements(), disagreements);
      System.err.printf(
          "galen: wrote %d disagreements to %s; fill in adjudicated%n",
          review.disagreements().size(), disagreements);
    }
    if (gold != null) {
      AtomicFile.writeString(gold, Adjudication.decided(review, adjudicated, label));
      System.err.printf("galen: wrote %d texts to %s%n", review.both(), gold);
    }
    return 0;
  }
}
