package dev.galen.train;

import dev.galen.train.data.TokenSequences;

/** Refuses a run that cannot fit into memory: once, before anything is computed. */
final class MemoryCheck {
  private final TrainingConfig config;
  private final UpdateBatches batches;
  private final TokenSequences data;
  private final Validation validation;
  private boolean passed;

  MemoryCheck(
      TrainingConfig config, UpdateBatches batches, TokenSequences data, Validation validation) {
    this.config = config;
    this.batches = batches;
    this.data = data;
    this.validation = validation;
  }

  /** After update {@code step}; who observes the model would see what measures it. */
  void require(long step) {
    if (!passed && !validation.model().isObserved()) {
      MemoryPlan.requireRun(config, batches, data, batches.left(step), validation);
      passed = true;
    }
  }

  /** An update was made, so it fits. */
  void passed() {
    passed = true;
  }
}
