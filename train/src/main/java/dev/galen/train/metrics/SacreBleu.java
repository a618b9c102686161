package dev.galen.train.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * BLEU on raw text as sacrebleu computes it (0 to 100), by default with its tokenizer "13a", case
 * kept, up to 4-grams, exponential smoothing (Post, "A Call for Clarity in Reporting BLEU Scores",
 * WMT 2018). The numbers are comparable between papers, which those of {@link Bleu} are only when
 * the tokens are; {@link Settings#signature} says what was counted, as sacrebleu writes it.
 *
 * <p>An order longer than every hypothesis makes a corpus score 0; {@link #sentence(List, String)}
 * leaves such orders out ("effective order").
 */
public final class SacreBleu {

  /** The release of sacrebleu whose numbers these are; its signatures end with it. */
  public static final String VERSION = "2.6.0";

  private SacreBleu() {}

  /**
   * What stands in the place of a precision that is zero (Chen and Cherry, "A Systematic Comparison
   * of Smoothing Techniques for Sentence-Level BLEU", WMT 2014).
   */
  public enum SmoothMethod {
    /** Nothing: without a match of some order the score is 0. */
    NONE("none", OptionalDouble.empty()),
    /** p<sub>n</sub> = 100 · value / l<sub>n</sub>, by default 0.1. */
    FLOOR("floor", OptionalDouble.of(0.1)),
    /** The value, by default 1, is added to matches and totals of bigrams and on. */
    ADD_K("add-k", OptionalDouble.of(1)),
    /** The k-th order without a match has 100 / (2<sup>k</sup> l<sub>n</sub>), as NIST's script. */
    EXP("exp", OptionalDouble.empty());

    private final String label;
    private final OptionalDouble standard;

    SmoothMethod(String label, OptionalDouble standard) {
      this.label = label;
      this.standard = standard;
    }

    /** The name in sacrebleu's signature, such as {@code add-k}. */
    public String label() {
      return label;
    }

    /** The method of that name. */
    public static SmoothMethod named(String label) {
      for (var method : values()) {
        if (method.label.equals(label.toLowerCase(Locale.ROOT).replace('_', '-'))) {
          return method;
        }
      }
      throw new IllegalArgumentException(
          "there is no smoothing \"" + label + "\"; there are none, floor, add-k and exp");
    }
  }

  /**
   * What is counted, and how.
   *
   * @param lowercase compares lower case letters
   * @param tokenizer makes words of texts
   * @param smoothing stands in for precisions that are zero
   * @param smoothValue of {@link SmoothMethod#FLOOR} and {@link SmoothMethod#ADD_K}; empty for the
   *     method's own
   * @param maxOrder the longest n-grams, at least 1
   * @param effectiveOrder leaves out the orders that no hypothesis is long enough for
   */
  public record Settings(
      boolean lowercase,
      BleuTokenizer tokenizer,
      SmoothMethod smoothing,
      OptionalDouble smoothValue,
      int maxOrder,
      boolean effectiveOrder) {

    /** sacrebleu's defaults. */
    public static final Settings DEFAULT =
        new Settings(false, BleuTokenizer.V13A, SmoothMethod.EXP, OptionalDouble.empty(), 4, false);

    /** Refuses an order below 1 and a value that the smoothing does not have or cannot take. */
    public Settings {
      if (maxOrder < 1) {
        throw new IllegalArgumentException("BLEU needs an order of at least 1, got " + maxOrder);
      }
      if (smoothValue.isPresent() && smoothing.standard.isEmpty()) {
        throw new IllegalArgumentException(
            "the smoothing \"%s\" has no value, got %s; floor and add-k have one"
                .formatted(smoothing.label, smoothValue.getAsDouble()));
      }
      if (smoothValue.isPresent() && !(smoothValue.getAsDouble() >= 0)) {
        throw new IllegalArgumentException(
            "the smoothing's value must be at least 0, got " + smoothValue.getAsDouble());
      }
    }

    /** These with or without {@link #effectiveOrder}. */
    public Settings withEffectiveOrder(boolean effective) {
      return new Settings(lowercase, tokenizer, smoothing, smoothValue, maxOrder, effective);
    }

    double value() {
      return smoothValue.orElse(smoothing.standard.orElse(0));
    }

    /**
     * sacrebleu's signature, such as {@code
     * nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0}.
     *
     * @param references of each hypothesis
     */
    public String signature(List<? extends List<String>> references) {
      var smooth = smoothing.label;
      if (smoothing.standard.isPresent()) {
        smooth += String.format(Locale.ROOT, "[%.2f]", value());
      }
      return "nrefs:%s|case:%s|eff:%s|tok:%s|smooth:%s|version:%s"
          .formatted(
              numberOfReferences(references),
              lowercase ? "lc" : "mixed",
              effectiveOrder ? "yes" : "no",
              tokenizer.label(),
              smooth,
              VERSION);
    }
  }

  /**
   * A score and what it is made of.
   *
   * @param score BLEU, 0 to 100
   * @param precisions of the orders from 1 on after smoothing, 0 to 100
   * @param brevityPenalty 0 to 1
   * @param hypothesisLength tokens of all hypotheses
   * @param referenceLength tokens of the closest references
   * @param counts clipped matches of the orders from 1 on, without smoothing
   * @param totals n-grams in the hypotheses of the orders from 1 on, without smoothing
   */
  public record Score(
      double score,
      List<Double> precisions,
      double brevityPenalty,
      long hypothesisLength,
      long referenceLength,
      List<Long> counts,
      List<Long> totals) {

    /** Copies the lists. */
    public Score {
      precisions = List.copyOf(precisions);
      counts = List.copyOf(counts);
      totals = List.copyOf(totals);
    }

    /** The matches as sacrebleu reports them: with what {@link SmoothMethod#ADD_K} adds. */
    public List<Double> smoothedCounts(Settings settings) {
      return smoothed(counts, settings);
    }

    /** The n-grams as sacrebleu reports them. */
    public List<Double> smoothedTotals(Settings settings) {
      return smoothed(totals, settings);
    }

    private List<Double> smoothed(List<Long> values, Settings settings) {
      boolean add = settings.smoothing == SmoothMethod.ADD_K && counts.getFirst() > 0;
      var smoothed = new ArrayList<Double>();
      for (int n = 0; n < values.size(); n++) {
        smoothed.add(values.get(n) + (add && n > 0 ? settings.value() : 0));
      }
      return smoothed;
    }
  }

  /**
   * The score of one hypothesis by the defaults, with effective order.
   *
   * @param references at least one text
   * @param hypothesis a text, possibly empty
   */
  public static Score sentence(List<String> references, String hypothesis) {
    return sentence(references, hypothesis, Settings.DEFAULT.withEffectiveOrder(true));
  }

  /** The score of one hypothesis; effective order is as the settings say. */
  public static Score sentence(List<String> references, String hypothesis, Settings settings) {
    return corpus(List.of(references), List.of(hypothesis), settings);
  }

  /**
   * The score of a corpus by the defaults.
   *
   * @param references for each hypothesis its references, at least one
   * @param hypotheses at least one text
   */
  public static Score corpus(List<List<String>> references, List<String> hypotheses) {
    return corpus(references, hypotheses, Settings.DEFAULT);
  }

  /** The score of a corpus. */
  public static Score corpus(
      List<List<String>> references, List<String> hypotheses, Settings settings) {
    Bleu.requireCorpus(references, hypotheses);
    int orders = settings.maxOrder;
    var matches = new long[orders];
    var totals = new long[orders];
    long hypothesisLength = 0;
    long referenceLength = 0;
    for (int s = 0; s < hypotheses.size(); s++) {
      var hypothesis = words(hypotheses.get(s), settings);
      var tokenized = references.get(s).stream().map(text -> words(text, settings)).toList();
      hypothesisLength += hypothesis.size();
      referenceLength += NGrams.closestLength(tokenized, hypothesis.size());
      for (int i = 0; i < orders; i++) {
        matches[i] += NGrams.clippedMatches(tokenized, hypothesis, i + 1);
        totals[i] += NGrams.total(hypothesis.size(), i + 1);
      }
    }
    double penalty = Bleu.brevityPenalty(hypothesisLength, referenceLength);
    var precisions = new double[orders];
    double bleu = matches[0] == 0 ? 0 : penalty * mean(matches, totals, settings, precisions);
    return new Score(
        bleu,
        boxed(precisions),
        penalty,
        hypothesisLength,
        referenceLength,
        boxed(matches),
        boxed(totals));
  }

  /** The words of a text by the tokenizer "13a". */
  public static List<String> tokenize(String text) {
    return BleuTokenizer.V13A.words(text);
  }

  /** What {@code nrefs} says: how many references each hypothesis has, or "var". */
  static String numberOfReferences(List<? extends List<String>> references) {
    long sizes = references.stream().mapToInt(List::size).distinct().count();
    return sizes == 1 ? String.valueOf(references.getFirst().size()) : "var";
  }

  private static List<String> words(String text, Settings settings) {
    return settings.tokenizer.words(settings.lowercase ? text.toLowerCase(Locale.ROOT) : text);
  }

  /** The geometric mean of the orders' precisions, which are written to {@code precisions}. */
  private static double mean(
      long[] matches, long[] totals, Settings settings, double[] precisions) {
    double value = settings.value();
    double halving = 1;
    int orders = settings.maxOrder;
    for (int i = 0; i < precisions.length; i++) {
      boolean add = settings.smoothing == SmoothMethod.ADD_K && i > 0;
      double hits = matches[i] + (add ? value : 0);
      double total = totals[i] + (add ? value : 0);
      if (total == 0) {
        break;
      }
      if (settings.effectiveOrder) {
        orders = i + 1;
      }
      if (hits > 0) {
        precisions[i] = 100 * hits / total;
      } else if (settings.smoothing == SmoothMethod.EXP) {
        halving *= 2;
        precisions[i] = 100 / (halving * total);
      } else if (settings.smoothing == SmoothMethod.FLOOR) {
        precisions[i] = 100 * value / total;
      }
    }
    double logSum = 0;
    for (int i = 0; i < orders; i++) {
      logSum += Math.log(precisions[i]);
    }
    return Math.exp(logSum / orders);
  }

  private static List<Double> boxed(double[] values) {
    var list = new ArrayList<Double>(values.length);
    for (double value : values) {
      list.add(value);
    }
    return list;
  }

  private static List<Long> boxed(long[] values) {
    var list = new ArrayList<Long>(values.length);
    for (long value : values) {
      list.add(value);
    }
    return list;
  }
}
