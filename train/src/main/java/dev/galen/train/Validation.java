package dev.galen.train;

import dev.galen.model.Model;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.train.data.Collator;
import dev.galen.train.data.TokenSequences;
import dev.galen.train.metrics.Perplexity;
import java.util.function.BooleanSupplier;

/**
 * What a run is measured on while it trains, in the precision that it trains in.
 *
 * @param sequences held out; may be empty
 * @param every updates between measurements; 0 for none
 */
record Validation(
    Model model, TrainingConfig config, Collator collator, TokenSequences sequences, long every) {

  static Validation of(
      Model model,
      TrainingConfig config,
      Collator collator,
      UpdateBatches batches,
      TokenSequences data,
      TokenSequences sequences) {
    long every = EvaluationInterval.of(config, batches.planned(), data, sequences);
    return new Validation(model, config, collator, sequences, every);
  }

  void require() {
    if (sequences.isEmpty()) {
      throw new IllegalArgumentException(
          "there is no validation data to measure; give the trainer some");
    }
  }

  /** Whether it is measured at all while the model trains. */
  boolean isMeasured() {
    return !sequences.isEmpty() && every > 0;
  }

  /** Whether it is measured after update {@code step}. */
  boolean isDue(long step) {
    return isMeasured() && step % every == 0;
  }

  Perplexity measure(BooleanSupplier cancelled) {
    try (var weights = MemoryScope.open("rounded weights of an evaluation");
        var cast = config.precision().products().open()) {
      return Evaluator.evaluate(model, sequences, config.data().batchSize(), collator, cancelled);
    }
  }
}
