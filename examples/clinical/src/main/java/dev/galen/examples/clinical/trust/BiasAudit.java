package dev.galen.examples.clinical.trust;

import dev.galen.examples.clinical.report.ClassifierSections;
import dev.galen.train.metrics.ConfusionMatrix;
import dev.galen.train.metrics.Significance;
import dev.galen.train.metrics.Significance.Bootstrap;
import dev.galen.train.metrics.Significance.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;

/**
 * Whether a classifier does as well for each group of people, and whether its answers change when
 * the text says another gender, age or ethnic descriptor.
 */
public final class BiasAudit {
  /** Texts below which a group's figures say little. */
  public static final int FEW = 30;

  private static final double CONFIDENCE = 0.95;
  private static final int SAMPLES = 1000;

  private BiasAudit() {}

  /**
   * A text to audit on.
   *
   * @param name what names it for the reader
   * @param text the text
   * @param label the number of its class; -1 if it is not known
   * @param groups of each field its value; a field that is missing is in no group
   */
  public record Subject(String name, String text, int label, Map<String, String> groups) {}

  /**
   * The figures of one group.
   *
   * @param field such as {@code sex}
   * @param value such as {@code female}
   * @param texts how many
   * @param labelled how many of them have a label
   * @param right how many of these the model has right
   * @param accuracy Wilson's interval; null without labels
   * @param macroF1 over the classes that occur; NaN without labels
   * @param macroInterval the bootstrap's; null without labels
   * @param difference interval of the accuracy less that of all other texts of the field (Newcombe,
   *     1998); null if there are none
   * @param othersAccuracy of these
   * @param predicted how often each class was predicted
   * @param occurred how often each class occurs
   * @param found how often each class was predicted where it occurs
   */
  @SuppressWarnings("ArrayRecordComponent") // Carried, never compared.
  public record GroupFigures(
      String field,
      String value,
      int texts,
      int labelled,
      int right,
      Interval accuracy,
      double macroF1,
      Interval macroInterval,
      Interval difference,
      double othersAccuracy,
      int[] predicted,
      int[] occurred,
      int[] found) {}

  /**
   * What a kind of swap does.
   *
   * @param kind see {@link Swap#kind}
   * @param texts that have such a swap
   * @param changed of these, how many have another class afterwards
   * @param share Wilson's interval of that share
   * @param shift mean change of the probability of the class predicted before, with the paired
   *     bootstrap's interval; {@code first} is the mean before, {@code second} after
   * @param accuracy before and after, paired; null without labels
   * @param largest the swaps with the largest change of that probability, the largest first
   */
  public record SwapFigures(
      String kind,
      int texts,
      int changed,
      Interval share,
      Bootstrap shift,
      Bootstrap accuracy,
      List<Changed> largest) {}

  /**
   * A swap and what the model says to it.
   *
   * @param name of the text
   * @param swap the swap
   * @param before the class predicted for the text
   * @param after the class predicted for the other
   * @param probabilityBefore of the class predicted before
   * @param probabilityAfter the same afterwards
   */
  public record Changed(
      String name,
      Swap swap,
      int before,
      int after,
      double probabilityBefore,
      double probabilityAfter) {}

  /** The figures of each group of each field; fields and values in order. */
  public static List<GroupFigures> groups(
      List<Subject> subjects, double[][] probabilities, List<String> fields) {
    int[] predicted = ClassifierSections.likeliest(probabilities);
    int classes = probabilities[0].length;
    var all = new ArrayList<GroupFigures>();
    for (String field : fields) {
      var members = new TreeMap<String, List<Integer>>();
      for (int i = 0; i < subjects.size(); i++) {
        String value = subjects.get(i).groups().get(field);
        if (value != null) {
          members.computeIfAbsent(value, v -> new ArrayList<>()).add(i);
        }
      }
      members.forEach(
          (value, own) -> {
            var others = new ArrayList<Integer>();
            members.forEach((other, list) -> others.addAll(other.equals(value) ? List.of() : list));
            all.add(group(field, value, own, others, subjects, predicted, classes));
          });
    }
    return all;
  }

  private static GroupFigures group(
      String field,
      String value,
      List<Integer> own,
      List<Integer> others,
      List<Subject> subjects,
      int[] predicted,
      int classes) {
    var said = new int[classes];
    own.forEach(i -> said[predicted[i]]++);
    int[] known = labelled(own, subjects);
    int[] rest = labelled(others, subjects);
    int right = right(known, subjects, predicted);
    int othersRight = right(rest, subjects, predicted);
    var occurred = new int[classes];
    var found = new int[classes];
    for (int i : known) {
      int label = subjects.get(i).label();
      occurred[label]++;
      found[label] += predicted[i] == label ? 1 : 0;
    }
    boolean none = known.length == 0;
    Bootstrap macro =
        none
            ? null
            : Significance.bootstrap(
                known.length,
                drawn -> 0,
                drawn -> macroF1(known, drawn, subjects, predicted, classes),
                SAMPLES,
                0,
                CONFIDENCE);
    return new GroupFigures(
        field,
        value,
        own.size(),
        known.length,
        right,
        none ? null : Significance.wilson(right, known.length, CONFIDENCE),
        none ? Double.NaN : macro.second(),
        none ? null : macro.interval(),
        none || rest.length == 0
            ? null
            : newcombe(right, known.length, othersRight, rest.length, CONFIDENCE),
        rest.length == 0 ? Double.NaN : (double) othersRight / rest.length,
        said,
        occurred,
        found);
  }

