package dev.galen.examples.search.recipe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.examples.search.prune.AshaPruner;
import dev.galen.examples.search.prune.MedianPruner;
import dev.galen.examples.search.prune.Pruner;
import dev.galen.examples.search.trial.Direction;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What a search over a recipe is to do.
 *
 * @param recipe the run's JSON; its output is not used
 * @param source where it comes from, for messages
 * @param parameters what is varied, in order: a condition looks at those before
 * @param metric what decides, see {@link Metrics}
 * @param direction which values of it are better; null for what its name says
 * @param sampler {@code grid}, {@code random}, {@code tpe}, or {@code asha}, which is random with
 *     its pruner
 * @param pruner {@code none}, {@code asha} or {@code median}; null for asha's or none
 * @param pruneFrom no trial is ended before so many updates; 0 for each pruner's own
 * @param reduction of asha: one of so many goes on from each rung
 * @param trials of the study, those of other processes and of earlier ones included; null for a
 *     grid's points, or {@value #TRIALS}
 * @param seed of the sampler
 * @param output where trials and reports are written
 * @param storage the JDBC URL that the study is kept at; null for {@code study.db} in the output
 * @param study its name there
 */
public record SearchSpec(
    ObjectNode recipe,
    String source,
    List<RecipeParameter> parameters,
    String metric,
    Direction direction,
    String sampler,
    String pruner,
    long pruneFrom,
    int reduction,
    Integer trials,
    long seed,
    Path output,
    String storage,
    String study) {
  /** How many trials are made unless it is said. */
  public static final int TRIALS = 20;

  private static final List<String> SAMPLERS = List.of("grid", "random", "tpe", "asha");
  private static final List<String> PRUNERS = List.of("none", "asha", "median");

  /** Checks what needs no recipe. */
  public SearchSpec {
    parameters = List.copyOf(parameters);
    if (parameters.isEmpty()) {
      throw new IllegalArgumentException(
          "there is no parameter to search; one is training.learningRate=float:1e-5:1e-3:log");
    }
    long fields = parameters.stream().map(RecipeParameter::field).distinct().count();
    if (fields < parameters.size()) {
      throw new IllegalArgumentException("a field stands in two parameters; give each one range");
    }
    require("the sampler", sampler, SAMPLERS);
    if (pruner != null) {
      require("the pruner", pruner, PRUNERS);
    }
    if (trials != null && trials < 1) {
      throw new IllegalArgumentException("trials is " + trials + ", must be at least 1");
    }
    if (pruneFrom < 0) {
      throw new IllegalArgumentException("prune-from is " + pruneFrom + ", must be at least 0");
    }
    if (reduction < 2) {
      throw new IllegalArgumentException("reduction is " + reduction + ", must be at least 2");
    }
  }

  private static void require(String what, String value, List<String> allowed) {
    if (!allowed.contains(value)) {
      throw new IllegalArgumentException(
          "%s is %s, must be one of %s".formatted(what, value, String.join(", ", allowed)));
    }
  }

  /** Lower is better for losses, perplexities and errors, higher for all else. */
  Direction wantedDirection() {
    if (direction != null) {
      return direction;
    }
    String name = Metrics.canonical(metric).toLowerCase(Locale.ROOT);
    return name.endsWith("loss") || name.equals("perplexity") || name.contains("error")
        ? Direction.MINIMIZE
        : Direction.MAXIMIZE;
  }

  Pruner wantedPruner() {
    String name = pruner != null ? pruner : sampler.equals("asha") ? "asha" : "none";
    return switch (name) {
      case "asha" -> new AshaPruner(Math.max(1, pruneFrom), reduction);
      case "median" -> new MedianPruner(new MedianPruner().startup(), pruneFrom);
      default -> Pruner.NONE;
    };
  }

  String wantedStorage() {
    return storage == null ? "jdbc:sqlite:" + output.resolve("study.db") : storage;
  }
}
