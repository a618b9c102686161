package dev.galen.train;

import dev.galen.model.CausalLm;
import dev.galen.model.Model;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.train.data.Batch;
import dev.galen.train.data.CausalCollator;
import dev.galen.train.data.Collator;
import dev.galen.train.data.TokenSequence;
import dev.galen.train.data.TokenSequences;
import dev.galen.train.metrics.Perplexity;
import dev.galen.train.metrics.StridedWindow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Measures a model on sequences: the mean loss over all labels, each counted once. */
public final class Evaluator {
  private Evaluator() {}

  /**
   * A text of any length as sequences of at most {@code context} tokens, of which each token but
   * the first is scored exactly once: windows overlap, and what an earlier one scored is ignored.
   *
   * @param stride tokens from one window's begin to the next one's
   */
  public static List<TokenSequence> windows(int[] ids, int context, int stride) {
    List<TokenSequence> sequences = new ArrayList<>();
    windows(ids, context, stride, sequences::add);
    return sequences;
  }

  /** The same, one by one: all windows of a long text together are longer than the text. */
  public static void windows(int[] ids, int context, int stride, Consumer<TokenSequence> sink) {
    for (StridedWindow window : StridedWindow.plan(ids.length, context, stride)) {
      int[] input = Arrays.copyOfRange(ids, window.begin(), window.end());
      int[] labels = input.clone();
      Arrays.fill(labels, 0, window.firstScored() - window.begin(), TokenSequence.IGNORE_INDEX);
      sink.accept(new TokenSequence(input, labels));
    }
  }

  /**
   * The loss over {@code sequences}, dropout off.
   *
   * @param batchSize sequences at a time; the result depends on it only by rounding
   * @param paddingId fills shorter sequences of a batch
   */
  public static Perplexity evaluate(
      CausalLm model, List<TokenSequence> sequences, int batchSize, int paddingId) {
    return evaluate(model, sequences, batchSize, new CausalCollator(paddingId));
  }

  /**
   * The same of any model.
   *
   * @param collator makes the model's batches
   */
  public static Perplexity evaluate(
      Model model, List<TokenSequence> sequences, int batchSize, Collator collator) {
    return evaluate(model, sequences, batchSize, collator, () -> false);
  }

  /** Refuses several texts in a row for a model that would mix them up. */
  static void requireDocuments(Model model, TokenSequences sequences) {
    if (!model.keepsDocumentsApart() && sequences.haveDocuments()) {
      throw new IllegalArgumentException(
          "rows hold several documents, which a %s does not keep apart; leave packing out"
              .formatted(model.getClass().getSimpleName()));
    }
  }

  /** The same, ended by a {@link CancellationException} before a batch where it is cancelled. */
  static Perplexity evaluate(
      Model model,
      List<TokenSequence> sequences,
      int batchSize,
      Collator collator,
      BooleanSupplier cancelled) {
    if (batchSize < 1) {
      throw new IllegalArgumentException("batch size is " + batchSize + ", must be at least 1");
    }
    if (sequences.isEmpty()) {
      throw new IllegalArgumentException("there are no sequences to measure");
    }
    TokenSequences sorted = TokenSequences.of(sequences).withLabels(collator).byLength();
    requireDocuments(model, sorted);
    var total = new Perplexity.Accumulator();
    boolean training = model.isTraining();
    model.eval();
    try (var off = Autograd.noGrad()) {
      for (int from = 0; from < sorted.size(); from += batchSize) {
        if (cancelled.getAsBoolean()) {
          throw new CancellationException("the evaluation was stopped");
        }
        int to = Math.min(from + batchSize, sorted.size());
        List<TokenSequence> some = sorted.subList(from, to);
        Batch batch = collator.collate(some);
        try (var scope = MemoryScope.open("evaluation batch")) {
          Tensor loss = model.loss(batch.inputs(model.backend()), batch.tokens());
          double mean = loss.item();
          FiniteCheck.requireMeasured(model, batch, some, mean);
          total.addMean(mean, batch.tokens());
        }
      }
    } finally {
      if (training) {
        model.train();
      }
    }
    return total.result();
  }
}
