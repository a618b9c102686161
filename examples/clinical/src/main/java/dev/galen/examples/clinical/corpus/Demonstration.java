package dev.galen.examples.clinical.corpus;

import dev.galen.train.TrainingConfig;
import dev.galen.train.schedule.Schedule;

/** How a small model learns the corpus: what a laptop does in well under three minutes. */
public final class Demonstration {
  /** Updates of its warm-up. */
  public static final int WARMUP = 20;

  private Demonstration() {}

  /** The defaults of a run without a model and without data of its user's. */
  public static TrainingConfig.Builder training() {
    return TrainingConfig.builder()
        .steps(500)
        .batchSize(8)
        .learningRate(2e-3)
        .schedule(Schedule.COSINE)
        .warmup(WARMUP)
        .weightDecay(0.1);
  }
}
