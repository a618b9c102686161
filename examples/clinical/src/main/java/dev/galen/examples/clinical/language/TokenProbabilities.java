package dev.galen.examples.clinical.language;

import dev.galen.model.CausalLm;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.train.data.CausalCollator;
import dev.galen.train.data.TokenSequence;
import dev.galen.train.metrics.StridedWindow;
import java.util.Arrays;
import java.util.List;

/** What a language model gives to each token of a text. */
final class TokenProbabilities {
  private TokenProbabilities() {}

  /**
   * p of each token but the first, dropout off. Of a text longer than a window each token is
   * predicted from half a window at least.
   *
   * @param text token ids, the first of which is given
   * @param length of a window
   * @return one less than there are tokens
   */
  static double[] of(CausalLm model, int[] text, int length) {
    var probabilities = new double[text.length - 1];
    var collator = new CausalCollator(0);
    model.eval();
    try (var off = Autograd.noGrad()) {
      for (StridedWindow window : StridedWindow.plan(text.length, length, length / 2)) {
        int[] ids = Arrays.copyOfRange(text, window.begin(), window.end());
        var batch = collator.collate(List.of(new TokenSequence(ids, ids.clone())));
        try (var scope = MemoryScope.open("probabilities of tokens")) {
          float[] logits_TV = model.logits(batch.inputs(model.backend())).toFloats();
          int vocabulary = logits_TV.length / ids.length;
          int first = Math.max(1, window.firstScored() - window.begin());
          for (int t = first; t < ids.length; t++) {
            probabilities[window.begin() + t - 1] =
                softmax(logits_TV, (t - 1) * vocabulary, vocabulary, ids[t]);
          }
        }
      }
    }
    return probabilities;
  }

  private static double softmax(float[] logits, int from, int vocabulary, int token) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int k = from; k < from + vocabulary; k++) {
      largest = Math.max(largest, logits[k]);
    }
    double sum = 0;
    for (int k = from; k < from + vocabulary; k++) {
      sum += Math.exp(logits[k] - largest);
    }
    return Math.exp(logits[from + token] - largest) / sum;
  }
}
