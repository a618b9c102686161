package dev.galen.train;

import dev.galen.train.optim.MixedPrecision;
import java.util.Objects;

/**
 * What a step computes in, and what it keeps.
 *
 * @param products what products compute in
 * @param recompute gradient checkpointing: trade time for memory
 */
public record PrecisionConfig(MixedPrecision products, boolean recompute) {
  /** Refuses null. */
  public PrecisionConfig {
    Objects.requireNonNull(products, "precision");
  }
}
