package dev.galen.train.preference;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A loss over pairs of completions, as TRL 1.13's {@code DPOTrainer} names and computes it: the
 * mean over pairs. Below, c and r are a pair's {@link PreferencePair#chosenRatio} and {@link
 * PreferencePair#rejectedRatio}, d = c - r, s the logistic function and β the strength with which
 * the reference holds the policy.
 *
 * <p>A model's gradient follows from the derivatives by the log-probabilities of its completions:
 * {@link Gradient}.
 *
 * @param kind which loss
 * @param beta β, above 0; 0.1 is usual
 * @param labelSmoothing ε: how likely a pair is the wrong way round, 0 to below 0.5; of a kind that
 *     {@link Kind#smooths}
 * @param tau τ of {@link Kind#DISCOPOP}, above 0; 0.05 is usual
 */
public record PreferenceLoss(Kind kind, double beta, double labelSmoothing, double tau) {
  /** TRL's τ. */
  public static final double TAU = 0.05;

  /** Which loss; the names are TRL's in capital letters. */
  public enum Kind {
    /**
     * {@code -(1 - ε) ln s(β d) - ε ln s(-β d)} (Rafailov et al., "Direct Preference Optimization",
     * 2023). TRL 1.13 ignores ε here.
     */
    SIGMOID,
    /** {@code (-(1 - ε) ln s(β d) + ε ln s(-β d)) / (1 - 2ε)} (Chowdhury et al., 2024). */
    ROBUST,
    /** {@code max(0, 1 - β d)} (Zhao et al., "SLiC-HF", 2023). */
    HINGE,
    /**
     * {@code (c / |chosen| - r / |rejected| - 1 / 2β)²} (Azar et al., "A General Theoretical
     * Paradigm to Understand Learning from Human Preferences", 2023), by length as TRL has it.
     */
    IPO,
    /**
     * {@code s(β d) (ln s(β d) - ln(1 - ε)) + s(-β d) (ln s(-β d) - ln ε)} (Ji et al., "Towards
     * Efficient Exact Optimization of Language Model Alignment", 2024); ε above 0.
     */
    EXO_PAIR,
    /** {@code -ln s(β c) - ln s(-β c) / 2 - ln s(-β r) / 2} (Chen et al., 2024). */
    NCA_PAIR,
    /** {@code 1 - s(β c) + s(β r)} (D'Oosterlinck et al., "Anchored Preference", 2024). */
    APO_ZERO,
    /** {@code s(β c) + 1 - s(β d)}, for a policy better than both completions (the same). */
    APO_DOWN,
    /** {@code -ln s(β c) - ln s(-β r)} (Jung et al., "Binary Classifier Optimization", 2024). */
    BCO_PAIR,
    /** {@code (c - 1 / 2β)² + (r + 1 / 2β)²} (Wu et al., "Self-Play Preference", 2024). */
    SPPO_HARD,
    /**
     * {@link #SIGMOID} of differences {@code u - v}: u are the policy's ln p of the better
     * completions less those of the worse ones, v the reference's, and the smallest u of the batch
     * meets the smallest v, and so on (Melnyk et al., "Alignment via Optimal Transport", 2024).
     */
    AOT,
    /** The same with c for u and r for v: no completion needs another beside it. */
    AOT_UNPAIRED,
    /**
     * {@code -(1 - m) ln s(β d) + m exp(-β d)} with {@code m = s(β d / τ)} (Lu et al., "Discovering
     * Preference Optimization Algorithms with and for Large Language Models", 2024).
     */
    DISCOPOP,
    /** {@link #SIGMOID} with each ratio divided by its completion's length. */
    SIGMOID_NORM,
    /** {@code -Σ ln p / Σ tokens} of the better completions: no preference. */
    SFT,
    /**
     * {@code -β ln s(o)}, where o are the log odds of both completions' mean probabilities a token
     * (Hong, Lee and Thorne, "ORPO", 2024). It needs no reference, and the loss of the better text
     * is to be added to it.
     */
    ORPO;

    /** Whether it has a label smoothing. */
    public boolean smooths() {
      return this == SIGMOID
          || this == ROBUST
          || this == EXO_PAIR
          || this == AOT
          || this == AOT_UNPAIRED;
    }

    /** Whether a reference's log-probabilities are in it. */
    public boolean needsReference() {
      return this != SFT && this != ORPO;
    }

    /** Its name in TRL: {@code sigmoid_norm}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The kind of that name. */
    public static Kind named(String name) {
      for (Kind kind : values()) {
        if (kind.name().equals(name.toUpperCase(Locale.ROOT))) {
          return kind;
        }
      }
      throw new IllegalArgumentException(
          "there is no preference loss \"%s\"; there are %s"
              .formatted(name, List.of(values()).toString().toLowerCase(Locale.ROOT)));
    }
  }

  /**
   * A loss, and its derivatives by the policy's log-probabilities.
   *
   * @param loss the mean over pairs
   * @param perPair of each pair; of {@link Kind#AOT} and {@link Kind#AOT_UNPAIRED} by rank
   * @param byChosen d loss / d ln p of each better completion
   * @param byRejected the same of each worse one
   */
  @SuppressWarnings("ArrayRecordComponent") // Carried, never compared.
  public record Gradient(double loss, double[] perPair, double[] byChosen, double[] byRejected) {

    /** This and {@code weight} times {@code other}, over the same pairs. */
    public Gradient plus(double weight, Gradient other) {
      return new Gradient(
          loss + weight * other.loss,
          sum(perPair, weight, other.perPair),
          sum(byChosen, weight, other.byChosen),
          sum(byRejected, weight, other.byRejected));
    }

    private static double[] sum(double[] values, double weight, double[] others) {
      var sums = values.clone();
      for (int i = 0; i < sums.length; i++) {
        sums[i] += weight * others[i];
      }
      return sums;
    }
  }

  /** Loss and derivatives of one pair, as if it were alone. */
  private record Term(double loss, double byChosen, double byRejected) {}

  /** Refuses a β that is not positive, and an ε that the kind does not have or cannot take. */
  public PreferenceLoss {
    if (!(beta > 0) || Double.isInfinite(beta)) {
      throw new IllegalArgumentException("beta is " + beta + ", must be above 0");
    }
    if (!(tau > 0) || Double.isInfinite(tau)) {
      throw new IllegalArgumentException("tau is " + tau + ", must be above 0");
    }
    boolean smooths = kind.smooths();
    boolean fits = labelSmoothing >= 0 && labelSmoothing < 0.5;
    if (!fits || (labelSmoothing > 0 && !smooths)) {
      throw new IllegalArgumentException(
          "label smoothing is %s, must be %s for %s"
              .formatted(labelSmoothing, smooths ? "0 to below 0.5" : "0", kind));
    }
    if (kind == Kind.EXO_PAIR && labelSmoothing == 0) {
      throw new IllegalArgumentException(
          "label smoothing is 0, must be above 0 for EXO_PAIR; 0.001 is usual");
    }
  }

  /** With TRL's τ. */
  public PreferenceLoss(Kind kind, double beta, double labelSmoothing) {
    this(kind, beta, labelSmoothing, TAU);
  }

  /** Without label smoothing, except for {@link Kind#EXO_PAIR}'s 0.001. */
  public static PreferenceLoss of(Kind kind, double beta) {
    return new PreferenceLoss(kind, beta, kind == Kind.EXO_PAIR ? 1e-3 : 0);
  }

  /** The loss over pairs, of which there is at least one, and its derivatives. */
  public Gradient of(List<PreferencePair> pairs) {
    if (pairs.isEmpty()) {
      throw new IllegalArgumentException("a preference loss needs a pair, got none");
    }
    if (kind == Kind.AOT || kind == Kind.AOT_UNPAIRED) {
      return transported(pairs);
    }
    int n = pairs.size();
    double tokens = pairs.stream().mapToDouble(PreferencePair::chosenLength).sum();
    var perPair = new double[n];
    var byChosen = new double[n];
    var byRejected = new double[n];
    double sum = 0;
    for (int i = 0; i < n; i++) {
      // By tokens, not by pairs: the mean over pairs of this is the mean over all tokens.
      Term term =
          kind == Kind.SFT
              ? new Term(-pairs.get(i).policyChosen() * n / tokens, -n / tokens, 0)
              : term(pairs.get(i));
      perPair[i] = term.loss;
      byChosen[i] = term.byChosen / n;
      byRejected[i] = term.byRejected / n;
      sum += term.loss;
    }
    return new Gradient(sum / n, perPair, byChosen, byRejected);
  }

  private Term term(PreferencePair pair) {
    double c = pair.chosenRatio();
    double r = pair.rejectedRatio();
    double margin = beta * (c - r);
    return switch (kind) {
      case SIGMOID -> conservative(margin);
      case ROBUST -> {
        double e = labelSmoothing;
        double loss = -(1 - e) * logistic(margin) + e * logistic(-margin);
        double slope = -(1 - e) * sigmoid(-margin) - e * sigmoid(margin);
        yield ofDifference(loss / (1 - 2 * e), slope / (1 - 2 * e));
      }
      case HINGE -> ofDifference(Math.max(0, 1 - margin), margin < 1 ? -1 : 0);
      case EXO_PAIR -> {
        double right = Math.log(1 - labelSmoothing);
        double wrong = Math.log(labelSmoothing);
        double loss =
            sigmoid(margin) * (logistic(margin) - right)
                + sigmoid(-margin) * (logistic(-margin) - wrong);
        yield ofDifference(loss, slope(margin) * (margin - right + wrong));
      }
      case IPO -> {
        double apart = c / pair.chosenLength() - r / pair.rejectedLength() - 1 / (2 * beta);
        yield new Term(
            apart * apart, 2 * apart / pair.chosenLength(), -2 * apart / pair.rejectedLength());
      }
      case SIGMOID_NORM -> {
        double each = beta * (c / pair.chosenLength() - r / pair.rejectedLength());
        double slope = -beta * sigmoid(-each);
        yield new Term(
            -logistic(each), slope / pair.chosenLength(), -slope / pair.rejectedLength());
      }
      case NCA_PAIR ->
          new Term(
              -logistic(beta * c) - (logistic(-beta * c) + logistic(-beta * r)) / 2,
              beta * (sigmoid(beta * c) / 2 - sigmoid(-beta * c)),
              beta * sigmoid(beta * r) / 2);
      case APO_ZERO ->
          new Term(
              1 - sigmoid(beta * c) + sigmoid(beta * r),
              -beta * slope(beta * c),
              beta * slope(beta * r));
      case APO_DOWN ->
          new Term(
              sigmoid(beta * c) + 1 - sigmoid(margin),
              beta * (slope(beta * c) - slope(margin)),
              beta * slope(margin));
      case BCO_PAIR ->
          new Term(
              -logistic(beta * c) - logistic(-beta * r),
              -beta * sigmoid(-beta * c),
              beta * sigmoid(beta * r));
      case SPPO_HARD -> {
        double won = c - 0.5 / beta;
        double lost = r + 0.5 / beta;
        yield new Term(won * won + lost * lost, 2 * won, 2 * lost);
      }
      case DISCOPOP -> discovered(margin);
      case ORPO -> odds(pair);
      case SFT, AOT, AOT_UNPAIRED -> throw new IllegalStateException("not of one pair alone");
    };
  }

  private Term conservative(double margin) {
    double e = labelSmoothing;
    double loss = -(1 - e) * logistic(margin) - e * logistic(-margin);
    return ofDifference(loss, e * sigmoid(margin) - (1 - e) * sigmoid(-margin));
  }

  private Term discovered(double margin) {
    double share = sigmoid(margin / tau);
    double steepness = slope(margin / tau) / tau;
    double exponential = Math.exp(-margin);
    double loss = -(1 - share) * logistic(margin) + share * exponential;
    double byShare = logistic(margin) + exponential;
    return ofDifference(
        loss, -(1 - share) * sigmoid(-margin) - share * exponential + byShare * steepness);
  }

  /** Differences of sorted numbers; each pair's derivative is that of the rank it has. */
  private Gradient transported(List<PreferencePair> pairs) {
    int n = pairs.size();
    boolean paired = kind == Kind.AOT;
    var first = new double[n];
    var second = new double[n];
    for (int i = 0; i < n; i++) {
      PreferencePair pair = pairs.get(i);
      first[i] = paired ? pair.policyChosen() - pair.policyRejected() : pair.chosenRatio();
      second[i] = paired ? pair.referenceChosen() - pair.referenceRejected() : pair.rejectedRatio();
    }
    int[] ofFirst = ranked(first);
    int[] ofSecond = ranked(second);
    var perPair = new double[n];
    var byChosen = new double[n];
    var byRejected = new double[n];
    double sum = 0;
    for (int k = 0; k < n; k++) {
      Term term = conservative(beta * (first[ofFirst[k]] - second[ofSecond[k]]));
      perPair[k] = term.loss;
      byChosen[ofFirst[k]] = term.byChosen / n;
      byRejected[paired ? ofFirst[k] : ofSecond[k]] = term.byRejected / n;
      sum += term.loss;
    }
    return new Gradient(sum / n, perPair, byChosen, byRejected);
  }

  /** The places of numbers in ascending order, equal ones in theirs. */
  private static int[] ranked(double[] values) {
    return IntStream.range(0, values.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> values[i]))
        .mapToInt(i -> i)
        .toArray();
  }

  private Term odds(PreferencePair pair) {
    double odds = pair.logOdds();
    double slope = -beta * sigmoid(-odds);
    return new Term(
        -beta * logistic(odds),
        slope / -Math.expm1(pair.chosenMean()) / pair.chosenLength(),
        -slope / -Math.expm1(pair.rejectedMean()) / pair.rejectedLength());
  }

  /** A loss of the margin β d alone, with its slope there. */
  private Term ofDifference(double loss, double slope) {
    return new Term(loss, beta * slope, -beta * slope);
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /** ln s(x), for any x. */
  private static double logistic(double x) {
    return x > 0 ? -Math.log1p(Math.exp(-x)) : x - Math.log1p(Math.exp(x));
  }

  /** s'(x). */
  private static double slope(double x) {
    return sigmoid(x) * sigmoid(-x);
  }
}
