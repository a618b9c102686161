package dev.galen.train;

import dev.galen.model.CausalLm;
import dev.galen.train.data.QuestionExample;
import dev.galen.train.data.SequenceEncoder;
import dev.galen.train.data.TokenSequence;
import dev.galen.train.metrics.Perplexity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which decision a model leans to where its answer states none: the one that has the greatest
 * probability as the answer's next line, end of text included. All decisions that a question can
 * have are compared, whichever occur in the data: with one alone every answer would be right.
 */
final class DecisionScorer {
  private static final List<String> DECISIONS =
      QuestionExample.DECISIONS.stream().sorted().toList();

  private final CausalLm model;
  private final SequenceEncoder encoder;

  DecisionScorer(CausalLm model, SequenceEncoder encoder) {
    this.model = model;
    this.encoder = encoder;
  }

  /**
   * The likeliest decision.
   *
   * @param prompt ids the answer was given to
   * @param answer the model's own words, without a decision
   */
  String likeliest(int[] prompt, QuestionExample question, String answer) {
    var completions = new ArrayList<int[]>();
    for (String decision : DECISIONS) {
      completions.add(
          encoder.completion(
              new QuestionExample(question.id(), question.question(), "", answer, decision)));
    }
    int shared = Integer.MAX_VALUE;
    for (int[] completion : completions) {
      int mismatch = Arrays.mismatch(completions.getFirst(), completion);
      shared = mismatch < 0 ? shared : Math.min(shared, mismatch);
    }
    int best = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < completions.size(); i++) {
      double loss = loss(prompt, completions.get(i), shared);
      if (loss < least) {
        least = loss;
        best = i;
      }
    }
    return DECISIONS.get(best);
  }

  /** -ln p of the completion's ids from {@code shared} on, in nats. */
  private double loss(int[] prompt, int[] completion, int shared) {
    int[] ids = Arrays.copyOf(prompt, prompt.length + completion.length);
    System.arraycopy(completion, 0, ids, prompt.length, completion.length);
    int[] labels = ids.clone();
    Arrays.fill(labels, 0, prompt.length + shared, TokenSequence.IGNORE_INDEX);
    // An answer that filled the context leaves no room for the decision: the window moves on.
    int from = Math.max(0, ids.length - model.contextLength());
    var sequence =
        new TokenSequence(
            Arrays.copyOfRange(ids, from, ids.length),
            Arrays.copyOfRange(labels, from, labels.length));
    Perplexity measured = Evaluator.evaluate(model, List.of(sequence), 1, encoder.paddingId());
    return measured.loss() * measured.tokens();
  }
}
