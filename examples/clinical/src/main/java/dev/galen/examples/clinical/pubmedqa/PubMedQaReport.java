package dev.galen.examples.clinical.pubmedqa;

import dev.galen.examples.clinical.baseline.Baselines.Measured;
import dev.galen.examples.clinical.baseline.CurveSection;
import dev.galen.examples.clinical.baseline.PairedComparison;
import dev.galen.examples.clinical.learning.LossLog;
import dev.galen.examples.clinical.report.Block;
import dev.galen.examples.clinical.report.Bullets;
import dev.galen.examples.clinical.report.ClassifierSections;
import dev.galen.examples.clinical.report.Examples;
import dev.galen.examples.clinical.report.Paragraph;
import dev.galen.examples.clinical.report.RunReport;
import dev.galen.examples.clinical.report.RunSections;
import dev.galen.examples.clinical.report.Section;
import dev.galen.examples.clinical.report.Table;
import dev.galen.train.data.QuestionExample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** The report of a {@link PubMedQaRun}. */
final class PubMedQaReport {
  private static final int SHOWN = 5;
  private static final String FOLD = "/fold-0";

  private final PubMedQaRun run;
  private final PubMedQa data;
  private final OfficialSplit split;

  PubMedQaReport(PubMedQaRun run, PubMedQa data, OfficialSplit split) {
    this.run = run;
    this.data = data;
    this.split = split;
  }

  /**
   * The report.
   *
   * @param last what the models that were trained last say
   */
  RunReport of(PubMedQaRun.Figures figures, FoldModels.Result last) throws IOException {
    double[][] probabilities = last.test();
    int[] truth = PubMedQa.labels(split.test(data));
    Measured model = figures.models().getLast();
    Measured tuned = figures.baselines().getLast();
    var builder =
        RunReport.builder("PubMedQA, " + run.setting().title())
            .summary(
                String.format(
                    Locale.ROOT,
                    "%s, shown %s, has accuracy %.3f and macro-F1 %.3f on %d test records.",
                    capital(model.name()),
                    run.setting().shown(),
                    model.accuracy(),
                    model.macroF1(),
                    truth.length))
            .summary(compared(truth, tuned, model));
    if (figures.models().size() > 1) {
      builder.summary(
          "With and without pretraining: " + compared(truth, figures.models().getFirst(), model));
    }
    builder.measure("accuracy", model.accuracy()).measure("macroF1", model.macroF1());
    var table = Table.of("All on the same test records", "who", "accuracy", "macro-F1");
    for (List<Measured> group : List.of(figures.baselines(), figures.models())) {
      for (Measured one : group) {
        table.row(one.name(), one.accuracy(), one.macroF1());
        builder.measure(one.name() + ", accuracy", one.accuracy());
        builder.measure(one.name() + ", macroF1", one.macroF1());
      }
    }
    builder.measure("cpuMinutes", figures.cpuMinutes());
    builder
        .section("Data and split", dataTable(), new Paragraph("Split: " + split.source() + "."))
        .section("Beside the baselines", table.build(), new Paragraph(sentences(figures, truth)));
    if (!figures.curve().isEmpty()) {
      builder.section(CurveSection.of(figures.curve()));
    }
    return builder
        .sections(ClassifierSections.of(PubMedQa.DECISIONS, truth, probabilities))
        .section(worst(truth, probabilities))
        .section(
            "How it learned",
            new Paragraph(protocol()),
            new Paragraph(run.words()),
            new Paragraph("The seed is %d.".formatted(run.seed())),
            folds(last.held()))
        .section(curves())
        .section("Limits", limits())
        .section(RunSections.repeat(run.command(), null))
        .build();
  }

  private String sentences(PubMedQaRun.Figures figures, int[] truth) {
    var sentences = new ArrayList<String>();
    for (Measured baseline : figures.baselines()) {
      sentences.add(compared(truth, baseline, figures.models().getLast()));
    }
    return String.join(" ", sentences);
  }

  private String compared(int[] truth, Measured baseline, Measured model) {
    return PairedComparison.of(truth, baseline, model, PubMedQa.DECISIONS.size(), run.seed())
        .words();
  }

  private Table dataTable() {
    var table = Table.of("Records", "part", "yes", "no", "maybe", "all");
    row(table, "training folds", split.train(data));
    for (int fold = 0; fold < OfficialSplit.FOLDS; fold++) {
      row(table, "fold " + fold, split.part(data, fold));
    }
    row(table, "test", split.test(data));
    return table.build();
  }

