package dev.galen.examples.clinical.command;

import dev.galen.examples.clinical.report.Disclaimer;
import dev.galen.examples.clinical.trust.AuditReport;
import dev.galen.examples.clinical.trust.BiasAudit;
import dev.galen.examples.clinical.trust.BiasAudit.Subject;
import dev.galen.examples.clinical.trust.FieldRows;
import dev.galen.examples.clinical.trust.TextClassifier;
import dev.galen.tensor.Device;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code galen clinical audit}. */
@Command(
    name = "audit",
    description = {
      "Tell how well a classifier does for each group of people, and whether its answers change"
          + " with a person's gender, age or ethnic descriptor.",
      Disclaimer.TEXT
    },
    mixinStandardHelpOptions = true)
final class AuditCommand implements Callable<Integer> {
  private static final int SHOWN = 5;

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
      description =
          "Rows with text, and with a label if accuracy is to be told: CSV, Parquet, JSON lines, or"
              + " documents as `galen clinical ingest` writes them.")
  private Path data;

  @Option(
      names = "--group",
      paramLabel = "FIELD",
      arity = "1..*",
      description = "Fields whose values are groups, such as sex; without, swaps alone are made.")
  private List<String> groups = new ArrayList<>();

  @Mixin private FieldOptions fields;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Write report.html and report.json there, with the largest changes.")
  private Path out;

  @Option(
      names = "--device",
      paramLabel = "cpu|cuda:0",
      description = "Where to compute (default: a GPU that can be used, else the CPU).")
  private String device;

  @Override
  public Integer call() throws IOException {
    ReportFiles.requireOwn(out);
    FieldRows rows = SubjectRows.read(data, fields.text(), fields.label(), groups, false);
    var classifier =
        TextClassifier.load(directory, device == null ? Device.best() : Device.of(device));
    List<Subject> subjects =
        SubjectRows.subjects(rows, classifier, fields.text(), fields.label(), groups);
    for (String group : groups) {
      if (subjects.stream().noneMatch(subject -> subject.groups().containsKey(group))) {
        throw new IOException("%s: no row has the field %s".formatted(data, group));
      }
    }
    double[][] probabilities =
        classifier.probabilities(subjects.stream().map(Subject::text).toList());
    var figures = BiasAudit.groups(subjects, probabilities, groups);
    var swaps = BiasAudit.swaps(classifier, subjects, probabilities, SHOWN);
    AuditReport.words(figures, swaps).forEach(System.out::println);
    System.out.println(Disclaimer.TEXT);
    if (out != null) {
      ReportFiles.write(AuditReport.of(figures, swaps, classifier.classes(), subjects.size()), out);
    }
    return 0;
  }
}
