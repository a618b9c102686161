package dev.galen.train;

import dev.galen.model.Inputs;
import dev.galen.model.MaskedLm;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tokenizer.SpecialTokens;
import dev.galen.tokenizer.Tokenizer;
import dev.galen.train.data.TokenSequence;
import dev.galen.train.metrics.Perplexity;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * The pseudo-perplexity of a text by a masked language model: exp of the mean of -ln p(token | all
 * others), each token being masked in turn (Salazar, Liang, Nguyen and Kirchhoff, "Masked Language
 * Model Scoring", ACL 2020). It is no perplexity: the probabilities are not those of one
 * distribution over texts, and may be compared between masked models of one vocabulary alone.
 */
public final class PseudoPerplexity {
  private PseudoPerplexity() {}

  /**
   * Scores a text, dropout off.
   *
   * @param ids of the text with what stands around it, such as [CLS] and [SEP]
   * @param special ids that are read but not scored
   * @param maskId the id that stands for a masked token
   * @param batchSize masked copies of the text at a time; the result depends on it only by rounding
   * @throws IllegalArgumentException if no token is to be scored, or the text is too long
   */
  public static Perplexity of(
      MaskedLm model, int[] ids, Set<Integer> special, int maskId, int batchSize) {
    if (batchSize < 1 || ids.length > model.contextLength()) {
      throw new IllegalArgumentException(
          "pseudo-perplexity of %d tokens at a batch of %d; must be at most %d tokens, at least 1"
              .formatted(ids.length, batchSize, model.contextLength()));
    }
    int[] places = scored(ids, special);
    if (places.length == 0) {
      throw new IllegalArgumentException("no token is to be scored: all are special");
    }
    var sum = new Perplexity.Accumulator();
    boolean training = model.isTraining();
    model.eval();
    try (var off = Autograd.noGrad()) {
      for (int from = 0; from < places.length; from += batchSize) {
        int rows = Math.min(batchSize, places.length - from);
        var masked = new int[rows * ids.length];
        var labels = new int[rows * ids.length];
        Arrays.fill(labels, TokenSequence.IGNORE_INDEX);
        for (int row = 0; row < rows; row++) {
          int place = places[from + row];
          System.arraycopy(ids, 0, masked, row * ids.length, ids.length);
          masked[row * ids.length + place] = maskId;
          labels[row * ids.length + place] = ids[place];
        }
        try (var scope = MemoryScope.open("pseudo-perplexity")) {
          var inputs =
              Inputs.of(
                  Tensors.of(model.backend(), masked, rows, ids.length),
                  Tensors.of(model.backend(), labels, rows, ids.length));
          sum.add(model.loss(inputs, 1).item(), rows);
        }
      }
    } finally {
      if (training) {
        model.train();
      }
    }
    return sum.result();
  }

  /**
   * Scores what a tokenizer makes of a text, with what it puts around it; its special tokens are
   * read but not scored.
   *
   * @param batchSize masked copies of the text at a time
   * @throws IllegalArgumentException if the tokenizer has no mask_token, no token is to be scored,
   *     or the text is too long
   */
  public static Perplexity of(MaskedLm model, Tokenizer tokenizer, String text, int batchSize) {
    return of(
        model, tokenizer, tokenizer.encodeWithSpecialTokens(text, SpecialTokens.TEXT), batchSize);
  }

  /** The same of ids, with what stands around them. */
  public static Perplexity of(MaskedLm model, Tokenizer tokenizer, int[] ids, int batchSize) {
    String mask = tokenizer.specialTokens().get("mask_token");
    if (mask == null) {
      throw new IllegalArgumentException(
          "the tokenizer has no mask_token, which stands for a token that is to be guessed; name it"
              + " in its tokenizer_config.json");
    }
    var special = new HashSet<Integer>();
    for (String token : tokenizer.specialTokens().values()) {
      tokenizer.id(token).ifPresent(special::add);
    }
    return of(model, ids, special, tokenizer.id(mask).orElseThrow(), batchSize);
  }

  private static int[] scored(int[] ids, Set<Integer> special) {
    var places = new int[ids.length];
    int count = 0;
    for (int i = 0; i < ids.length; i++) {
      if (!special.contains(ids[i])) {
        places[count++] = i;
      }
    }
    return Arrays.copyOf(places, count);
  }
}
