package dev.galen.examples.cli;

import dev.galen.model.lora.LoraConfig;
import dev.galen.model.lora.LoraTargets;
import dev.galen.tensor.backend.WeightFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Option;

/** The options of a run that trains an adapter. What is not given is null. */
final class LoraOptions {
  @Option(
      names = "--lora",
      paramLabel = "RANK",
      description =
          "Train a LoRA adapter of this rank beside --model, whose own weights stay as they are;"
              + " --out gets PEFT's files, and checkpoints hold the adapter alone.")
  Integer rank;

  @Option(
      names = "--lora-alpha",
      paramLabel = "X",
      description = "Updates are scaled by X / RANK (default 8).")
  Double alpha;

  @Option(
      names = "--lora-targets",
      paramLabel = "NAMES",
      description =
          "all-linear (default), ends of layers' names with commas between them, such as"
              + " q_proj,v_proj, or a regular expression of whole names.")
  String targets;

  @Option(
      names = "--lora-exclude",
      paramLabel = "NAMES",
      split = ",",
      description = "Ends of names of layers that get no update.")
  List<String> excluded = new ArrayList<>();

  @Option(
      names = "--lora-layers",
      paramLabel = "N",
      split = ",",
      description = "Blocks, from 0, whose --lora-targets get updates (default: all).")
  List<Integer> layers = new ArrayList<>();

  @Option(
      names = "--lora-dropout",
      paramLabel = "P",
      description = "Dropout of what updates read (default 0).")
  Double dropout;

  @Option(names = "--rslora", description = "Scale updates by X / sqrt(RANK) instead.")
  boolean rankStabilised;

  @Option(names = "--dora", description = "Learn a magnitude of each output as well (DoRA).")
  boolean dora;

  @Option(
      names = "--lora-bias",
      paramLabel = "NAME",
      description = "Biases of the model that learn: none (default), all or lora_only.")
  LoraConfig.Bias bias;

  @Option(
      names = "--lora-save",
      paramLabel = "NAMES",
      split = ",",
      description =
          "Layers, by the ends of their names, of which a whole copy learns; a classifier's head is"
              + " always one.")
  List<String> saved = new ArrayList<>();

  @Option(
      names = "--lora-init",
      paramLabel = "NAME",
      description = "How updates start: kaiming (default), gaussian, or random, which is not zero.")
  LoraConfig.Initialisation initialisation;

  @Option(
      names = "--weights",
      paramLabel = "f32|bf16|int8",
      description =
          "With --lora: how the model's own matrices lie, which do not learn (default f32).")
  WeightFormat weights;

  /** Refuses what no run can use, before anything is read. */
  void check(String model) {
    List<String> others = others();
    if (rank == null && !others.isEmpty()) {
      throw new IllegalArgumentException(others.getFirst() + " is for an adapter: add --lora RANK");
    }
    if (rank != null && model == null) {
      throw new IllegalArgumentException("--lora needs the --model that the adapter is for");
    }
    if (rank != null && rank < 1) {
      throw new IllegalArgumentException("--lora is " + rank + ", must be at least 1");
    }
    if (dropout != null && !(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException("--lora-dropout is " + dropout + ", must be in [0, 1)");
    }
    config();
  }

  /** How the model's own matrices lie. */
  WeightFormat weights() {
    return weights == null ? WeightFormat.F32 : weights;
  }

  /** What is to be trained, or null for the model itself. */
  LoraConfig config() {
    if (rank == null) {
      return null;
    }
    return LoraConfig.builder(rank, targets().without(excluded).inLayers(layers))
        .alpha(alpha == null ? 8 : alpha)
        .dropout(dropout == null ? 0 : dropout)
        .rankStabilised(rankStabilised)
        .dora(dora)
        .bias(bias == null ? LoraConfig.Bias.NONE : bias)
        .modulesToSave(saved)
        .initialisation(initialisation == null ? LoraConfig.Initialisation.KAIMING : initialisation)
        .build();
  }

  private LoraTargets targets() {
    if (targets == null || targets.equalsIgnoreCase(LoraTargets.ALL_LINEAR)) {
      return LoraTargets.linear();
    }
    return targets.matches("[\\w.,-]*")
        ? LoraTargets.named(List.of(targets.split(",")))
        : LoraTargets.matching(targets);
  }

  /** These options as words of a command line. */
  List<String> words() {
    List<String> words = new ArrayList<>();
    if (rank != null) {
      words.add("--lora");
      words.add(rank.toString());
    }
    words.addAll(others());
    return words;
  }

  private List<String> others() {
    List<String> words = new ArrayList<>();
    add(words, "--lora-alpha", alpha);
    add(words, "--lora-targets", targets);
    add(words, "--lora-exclude", excluded.isEmpty() ? null : String.join(",", excluded));
    add(
        words,
        "--lora-layers",
        layers.isEmpty() ? null : String.join(",", layers.stream().map(String::valueOf).toList()));
    add(words, "--lora-dropout", dropout);
    add(words, "--weights", weights == null ? null : weights.name().toLowerCase(Locale.ROOT));
    add(words, "--lora-bias", bias == null ? null : bias.name().toLowerCase(Locale.ROOT));
    add(words, "--lora-save", saved.isEmpty() ? null : String.join(",", saved));
    add(
        words,
        "--lora-init",
        initialisation == null ? null : initialisation.name().toLowerCase(Locale.ROOT));
    if (rankStabilised) {
      words.add("--rslora");
    }
    if (dora) {
      words.add("--dora");
    }
    return words;
  }

  private static void add(List<String> words, String name, Object value) {
    if (value != null) {
      words.add(name);
      words.add(CommandWords.quoted(value.toString()));
    }
  }
}
