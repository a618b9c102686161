package dev.galen.train;

import static dev.galen.train.TrainingConfig.require;

import dev.galen.model.Model;
import dev.galen.train.optim.NamePattern;
import java.util.List;
import java.util.Set;

/**
 * Which parameters are not trained, or not yet.
 *
 * @param patterns of parameters that are frozen for the whole run, see {@link NamePattern}
 * @param unfreezeEvery gradual unfreezing (Howard and Ruder 2018, arXiv 1801.06146): a run begins
 *     with the last block and what stands above it, and after so many updates each the block below
 *     joins, at last the embeddings; 0 for all at once
 */
public record FreezingConfig(List<String> patterns, long unfreezeEvery) {
  /** Everything is trained, but for what is frozen already. */
  public static final FreezingConfig NONE = new FreezingConfig(List.of(), 0);

  /** Checks what can be checked without a model. */
  public FreezingConfig {
    patterns = List.copyOf(patterns);
    patterns.forEach(NamePattern::require);
    require(unfreezeEvery >= 0, "unfreeze every", unfreezeEvery, "at least 0");
  }

  /**
   * Freezes what is not trained.
   *
   * @throws IllegalArgumentException if a pattern fits no parameter
   */
  void apply(Model model) {
    Set<String> names = model.parameters().keySet();
    for (String pattern : patterns) {
      NamePattern.requireAny("freeze", pattern, names);
      model
          .parameters()
          .forEach(
              (name, parameter) -> {
                if (NamePattern.fits(pattern, name)) {
                  parameter.freeze();
                }
              });
    }
  }
}
