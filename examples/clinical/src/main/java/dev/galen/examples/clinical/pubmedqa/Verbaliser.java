package dev.galen.examples.clinical.pubmedqa;

import static dev.galen.train.data.TokenSequence.IGNORE_INDEX;

import dev.galen.model.CausalLm;
import dev.galen.tokenizer.SpecialTokens;
import dev.galen.tokenizer.Tokenizer;
import dev.galen.train.Evaluator;
import dev.galen.train.data.QuestionExample;
import dev.galen.train.data.TokenSequence;
import dev.galen.train.metrics.Perplexity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A language model as a classifier (Schick and Schütze, "Exploiting cloze questions for few-shot
 * text classification", 2021): after question, text and {@code Decision:} the decision whose word
 * is the likeliest, the end of the text included. p(k) is its likelihood over the sum of all three.
 */
public final class Verbaliser {
  private final Tokenizer tokenizer;
  private final Setting setting;
  private final int length;
  private final int end;

  /**
   * @param tokenizer of the language model, with an end of text
   * @param length the most tokens of a sequence; of a longer text the end is kept
   */
  public Verbaliser(Tokenizer tokenizer, Setting setting, int length) {
    this.tokenizer = tokenizer;
    this.setting = setting;
    this.length = length;
    this.end = tokenizer.endOfTextId().orElseThrow();
  }

  /** A record as the model learns it: all of its tokens, the decision last. */
  public TokenSequence learned(QuestionExample record) {
    int[] ids = sequence(record, record.decision());
    return new TokenSequence(ids, ids.clone());
  }

  private int[] sequence(QuestionExample record, String decision) {
    int[] question = encode("Question: " + record.question() + "\nText:");
    int[] text = encode(" " + setting.text(record).strip());
    int[] close = encode("\nDecision:");
    int[] word = encode(" " + decision);
    int room = length - question.length - close.length - word.length - 2;
    if (room < 1) {
      throw new IllegalArgumentException(
          "%s: the question takes %d tokens of %d; raise the length"
              .formatted(record.origin(), question.length, length));
    }
    int from = Math.max(0, text.length - room);
    var ids = new ArrayList<Integer>(List.of(end));
    for (int[] part :
        new int[][] {question, Arrays.copyOfRange(text, from, text.length), close, word}) {
      Arrays.stream(part).forEach(ids::add);
    }
    ids.add(end);
    return ids.stream().mapToInt(Integer::intValue).toArray();
  }

  private int[] encode(String text) {
    return tokenizer.encode(text, SpecialTokens.TEXT);
  }

  /** The probability of each decision of each record, {@code [records, 3]}. */
  public double[][] probabilities(CausalLm model, List<QuestionExample> records) {
    var probabilities = new double[records.size()][];
    for (int i = 0; i < probabilities.length; i++) {
      var nats = new double[PubMedQa.DECISIONS.size()];
      double least = Double.POSITIVE_INFINITY;
      for (int k = 0; k < nats.length; k++) {
        nats[k] = nats(model, records.get(i), PubMedQa.DECISIONS.get(k));
        least = Math.min(least, nats[k]);
      }
      double sum = 0;
      for (double one : nats) {
        sum += Math.exp(least - one);
      }
      var p = new double[nats.length];
      for (int k = 0; k < p.length; k++) {
        p[k] = Math.exp(least - nats[k]) / sum;
      }
      probabilities[i] = p;
    }
    return probabilities;
  }

  /** -ln p of the decision's word and the end behind it. */
  private double nats(CausalLm model, QuestionExample record, String decision) {
    int[] ids = sequence(record, decision);
    int word = encode(" " + decision).length + 1;
    int[] labels = ids.clone();
    Arrays.fill(labels, 0, ids.length - word, IGNORE_INDEX);
    Perplexity measured =
        Evaluator.evaluate(model, List.of(new TokenSequence(ids, labels)), 1, end);
    return measured.loss() * measured.tokens();
  }
}
