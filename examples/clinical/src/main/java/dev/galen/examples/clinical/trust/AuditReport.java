package dev.galen.examples.clinical.trust;

import dev.galen.examples.clinical.report.Block;
import dev.galen.examples.clinical.report.Bullets;
import dev.galen.examples.clinical.report.Comparison;
import dev.galen.examples.clinical.report.Examples;
import dev.galen.examples.clinical.report.Numbers;
import dev.galen.examples.clinical.report.Paragraph;
import dev.galen.examples.clinical.report.RunReport;
import dev.galen.examples.clinical.report.Section;
import dev.galen.examples.clinical.report.Table;
import dev.galen.examples.clinical.trust.BiasAudit.Changed;
import dev.galen.examples.clinical.trust.BiasAudit.GroupFigures;
import dev.galen.examples.clinical.trust.BiasAudit.SwapFigures;
import dev.galen.train.metrics.Significance;
import dev.galen.train.metrics.Significance.Interval;
import java.util.ArrayList;
import java.util.List;

/** An audit in words and tables. */
public final class AuditReport {
  private static final double CONFIDENCE = 0.95;

  private AuditReport() {}

  /** The outcome in sentences: one for each group, one for each kind of swap. */
  public static List<String> words(List<GroupFigures> groups, List<SwapFigures> swaps) {
    var words = new ArrayList<String>();
    for (GroupFigures group : groups) {
      if (group.difference() == null) {
        continue;
      }
      String few =
          group.labelled() < BiasAudit.FEW
              ? " With %d texts this says little.".formatted(group.labelled())
              : "";
      words.add(
          new Comparison(
                      "accuracy",
                      "the model on %s %s".formatted(group.field(), group.value()),
                      "on the others",
                      (double) group.right() / group.labelled(),
                      group.othersAccuracy(),
                      group.difference(),
                      CONFIDENCE,
                      false)
                  .text()
              + few);
    }
    for (SwapFigures swap : swaps) {
      words.add(
          "With the %s the model gives another class to %d of %d texts (%s; 95%% interval %s to %s)."
              .formatted(
                  changed(swap),
                  swap.changed(),
                  swap.texts(),
                  Numbers.text((double) swap.changed() / swap.texts()),
                  Numbers.text(swap.share().low()),
                  Numbers.text(swap.share().high())));
    }
    if (swaps.isEmpty()) {
      words.add("No text tells a gender, an age or an ethnic descriptor that could be exchanged.");
    }
    return words;
  }

  private static String changed(SwapFigures swap) {
    return swap.kind().startsWith(Swaps.ETHNICITY)
        ? "ethnic descriptor changed to " + swap.kind().substring(Swaps.ETHNICITY.length())
        : swap.kind() + " changed";
  }

  /** The report. */
  public static RunReport of(
      List<GroupFigures> groups, List<SwapFigures> swaps, List<String> classes, int texts) {
    var report = RunReport.builder("Bias audit over %s texts".formatted(Numbers.text(texts)));
    words(groups, swaps).forEach(report::summary);
    if (!groups.isEmpty()) {
      report.section(
          "Groups", accuracies(groups), predicted(groups, classes), recalls(groups, classes));
    }
    if (!swaps.isEmpty()) {
      report.section(swaps(swaps, classes));
    }
    return report
        .section(
            "Limits",
            new Bullets(
                "All intervals hold 95 of 100 times each; of twenty comparisons one may stray by"
                    + " chance alone.",
                "A difference between groups may come from the texts, the labels or the model; the"
                    + " audit does not tell which.",
                "Swaps change words, not the rest of what a text says of a person: given names stay,"
                    + " and texts about what one sex alone has are left out of the swap of gender.",
                "Groups that are not among the fields, and biases that no word shows, are not"
                    + " looked at."))
        .build();
  }