  private static int[] labelled(List<Integer> members, List<Subject> subjects) {
    return members.stream().mapToInt(i -> i).filter(i -> subjects.get(i).label() >= 0).toArray();
  }

  private static int right(int[] members, List<Subject> subjects, int[] predicted) {
    return (int)
        Arrays.stream(members).filter(i -> subjects.get(i).label() == predicted[i]).count();
  }

  private static double macroF1(
      int[] members, int[] drawn, List<Subject> subjects, int[] predicted, int classes) {
    int[] truth = Arrays.stream(drawn).map(i -> subjects.get(members[i]).label()).toArray();
    int[] said = Arrays.stream(drawn).map(i -> predicted[members[i]]).toArray();
    return ConfusionMatrix.of(truth, said, classes).macro(Double.NaN).f1();
  }

  /**
   * The interval of the difference of two independent shares (Newcombe: "Interval estimation for
   * the difference between independent proportions", 1998, method 10), from Wilson's of each.
   */
  static Interval newcombe(
      long first, long ofFirst, long second, long ofSecond, double confidence) {
    Interval one = Significance.wilson(first, ofFirst, confidence);
    Interval other = Significance.wilson(second, ofSecond, confidence);
    double p = (double) first / ofFirst;
    double q = (double) second / ofSecond;
    return new Interval(
        p - q - Math.hypot(p - one.low(), other.high() - q),
        p - q + Math.hypot(one.high() - p, q - other.low()));
  }

  /**
   * What swaps do to the answers, by kind.
   *
   * @param shown how many of the largest changes are kept of each kind
   */
  public static List<SwapFigures> swaps(
      TextClassifier classifier, List<Subject> subjects, double[][] probabilities, int shown) {
    var texts = new ArrayList<String>();
    var swaps = new ArrayList<Swap>();
    var owners = new ArrayList<Integer>();
    for (int i = 0; i < subjects.size(); i++) {
      for (Swap swap : Swaps.of(subjects.get(i).text())) {
        swaps.add(swap);
        texts.add(swap.text());
        owners.add(i);
      }
    }
    double[][] after = texts.isEmpty() ? new double[0][] : classifier.probabilities(texts);
    SequencedMap<String, List<Integer>> byKind = new LinkedHashMap<>();
    for (int s = 0; s < swaps.size(); s++) {
      byKind.computeIfAbsent(swaps.get(s).kind(), k -> new ArrayList<>()).add(s);
    }
    int[] before = ClassifierSections.likeliest(probabilities);
    int[] then = ClassifierSections.likeliest(after);
    var figures = new ArrayList<SwapFigures>();
    byKind.forEach(
        (kind, members) -> {
          int[] own = members.stream().mapToInt(s -> s).toArray();
          var changed = new ArrayList<Changed>();
          for (int s : own) {
            int i = owners.get(s);
            changed.add(
                new Changed(
                    subjects.get(i).name(),
                    swaps.get(s),
                    before[i],
                    then[s],
                    probabilities[i][before[i]],
                    after[s][before[i]]));
          }
          int[] known = Arrays.stream(own).map(owners::get).toArray();
          boolean labelled = Arrays.stream(known).allMatch(i -> subjects.get(i).label() >= 0);
          figures.add(
              figures(
                  kind,
                  changed,
                  labelled
                      ? paired(
                          own.length,
                          n -> before[known[n]] == subjects.get(known[n]).label() ? 1 : 0,
                          n -> then[own[n]] == subjects.get(known[n]).label() ? 1 : 0)
                      : null,
                  shown));
        });
    return figures;
  }

  private static SwapFigures figures(
      String kind, List<Changed> changed, Bootstrap accuracy, int shown) {
    int flips = (int) changed.stream().filter(c -> c.before() != c.after()).count();
    Bootstrap shift =
        paired(
            changed.size(),
            n -> changed.get(n).probabilityBefore(),
            n -> changed.get(n).probabilityAfter());
    var largest = new ArrayList<>(changed);
    largest.sort(
        Comparator.comparingDouble(c -> -Math.abs(c.probabilityAfter() - c.probabilityBefore())));
    return new SwapFigures(
        kind,
        changed.size(),
        flips,
        Significance.wilson(flips, changed.size(), CONFIDENCE),
        shift,
        accuracy,
        List.copyOf(largest.subList(0, Math.min(shown, largest.size()))));
  }

  /** The paired bootstrap of two means over the same texts. */
  private static Bootstrap paired(
      int texts, IntToDoubleFunction before, IntToDoubleFunction after) {
    return Significance.bootstrap(
        texts,
        drawn -> Arrays.stream(drawn).mapToDouble(before).average().orElseThrow(),
        drawn -> Arrays.stream(drawn).mapToDouble(after).average().orElseThrow(),
        SAMPLES,
        0,
        CONFIDENCE);
  }
}
