package dev.galen.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.model.ClassNames;
import dev.galen.model.Inputs;
import dev.galen.model.SpecialIds;
import dev.galen.model.bert.BertConfig;
import dev.galen.model.bert.BertMaskedLm;
import dev.galen.model.nn.Weights;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Unary;
import dev.galen.tensor.random.Philox;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PseudoPerplexityTest {
  private static final int MASK = 3;
  private static final BertConfig CONFIG =
      new BertConfig(
          40,
          32,
          2,
          32,
          2,
          4,
          64,
          Unary.GELU_ERF,
          0.1,
          0.1,
          null,
          1e-12,
          0.1,
          true,
          true,
          SpecialIds.NONE,
          ClassNames.of(3));

  /** The definition, one token at a time: softmax of the logits where it is masked. */
  @Test
  void isTheMeanOverMaskedTokens() {
    var model =
        new BertMaskedLm(CONFIG, Weights.initialised(Device.CPU, new Philox(7)), new Philox(0));
    model.train();
    int[] ids = {1, 9, 12, 30, 9, 2};
    double sum = 0;
    for (int at = 1; at < 5; at++) {
      sum += negativeLog(model, ids, at);
    }
    var one = PseudoPerplexity.of(model, ids, Set.of(1, 2), MASK, 1);
    assertTrue(model.isTraining());
    assertEquals(4, one.tokens());
    assertEquals(sum / 4, one.loss(), 1e-5);
    var three = PseudoPerplexity.of(model, ids, Set.of(1, 2), MASK, 3);
    assertEquals(one.loss(), three.loss(), 1e-5);
    assertEquals(6, PseudoPerplexity.of(model, ids, Set.of(), MASK, 4).tokens());
    int[] none = {1, 2};
    assertThrows(
        IllegalArgumentException.class,
        () -> PseudoPerplexity.of(model, none, Set.of(1, 2), MASK, 1));
  }

  private static double negativeLog(BertMaskedLm model, int[] ids, int at) {
    int[] masked = ids.clone();
    masked[at] = MASK;
    model.eval();
    double[] logits;
    try (var off = Autograd.noGrad()) {
      logits =
          model
              .logits(Inputs.of(Tensors.of(Device.CPU, masked, 1, ids.length)))
              .slice(1, at, at + 1)
              .toDoubles();
    }
    model.train();
    double sum = 0;
    for (double logit : logits) {
      sum += Math.exp(logit);
    }
    return Math.log(sum) - logits[ids[at]];
  }
}
