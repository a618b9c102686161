package dev.galen.examples.clinical.task;

import dev.galen.examples.clinical.baseline.Baselines;
import dev.galen.examples.clinical.baseline.CurveSection;
import dev.galen.examples.clinical.baseline.PairedComparison;
import dev.galen.examples.clinical.report.Bullets;
import dev.galen.examples.clinical.report.ClassifierSections;
import dev.galen.examples.clinical.report.Examples;
import dev.galen.examples.clinical.report.Numbers;
import dev.galen.examples.clinical.report.Paragraph;
import dev.galen.examples.clinical.report.RunReport;
import dev.galen.examples.clinical.report.RunSections;
import dev.galen.examples.clinical.report.Section;
import dev.galen.examples.clinical.report.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;

/** What the sections' classifier came to. */
@SuppressWarnings("ArrayRecordComponent") // Carried, never compared.
record SectionReport(
    List<String> names,
    TaskDocuments train,
    TaskDocuments test,
    int[] truth,
    double[][] probabilities,
    List<Baselines.Measured> baselines,
    Baselines.Measured model,
    List<CurveSection.Point> curve) {
  private static final int SHOWN = 5;

  RunReport of(TaskSettings settings) throws IOException {
    var report = RunReport.builder("The section of a note's text");
    Baselines.Measured majority = baselines.getFirst();
    Baselines.Measured best = baselines.getLast();
    for (Baselines.Measured baseline : List.of(best, majority)) {
      report.summary(
          PairedComparison.of(truth, baseline, model, names.size(), settings.seed()).words());
    }
    report.measure("accuracy", model.accuracy()).measure("macroF1", model.macroF1());
    report.measure("majorityAccuracy", majority.accuracy());
    report.measure("majorityMacroF1", majority.macroF1());
    report.measure("bagOfWordsAccuracy", best.accuracy());
    report.measure("bagOfWordsMacroF1", best.macroF1());
    report.section(data(settings));
    var table = Table.of("On the test texts", "what", "accuracy", "macro-F1");
    baselines.forEach(one -> table.row(one.name(), one.accuracy(), one.macroF1()));
    report.section(
        "Beside baselines", table.row(model.name(), model.accuracy(), model.macroF1()).build());
    report.sections(ClassifierSections.of(names, truth, probabilities));
    if (!curve.isEmpty()) {
      report.section(CurveSection.of(curve));
    }
    report.section(RunSections.curves(settings.modelFolder()));
    report.section(errors());
    report.section(
        "Limits",
        new Bullets(
            "Sections that training has a few times only are hardly learned: see the figures by"
                + " class.",
            "A text's first 128 tokens are looked at.",
            "Chosen without the test texts: settings by cross-validation on training texts, the"
                + " bag of words' C likewise."));
    return report.section(RunSections.repeat(settings.command(), null)).build();
  }

  private Section data(TaskSettings settings) {
    var counts = Table.of("Texts by section", "section", "training", "test");
    List<String> learned = train.field(SectionTask.LABEL);
    for (int k = 0; k < names.size(); k++) {
      int label = k;
      String name = names.get(k);
      counts.row(
          name,
          learned.stream().filter(name::equals).count(),
          IntStream.of(truth).filter(t -> t == label).count());
    }
    var known = new HashSet<>(train.texts());
    long both = test.texts().stream().filter(known::contains).count();
    return new Section(
        "Data",
        new Paragraph(
            "%s training texts and %s test texts; %s test texts stand in training, too. %s records could not be used."
                .formatted(
                    Numbers.text(train.documents().size()),
                    Numbers.text(test.documents().size()),
                    Numbers.text(both),
                    Numbers.text(train.rejected() + test.rejected()))),
        counts.build(),
        settings.sourceTable());
  }

  private Section errors() {
    List<Integer> wrong =
        IntStream.range(0, truth.length)
            .filter(i -> model.predicted()[i] != truth[i])
            .boxed()
            .sorted((a, b) -> Double.compare(sure(b), sure(a)))
            .limit(SHOWN)
            .toList();
    var cases = new ArrayList<Examples.Case>();
    for (int i : wrong) {
      cases.add(
          new Examples.Case(
              "%s, taken for %s with probability %s"
                  .formatted(
                      names.get(truth[i]), names.get(model.predicted()[i]), Numbers.text(sure(i))),
              List.of(new Paragraph(Shortened.text(test.texts().get(i))))));
    }
    return new Section("Errors", new Examples("The errors that it was surest of.", cases));
  }

  private double sure(int i) {
    return probabilities[i][model.predicted()[i]];
  }
}