  private static Block accuracies(List<GroupFigures> groups) {
    var table =
        Table.of(
            "How often the model is right, with 95% intervals; the difference is to all other texts of the field",
            "group",
            "texts",
            "labelled",
            "accuracy",
            "from",
            "to",
            "macro-F1",
            "from",
            "to",
            "difference",
            "from",
            "to");
    for (GroupFigures g : groups) {
      double accuracy = g.labelled() == 0 ? Double.NaN : (double) g.right() / g.labelled();
      table.row(
          name(g),
          g.texts(),
          g.labelled(),
          number(accuracy),
          low(g.accuracy()),
          high(g.accuracy()),
          number(g.macroF1()),
          low(g.macroInterval()),
          high(g.macroInterval()),
          g.difference() == null ? null : number(accuracy - g.othersAccuracy()),
          low(g.difference()),
          high(g.difference()));
    }
    return table.build();
  }

  private static Object number(double value) {
    return Double.isNaN(value) ? null : (Object) value;
  }

  private static Object low(Interval interval) {
    return interval == null ? null : (Object) interval.low();
  }

  private static Object high(Interval interval) {
    return interval == null ? null : (Object) interval.high();
  }

  private static String name(GroupFigures group) {
    return group.field() + ": " + group.value();
  }

  private static Block predicted(List<GroupFigures> groups, List<String> classes) {
    var table =
        Table.of(
            "How often each class is predicted", "group", "class", "times", "share", "from", "to");
    for (GroupFigures g : groups) {
      for (int k = 0; k < classes.size(); k++) {
        row(table, name(g), classes.get(k), g.predicted()[k], g.texts());
      }
    }
    return table.build();
  }

  private static Block recalls(List<GroupFigures> groups, List<String> classes) {
    var table =
        Table.of(
            "How often each class is found where it is true",
            "group",
            "class",
            "found",
            "share",
            "from",
            "to");
    for (GroupFigures g : groups) {
      for (int k = 0; k < classes.size(); k++) {
        row(table, name(g), classes.get(k), g.found()[k], g.occurred()[k]);
      }
    }
    return table.build();
  }

  private static void row(Table.Builder table, String group, String name, int times, int of) {
    if (of == 0) {
      table.row(group, name, times, null, null, null);
    } else {
      Interval share = Significance.wilson(times, of, CONFIDENCE);
      table.row(group, name, times, (double) times / of, share.low(), share.high());
    }
  }

  private static Section swaps(List<SwapFigures> swaps, List<String> classes) {
    var blocks = new ArrayList<Block>();
    blocks.add(
        new Paragraph(
            "Each text is given to the model again with words exchanged. The mean probability is"
                + " that of the class that was predicted before."));
    var table =
        Table.of(
            "What the exchange does",
            "exchanged",
            "texts",
            "other class",
            "share",
            "from",
            "to",
            "mean probability before",
            "after",
            "change from",
            "to");
    for (SwapFigures s : swaps) {
      table.row(
          s.kind(),
          s.texts(),
          s.changed(),
          (double) s.changed() / s.texts(),
          s.share().low(),
          s.share().high(),
          s.shift().first(),
          s.shift().second(),
          s.shift().interval().low(),
          s.shift().interval().high());
    }
    blocks.add(table.build());
    for (SwapFigures s : swaps) {
      if (s.accuracy() != null) {
        blocks.add(
            Comparison.of(
                    "accuracy",
                    "the model with the " + changed(s),
                    "on the texts as they are",
                    s.accuracy(),
                    CONFIDENCE)
                .paragraph());
      }
      var cases = new ArrayList<Examples.Case>();
      s.largest().forEach(changed -> cases.add(example(changed, classes)));
      blocks.add(new Examples("The largest changes with the " + changed(s), cases));
    }
    return new Section("Counterfactual swaps", blocks);
  }

  private static Examples.Case example(Changed changed, List<String> classes) {
    String what =
        "Before: %s (%s). After: %s; the probability of %s is %s then."
            .formatted(
                classes.get(changed.before()),
                Numbers.text(changed.probabilityBefore()),
                classes.get(changed.after()),
                classes.get(changed.before()),
                Numbers.text(changed.probabilityAfter()));
    return new Examples.Case(changed.name(), List.of(new Paragraph(what), changed.swap().marked()));
  }
}
