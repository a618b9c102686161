package dev.galen.model.gpt2;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.galen.model.ClassNames;
import dev.galen.model.Inputs;
import dev.galen.model.SpecialIds;
import dev.galen.model.nn.Weights;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.random.Philox;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What stands at padding must not reach the logits of tokens, nor a text's class. */
class Gpt2PaddingTest {
  private static final int VOCABULARY = 50;
  private static final Gpt2Config CONFIG =
      Gpt2Config.tiny(VOCABULARY)
          .withVocabulary(VOCABULARY, SpecialIds.NONE)
          .withDropout(0)
          .withClasses(ClassNames.of(3));

  private static Tensor ids(int... ids) {
    return Tensors.of(Device.CPU, ids, 2, ids.length / 2);
  }

  private static Weights weights() {
    return Weights.initialised(Device.CPU, new Philox(3));
  }

  @Test
  void paddingOnTheLeftIsNotSeen() {
    var model = new Gpt2CausalLm(CONFIG, weights(), new Philox(0));
    byte[] mask = {0, 0, 1, 1, 1, 1, 1, 1, 1, 1};
    Tensor mask_BT = Tensors.of(model.backend(), mask, 2, 5);
    double[] one = logits(model, ids(7, 9, 1, 2, 3, 5, 4, 3, 2, 1), mask_BT);
    double[] other = logits(model, ids(30, 0, 1, 2, 3, 5, 4, 3, 2, 1), mask_BT);
    int from = 2 * VOCABULARY;
    assertArrayEquals(tail(one, from), tail(other, from));
    double[] unmasked = model.logits(ids(7, 9, 1, 2, 3, 5, 4, 3, 2, 1)).toDoubles();
    assertFalse(Arrays.equals(tail(one, from), tail(unmasked, from)));
  }

  private static double[] logits(Gpt2CausalLm model, Tensor ids_BT, Tensor mask_BT) {
    return model.logits(Inputs.of(ids_BT).withMask(mask_BT, Inputs.Padding.LEFT)).toDoubles();
  }

  private static double[] tail(double[] all, int from) {
    return Arrays.copyOfRange(all, from, all.length);
  }

  @Test
  void aTextsClassDoesNotDependOnItsPadding() {
    var model = new Gpt2Classifier(CONFIG, weights(), new Philox(0));
    int[] lengths = {3, 5};
    double[] one =
        model.logits(Inputs.padded(ids(1, 2, 3, 7, 9, 5, 4, 3, 2, 1), lengths)).toDoubles();
    double[] other =
        model.logits(Inputs.padded(ids(1, 2, 3, 0, 30, 5, 4, 3, 2, 1), lengths)).toDoubles();
    assertArrayEquals(one, other);
    assertThrows(
        IllegalStateException.class,
        () -> model.logits(Inputs.of(ids(1, 2, 3, 4))),
        "which token?");
  }

  @Test
  void inputsMustFitEachOther() {
    Tensor ids_BT = ids(1, 2, 3, 4);
    assertThrows(IllegalArgumentException.class, () -> Inputs.padded(ids_BT, new int[] {2}));
    assertThrows(IllegalArgumentException.class, () -> Inputs.padded(ids_BT, new int[] {2, 3}));
    assertThrows(IllegalArgumentException.class, () -> Inputs.padded(ids_BT, new int[] {0, 2}));
    assertThrows(
        IllegalArgumentException.class,
        () -> Inputs.of(ids_BT).withMask(ids(1, 1, 1, 1, 1, 1), Inputs.Padding.LEFT));
    assertThrows(
        IllegalArgumentException.class,
        () -> Inputs.of(ids_BT).withMask(ids_BT, Inputs.Padding.NONE));
  }

  @Test
  void idsHaveTwoDimensions() {
    var model = new Gpt2(CONFIG, weights(), new Philox(0));
    Tensor flat = Tensors.of(Device.CPU, new int[] {1, 2}, 2);
    var refusal = assertThrows(IllegalArgumentException.class, () -> model.forward(flat, null));
    assertEquals("GPT-2 takes ids [B, T], got I32[2]", refusal.getMessage());
  }
}
