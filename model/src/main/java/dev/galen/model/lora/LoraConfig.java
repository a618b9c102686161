package dev.galen.model.lora;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * What an adapter is: PEFT's {@code LoraConfig}, with its defaults.
 *
 * @param rank r of the updates, at least 1
 * @param alpha an update is scaled by {@code alpha / r}
 * @param targets which matrices get one
 * @param dropout of what A reads while it learns, in [0, 1)
 * @param bias which biases of the model learn as well; these are changed where they lie, and stay
 *     so when the adapter is off
 * @param rankStabilised scale by {@code alpha / sqrt(r)} instead (Kalajdzievski 2023, arXiv
 *     2312.03732)
 * @param dora learn a magnitude for each output as well (Liu et al. 2024, arXiv 2402.09353)
 * @param updateBias give B a bias
 * @param ranks of layers whose path ends in a key, a regular expression; the first that fits counts
 * @param alphas likewise
 * @param modulesToSave layers whose path ends in one of these learn as a whole, in a copy that
 *     belongs to the adapter; a classifier's head is always among them
 * @param initialisation how updates start
 */
public record LoraConfig(
    int rank,
    double alpha,
    LoraTargets targets,
    double dropout,
    Bias bias,
    boolean rankStabilised,
    boolean dora,
    boolean updateBias,
    SequencedMap<String, Integer> ranks,
    SequencedMap<String, Double> alphas,
    List<String> modulesToSave,
    Initialisation initialisation) {

  /** Which biases learn. */
  public enum Bias {
    /** None. */
    NONE,
    /** Every one of the model. */
    ALL,
    /** Those of layers with an update. */
    LORA_ONLY
  }

  /** How an update starts. A model is the one it came from at first, but with {@link #RANDOM}. */
  public enum Initialisation {
    /**
     * A uniform in {@code +-1/sqrt(in)}, B zero; of an embedding the one zero, the other normal.
     */
    KAIMING,
    /** A normal with deviation 1/r, B zero. */
    GAUSSIAN,
    /** Both uniform: not the model it came from. */
    RANDOM
  }

  /** Checks every number. */
  public LoraConfig {
    requireRank("rank", rank);
    requireAlpha("alpha", alpha);
    if (!(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException("LoRA's dropout is " + dropout + ", must be in [0, 1)");
    }
    ranks = new LinkedHashMap<>(ranks);
    alphas = new LinkedHashMap<>(alphas);
    ranks.forEach((key, value) -> requireRank("the rank of " + key, value));
    alphas.forEach((key, value) -> requireAlpha("the alpha of " + key, value));
    ranks.keySet().forEach(key -> LoraTargets.pattern("a pattern of ranks", key));
    alphas.keySet().forEach(key -> LoraTargets.pattern("a pattern of alphas", key));
    modulesToSave = List.copyOf(modulesToSave);
    if (updateBias && dora) {
      throw new IllegalArgumentException(
          "a bias of B does not go with DoRA; leave out one of both");
    }
    if (updateBias && initialisation == Initialisation.GAUSSIAN) {
      throw new IllegalArgumentException(
          "a bias of B does not go with the initialisation gaussian; leave out one of both");
    }
  }

  private static void requireRank(String what, int rank) {
    if (rank < 1) {
      throw new IllegalArgumentException(what + " is " + rank + ", must be at least 1");
    }
  }

  private static void requireAlpha(String what, double alpha) {
    if (!Double.isFinite(alpha)) {
      throw new IllegalArgumentException(what + " is " + alpha + ", must be a finite number");
    }
  }

  /** PEFT's defaults but for rank and targets: alpha 8, nothing else. */
  public static LoraConfig of(int rank, LoraTargets targets) {
    return builder(rank, targets).build();
  }

  /** The same, to be changed. */
  public static Builder builder(int rank, LoraTargets targets) {
    return new Builder(rank, targets);
  }

  /** A builder that starts from this. */
  public Builder toBuilder() {
    return new Builder(rank, targets)
        .alpha(alpha)
        .dropout(dropout)
        .bias(bias)
        .rankStabilised(rankStabilised)
        .dora(dora)
        .updateBias(updateBias)
        .ranks(ranks)
        .alphas(alphas)
        .modulesToSave(modulesToSave)
        .initialisation(initialisation);
  }

  /** The rank of the layer at {@code path}. */
  public int rankOf(String path) {
    return firstFit(ranks, path, rank);
  }

  /** What the update of the layer at {@code path} is multiplied by. */
  public double scaleOf(String path) {
    double r = rankOf(path);
    return firstFit(alphas, path, alpha) / (rankStabilised ? Math.sqrt(r) : r);
  }

  private static <V> V firstFit(SequencedMap<String, V> patterns, String path, V absent) {
    for (Map.Entry<String, V> entry : patterns.entrySet()) {
      if (LoraTargets.pattern("a pattern", "(.*\\.)?(" + entry.getKey() + ")$")
          .matcher(path)
          .lookingAt()) {
        return entry.getValue();
      }
    }
    return absent;
  }

  /** What is to be set. */
  public static final class Builder {
    private int rank;
    private LoraTargets targets;
    private double alpha = 8;
    private double dropout;
    private Bias bias = Bias.NONE;
    private boolean rankStabilised;
    private boolean dora;
    private boolean updateBias;
    private SequencedMap<String, Integer> ranks = new LinkedHashMap<>();
    private SequencedMap<String, Double> alphas = new LinkedHashMap<>();
    private List<String> modulesToSave = List.of();
    private Initialisation initialisation = Initialisation.KAIMING;

    private Builder(int rank, LoraTargets targets) {
      this.rank = rank;
      this.targets = targets;
    }

    /** See {@link LoraConfig#rank}. */
    public Builder rank(int rank) {
      this.rank = rank;
      return this;
    }

    /** See {@link LoraConfig#targets}. */
    public Builder targets(LoraTargets targets) {
      this.targets = targets;
      return this;
    }

    /** See {@link LoraConfig#alpha}; 8 unless it is set. */
    public Builder alpha(double alpha) {
      this.alpha = alpha;
      return this;
    }

    /** See {@link LoraConfig#dropout}. */
    public Builder dropout(double dropout) {
      this.dropout = dropout;
      return this;
    }

    /** See {@link LoraConfig#bias}. */
    public Builder bias(Bias bias) {
      this.bias = bias;
      return this;
    }

    /** See {@link LoraConfig#rankStabilised}. */
    public Builder rankStabilised(boolean rankStabilised) {
      this.rankStabilised = rankStabilised;
      return this;
    }

    /** See {@link LoraConfig#dora}. */
    public Builder dora(boolean dora) {
      this.dora = dora;
      return this;
    }

    /** See {@link LoraConfig#updateBias}. */
    public Builder updateBias(boolean updateBias) {
      this.updateBias = updateBias;
      return this;
    }

    /** See {@link LoraConfig#ranks}. */
    public Builder ranks(SequencedMap<String, Integer> ranks) {
      this.ranks = ranks;
      return this;
    }

    /** See {@link LoraConfig#alphas}. */
    public Builder alphas(SequencedMap<String, Double> alphas) {
      this.alphas = alphas;
      return this;
    }

    /** See {@link LoraConfig#modulesToSave}. */
    public Builder modulesToSave(List<String> modulesToSave) {
      this.modulesToSave = modulesToSave;
      return this;
    }

    /** See {@link LoraConfig#initialisation}. */
    public Builder initialisation(Initialisation initialisation) {
      this.initialisation = initialisation;
      return this;
    }

    /** The config, checked. */
    public LoraConfig build() {
      return new LoraConfig(
          rank,
          alpha,
          targets,
          dropout,
          bias,
          rankStabilised,
          dora,
          updateBias,
          ranks,
          alphas,
          modulesToSave,
          initialisation);
    }
  }
}