  private static void row(Table.Builder table, String part, List<QuestionExample> records) {
    int[] labels = PubMedQa.labels(records);
    var cells = new ArrayList<Object>(List.of(part));
    for (int k = 0; k < PubMedQa.DECISIONS.size(); k++) {
      int label = k;
      cells.add(IntStream.of(labels).filter(l -> l == label).count());
    }
    cells.add(labels.length);
    table.row(cells.toArray());
  }

  /** What each fold's model says of the records that it did not learn from. */
  private Table folds(double[][] held) {
    List<QuestionExample> train = split.train(data);
    int[] predicted = ClassifierSections.likeliest(held);
    var table = Table.of("The last models, each on its own fold", "fold", "records", "accuracy");
    long all = 0;
    for (int fold = 0; fold < OfficialSplit.FOLDS; fold++) {
      int own = fold;
      int[] places =
          IntStream.range(0, held.length)
              .filter(i -> split.parts().get(train.get(i).id()) == own)
              .toArray();
      long right =
          IntStream.of(places).filter(i -> predicted[i] == PubMedQa.label(train.get(i))).count();
      table.row(
          "fold " + fold,
          places.length,
          places.length == 0 ? Double.NaN : (double) right / places.length);
      all += right;
    }
    return table.row("all", held.length, (double) all / held.length).build();
  }

  /** Of pretraining, and of one fold in place of ten. */
  private Section curves() throws IOException {
    var blocks = new ArrayList<Block>();
    Path output = run.output();
    Path pretraining = output.resolve(PubMedQaRun.PRETRAINING_FOLDER);
    if (run.ways() != PubMedQaRun.Ways.PRETRAINED) {
      add(
          blocks,
          "Fold 0, from random weights: ",
          output.resolve(PubMedQaRun.RANDOM_FOLDER + FOLD));
    }
    if (run.ways() != PubMedQaRun.Ways.RANDOM) {
      add(blocks, "Pretraining, words masked: ", pretraining.resolve("masked-words"));
      add(blocks, "Pretraining, artificial questions: ", pretraining.resolve("questions"));
      add(blocks, "Fold 0, pretrained: ", output.resolve(PubMedQaRun.PRETRAINED_FOLDER + FOLD));
    }
    return new Section("Curves", blocks);
  }

  private static void add(List<Block> blocks, String what, Path folder) throws IOException {
    if (LossLog.isIn(folder)) {
      blocks.add(new Paragraph(what + "the loss while training."));
      blocks.addAll(RunSections.curves(folder).blocks());
    }
  }

  private Section worst(int[] truth, double[][] probabilities) {
    List<QuestionExample> test = split.test(data);
    int[] predicted = ClassifierSections.likeliest(probabilities);
    var cases = new ArrayList<Examples.Case>();
    IntStream.range(0, truth.length)
        .filter(i -> predicted[i] != truth[i])
        .boxed()
        .sorted(Comparator.comparingDouble(i -> probabilities[i][truth[i]]))
        .limit(SHOWN)
        .forEach(i -> cases.add(shown(test.get(i), truth[i], predicted[i], probabilities[i])));
    return new Section(
        "Where it is most wrong",
        new Examples("Test records whose true decision it thinks least likely", cases));
  }

  private Examples.Case shown(QuestionExample record, int truth, int predicted, double[] p) {
    List<Block> blocks =
        List.of(
            new Paragraph(record.question()),
            new Paragraph(run.setting().text(record)),
            new Paragraph(
                String.format(
                    Locale.ROOT,
                    "Truth: %s (probability %.2f). Predicted: %s (%.2f).",
                    PubMedQa.DECISIONS.get(truth),
                    p[truth],
                    PubMedQa.DECISIONS.get(predicted),
                    p[predicted])));
    return new Examples.Case("Record " + record.id(), blocks);
  }

  private String protocol() {
    String read =
        run.ways() == PubMedQaRun.Ways.RANDOM
            ? ""
            : " Before that it read "
                + run.readFrom()
                + ": it answered questions made of the texts' own statements (the auxiliary moved to"
                + " the front; no where the statement denies, maybe where it hedges), which nobody"
                + " labelled. No test record was read.";
    return "Ten models, one a fold of the official protocol, each learning from the other nine;"
        + " the test set is answered by the mean of their probabilities. Settings were chosen on the"
        + " training folds alone. Models from random weights first learn such questions of their"
        + " own training records' statements, where the settings say so."
        + read;
  }

  private Bullets limits() {
    var limits = new ArrayList<String>();
    if (!split.official()) {
      limits.add("The split is not the official one, so figures of others are not comparable.");
    }
    limits.add(
        "A model of about a million parameters knows little medicine; it reads how an answer is"
            + " worded.");
    limits.add("Maybe is rare: its figures rest on few records.");
    limits.add("Questions of research abstracts in English; nothing is said of clinical notes.");
    return new Bullets(limits);
  }

  private static String capital(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }
}
