package dev.galen.examples.clinical.command;

import dev.galen.examples.clinical.report.Disclaimer;
import dev.galen.examples.clinical.report.RunReport;
import dev.galen.examples.clinical.trust.Baseline;
import dev.galen.examples.clinical.trust.BiasAudit.Subject;
import dev.galen.examples.clinical.trust.ErrorAnalysis;
import dev.galen.examples.clinical.trust.FieldRows;
import dev.galen.examples.clinical.trust.TextClassifier;
import dev.galen.tensor.Device;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code galen clinical errors}. */
@Command(
    name = "errors",
    description = {
      "Show what a classifier gets wrong: the worst cases with text, class, prediction, and how"
          + " much each token speaks for the prediction.",
      Disclaimer.TEXT
    },
    mixinStandardHelpOptions = true)
final class ErrorsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      required = true,
      description = "A classifier of one class a text.")
  private Path directory;

  @Option(
      names = "--data",
      paramLabel = "FILE",
      required = true,
      description = "Rows with text and label: CSV, Parquet, JSON lines, documents, ...")
  private Path data;

  @Mixin private FieldOptions fields;

  @Option(
      names = "--worst",
      paramLabel = "N",
      description = "How many of the worst cases are explained (default: ${DEFAULT-VALUE}).")
  private int worst = 20;

  @Option(
      names = "--baseline",
      paramLabel = "zero|TOKEN",
      description = "See `galen clinical explain`.")
  private String baseline;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Where report.html and report.json go; they show texts of the data.")
  private Path out;

  @Option(
      names = "--device",
      paramLabel = "cpu|cuda:0",
      description = "Where to compute (default: a GPU that can be used, else the CPU).")
  private String device;

  @Override
  public Integer call() throws IOException {
    ReportFiles.requireOwn(out);
    if (worst < 0) {
      throw new ParameterException(
          spec.commandLine(), "--worst is " + worst + ", must be at least 0");
    }
    FieldRows rows = SubjectRows.read(data, fields.text(), fields.label(), List.of(), true);
    var classifier =
        TextClassifier.load(directory, device == null ? Device.best() : Device.of(device));
    Baseline from =
        baseline == null
            ? Baseline.of(classifier.tokenizer())
            : Baseline.named(baseline, classifier.tokenizer());
    List<Subject> subjects =
        SubjectRows.subjects(rows, classifier, fields.text(), fields.label(), List.of());
    double[][] probabilities =
        classifier.probabilities(subjects.stream().map(Subject::text).toList());
    RunReport report = new ErrorAnalysis(classifier, subjects, probabilities).report(worst, from);
    report.summary().forEach(System.out::println);
    System.out.println(Disclaimer.TEXT);
    ReportFiles.write(report, out);
    return 0;
  }
}
