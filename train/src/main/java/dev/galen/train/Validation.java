package dev.galen.train;

import dev.galen.model.Model;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.train.data.Collator;
import dev.galen.train.data.TokenSequence;
import dev.galen.train.data.TokenSequences;
import dev.galen.train.metrics.Perplexity;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * What a run is measured on while it trains, in the precision that it trains in.
 *
 * @param sequences held out; may be empty
 * @param moments when
 */
record Validation(
    Model model,
    TrainingConfig config,
    Collator collator,
    TokenSequences sequences,
    Moments moments) {

  static Validation of(
      Model model,
      TrainingConfig config,
      Collator collator,
      UpdateBatches batches,
      TokenSequences data,
      TokenSequences sequences) {
    Interval every = EvaluationInterval.of(config, batches.planned(), data, sequences);
    var moments = new Moments(every, batches, System::nanoTime);
    return new Validation(model, config, collator, sequences, moments);
  }

  void require() {
    if (sequences.isEmpty()) {
      throw new IllegalArgumentException(
          "there is no validation data to measure; give the trainer some");
    }
  }

  /** Whether it is measured at all while the model trains. */
  boolean isMeasured() {
    return !sequences.isEmpty() && moments.areAny();
  }

  /** Whether it is measured after update {@code step}. */
  boolean isDue(long step) {
    return isMeasured() && moments.isDue(step);
  }

  /** All of it. */
  Perplexity measure(BooleanSupplier cancelled) {
    return measure(sequences, cancelled);
  }

  /** The first so many batches alone. */
  Perplexity measureFirst(int batches, BooleanSupplier cancelled) {
    TokenSequences labelled = sequences.withLabels(collator);
    long most = (long) batches * config.data().batchSize();
    return measure(labelled.subList(0, (int) Math.min(most, labelled.size())), cancelled);
  }

  private Perplexity measure(List<TokenSequence> some, BooleanSupplier cancelled) {
    try (var weights = MemoryScope.open("rounded weights of an evaluation");
        var cast = config.precision().products().open()) {
      return Evaluator.evaluate(model, some, config.data().batchSize(), collator, cancelled);
    }
  }
}
