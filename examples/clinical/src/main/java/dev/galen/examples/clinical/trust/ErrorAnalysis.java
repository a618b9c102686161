package dev.galen.examples.clinical.trust;

import dev.galen.examples.clinical.report.Block;
import dev.galen.examples.clinical.report.ClassifierSections;
import dev.galen.examples.clinical.report.Examples;
import dev.galen.examples.clinical.report.Numbers;
import dev.galen.examples.clinical.report.Paragraph;
import dev.galen.examples.clinical.report.RunReport;
import dev.galen.examples.clinical.report.Section;
import dev.galen.examples.clinical.report.Table;
import dev.galen.examples.clinical.trust.BiasAudit.Subject;
import dev.galen.examples.clinical.trust.Explainer.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * What a classifier gets wrong, and why: figures, confusions, and the worst cases with their text,
 * their class, the predicted one, and how much each token speaks for the prediction.
 */
public final class ErrorAnalysis {
  private static final int WORDS = 20;

  private final TextClassifier classifier;
  private final List<Subject> subjects;
  private final double[][] probabilities;
  private final int[] predicted;

  /**
   * Of labelled texts.
   *
   * @param probabilities of the classes, {@code [texts, classes]}
   */
  public ErrorAnalysis(
      TextClassifier classifier, List<Subject> subjects, double[][] probabilities) {
    for (Subject subject : subjects) {
      if (subject.label() < 0) {
        throw new IllegalArgumentException(subject.name() + ": has no label");
      }
    }
    this.classifier = classifier;
    this.subjects = List.copyOf(subjects);
    this.probabilities = probabilities;
    this.predicted = ClassifierSections.likeliest(probabilities);
  }

  /** The texts that the model has wrong, those first whose class it takes for the least likely. */
  public List<Integer> worst() {
    return IntStream.range(0, predicted.length)
        .filter(i -> predicted[i] != subjects.get(i).label())
        .boxed()
        .sorted(Comparator.comparingDouble(i -> probabilities[i][subjects.get(i).label()]))
        .toList();
  }

  /**
   * The report.
   *
   * @param shown of the worst cases, how many are explained
   */
  public RunReport report(int shown, Baseline baseline) {
    int[] truth = subjects.stream().mapToInt(Subject::label).toArray();
    List<Integer> wrong = worst();
    var report = RunReport.builder("Errors of a classifier");
    report.summary(
        "The model has %s of %s texts wrong."
            .formatted(Numbers.text(wrong.size()), Numbers.text(truth.length)));
    report.measure("accuracy", 1 - (double) wrong.size() / truth.length);
    report.sections(ClassifierSections.of(classifier.classes(), truth, probabilities));
    if (!wrong.isEmpty()) {
      report.section("Which errors", confusions(wrong), confidence(wrong));
      report.sections(cases(wrong.subList(0, Math.min(shown, wrong.size())), baseline));
    }
    return report.build();
  }

  private Block confusions(List<Integer> wrong) {
    var counts = new TreeMap<String, Integer>();
    for (int i : wrong) {
      String pair = name(subjects.get(i).label()) + " taken for " + name(predicted[i]);
      counts.merge(pair, 1, Integer::sum);
    }
    var table = Table.of("Errors by kind, the most frequent first", "error", "times", "share");
    counts.entrySet().stream()
        .sorted((a, b) -> b.getValue() - a.getValue())
        .forEach(e -> table.row(e.getKey(), e.getValue(), (double) e.getValue() / wrong.size()));
    return table.build();
  }

  private Block confidence(List<Integer> wrong) {
    long sure = wrong.stream().filter(i -> probabilities[i][predicted[i]] >= 0.9).count();
    return new Paragraph(
        "In %s of them the model was at least 90%% sure of its answer."
            .formatted(Numbers.text(sure)));
  }

  private List<Section> cases(List<Integer> worst, Baseline baseline) {
    var explainer = new Explainer(classifier.model(), classifier.tokenizer(), baseline);
    var cases = new ArrayList<Examples.Case>();
    var sums = new TreeMap<String, double[]>();
    int incomplete = 0;
    for (int i : worst) {
      Explanation why =
          explainer.explain(
              subjects.get(i).text(),
              OptionalInt.of(predicted[i]),
              Method.INTEGRATED_GRADIENTS,
              Shapley.ORDERS,
              0);
      incomplete += why.attribution().isComplete() ? 0 : 1;
      for (int t = 0; t < why.tokens().size(); t++) {
        String token = why.tokens().get(t).text().strip().toLowerCase(Locale.ROOT);
        double[] sum = sums.computeIfAbsent(token, k -> new double[2]);
        sum[0] += why.attribution().weights()[t];
        sum[1]++;
      }
      cases.add(example(i, why));
    }
    var words =
        Table.of(
            "Tokens that speak most for wrong answers, over the cases above",
            "token",
            "times",
            "sum of weights (logits)");
    sums.entrySet().stream()
        .filter(e -> !e.getKey().isEmpty())
        .sorted(Comparator.comparingDouble(e -> -e.getValue()[0]))
        .limit(WORDS)
        .forEach(e -> words.row(e.getKey(), (int) e.getValue()[1], e.getValue()[0]));
    return List.of(
        new Section(
            "Worst cases",
            new Paragraph(
                "Those whose true class the model takes for the least likely. Weights are integrated"
                    + " gradients of the logit of the predicted class, against %s at each token; %s"
                        .formatted(
                            baseline.name(),
                            incomplete == 0
                                ? "all are complete."
                                : incomplete + " are not complete and say so.")),
            new Examples("The worst first.", cases),
            words.build()));
  }

  private Examples.Case example(int i, Explanation why) {
    var table = Table.of("What the model says", "class", "probability", "");
    for (int k = 0; k < classifier.classes().size(); k++) {
      String note = k == subjects.get(i).label() ? "true" : k == predicted[i] ? "predicted" : "";
      table.row(name(k), probabilities[i][k], note);
    }
    var blocks = new ArrayList<Block>(List.of(why.marked(), table.build()));
    if (!why.attribution().isComplete() || why.left() > 0) {
      blocks.add(new Paragraph(why.words()));
    }
    return new Examples.Case(
        "%s: %s, predicted %s"
            .formatted(subjects.get(i).name(), name(subjects.get(i).label()), name(predicted[i])),
        blocks);
  }

  private String name(int label) {
    return classifier.classes().get(label);
  }
}
