package dev.galen.examples.clinical.trust;

import dev.galen.examples.clinical.report.Block;
import dev.galen.examples.clinical.report.Numbers;
import dev.galen.examples.clinical.report.Paragraph;
import dev.galen.examples.clinical.report.RunReport;
import dev.galen.examples.clinical.report.Section;
import dev.galen.examples.clinical.report.Table;
import dev.galen.train.metrics.Significance;
import java.util.ArrayList;
import java.util.List;

/** A review of annotations in words and tables, without a text of the data. */
public final class ReviewReport {
  private static final int SHOWN = 50;

  private ReviewReport() {}

  /** The outcome in sentences. */
  public static List<String> words(AnnotationReview review) {
    Kappa kappa = review.kappa();
    var words = new ArrayList<String>();
    var share = Significance.wilson(kappa.agreed(), kappa.items(), 0.95);
    words.add(
        "Both annotators give the same label to %s of %s %ss (%s; 95%% interval %s to %s)."
            .formatted(
                Numbers.text(kappa.agreed()),
                Numbers.text(kappa.items()),
                review.unit(),
                Numbers.text((double) kappa.agreed() / kappa.items()),
                Numbers.text(share.low()),
                Numbers.text(share.high())));
    if (Double.isNaN(kappa.kappa())) {
      words.add("Cohen's kappa is not defined, because both gave one and the same label to all.");
    } else {
      var interval = kappa.interval();
      words.add(
          "Cohen's kappa is %s (95%% interval %s to %s): %s agreement in the words of Landis and Koch."
              .formatted(
                  Numbers.text(kappa.kappa()),
                  Numbers.text(interval.low()),
                  Numbers.text(interval.high()),
                  kappa.word()));
    }
    int missing = review.firstOnly().size() + review.secondOnly().size();
    words.add(
        missing == 0
            ? "Both files have the same %s ids.".formatted(Numbers.text(review.both()))
            : "%s ids are in both files; %s in the first alone and %s in the second alone were not compared."
                .formatted(
                    Numbers.text(review.both()),
                    Numbers.text(review.firstOnly().size()),
                    Numbers.text(review.secondOnly().size())));
    return words;
  }

  /** The report. */
  public static RunReport of(AnnotationReview review) {
    Kappa kappa = review.kappa();
    var builder = RunReport.builder("Review of annotations");
    words(review).forEach(builder::summary);
    builder.measure("kappa", kappa.kappa()).measure("kappa standard error", kappa.error());
    builder.measure("agreement", (double) kappa.agreed() / kappa.items());
    builder.section("Labels", crossed(review), byLabel(kappa));
    if (!review.categories().isEmpty()) {
      var spans =
          Table.of(
              "Places with equal bounds, by category", "category", "first", "second", "same", "F1");
      review
          .categories()
          .forEach(c -> spans.row(c.category(), c.first(), c.second(), c.same(), c.f1()));
      builder.section("Spans", spans.build());
    }
    return builder.section(disagreements(review)).build();
  }

  private static Block crossed(AnnotationReview review) {
    List<String> labels = review.kappa().labels();
    var columns = new ArrayList<String>(List.of("first"));
    labels.forEach(label -> columns.add("second: " + label));
    var table =
        Table.of(
            "How often the first annotator's label (rows) met the second's (columns), per "
                + review.unit(),
            columns.toArray(String[]::new));
    for (int i = 0; i < labels.size(); i++) {
      var row = new ArrayList<Object>(List.of(labels.get(i)));
      for (double cell : review.kappa().table().cells()[i]) {
        row.add(Math.round(cell));
      }
      table.row(row.toArray());
    }
    return table.build();
  }

  private static Block byLabel(Kappa kappa) {
    var table = Table.of("Agreement on each label (0 to 1)", "label", "agreement");
    for (int i = 0; i < kappa.labels().size(); i++) {
      table.row(kappa.labels().get(i), kappa.agreementOn(i));
    }
    return table.build();
  }

  private static Section disagreements(AnnotationReview review) {
    var pairs = Table.of("Which labels were given for one thing", "first / second", "times");
    review.confusions().forEach(pairs::row);
    var list =
        Table.of(
            review.disagreements().size() > SHOWN
                ? "The first %d disagreements".formatted(SHOWN)
                : "All disagreements",
            "id",
            "place",
            "first",
            "second");
    review.disagreements().stream()
        .limit(SHOWN)
        .forEach(
            d ->
                list.row(
                    d.id(), d.start() < 0 ? "" : d.start() + "-" + d.end(), d.first(), d.second()));
    return new Section(
        "Disagreements",
        new Paragraph("%s disagreements.".formatted(Numbers.text(review.disagreements().size()))),
        pairs.build(),
        list.build());
  }
}
