package dev.galen.model.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.model.CausalLm;
import dev.galen.model.testing.TinyModels;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class BeamSearchTest {
  private static final int VOCABULARY = 4;
  private static final int LENGTH = 3;

  /** With a beam for every text nothing is pruned: the search must find the best of all texts. */
  @Test
  void enoughBeamsFindTheLikeliestText() {
    CausalLm model = TinyModels.decided(VOCABULARY, 12, 0);
    for (int first = 0; first < VOCABULARY; first++) {
      int[] prompt = {first, 2, (first + 1) % VOCABULARY};
      var config = GenerationConfig.builder().maxNewTokens(LENGTH).beams(64).build();
      int[] found = new Generator(model).generate(prompt, config);
      int[] best = null;
      for (int[] text : texts(prompt)) {
        if (best == null
            || logProbability(model, text, prompt.length)
                > logProbability(model, best, prompt.length)) {
          best = text;
        }
      }
      assertArrayEquals(best, found);
    }
  }

  private static List<int[]> texts(int[] prompt) {
    var texts = new ArrayList<int[]>();
    for (int code = 0; code < VOCABULARY * VOCABULARY * VOCABULARY; code++) {
      int[] text = Arrays.copyOf(prompt, prompt.length + LENGTH);
      text[prompt.length] = code % VOCABULARY;
      text[prompt.length + 1] = code / VOCABULARY % VOCABULARY;
      text[prompt.length + 2] = code / VOCABULARY / VOCABULARY;
      texts.add(text);
    }
    return texts;
  }

  private static double logProbability(CausalLm model, int[] text, int from) {
    try (var off = Autograd.noGrad()) {
      var ids_BT = Tensors.of(model.backend(), text, 1, text.length);
      double[] scores = model.logits(ids_BT).logSoftmax().toDoubles();
      double sum = 0;
      for (int i = from; i < text.length; i++) {
        sum += scores[(i - 1) * model.vocabularySize() + text[i]];
      }
      return sum;
    }
  }

  @Test
  void moreBeamsThanTokensAreFine() {
    CausalLm model = TinyModels.decided(2, 12, 0);
    var config =
        GenerationConfig.builder().maxNewTokens(5).beams(7).endOfTextIds(Set.of(1)).build();
    int[] ids = new Generator(model).generate(new int[] {0}, config);
    assertTrue(ids.length >= 2 && ids.length <= 6, Arrays.toString(ids));
  }

  @Test
  void theBestTextIsStreamedWhenItIsCertain() {
    CausalLm model = TinyModels.decided(Models.VOCABULARY, 40, 0);
    var streamed = new ArrayList<Integer>();
    var config = GenerationConfig.builder().maxNewTokens(9).beams(3).build();
    int[] ids = new Generator(model).generate(new int[] {5, 6}, config, streamed::add);
    assertEquals(11, ids.length);
    assertArrayEquals(
        Arrays.copyOfRange(ids, 2, 11), streamed.stream().mapToInt(Integer::intValue).toArray());
  }

  @Test
  void memoryIsGivenBack() {
    CausalLm model = TinyModels.decided(Models.VOCABULARY, 40, 0);
    long before = model.backend().memory().live();
    var config = GenerationConfig.builder().maxNewTokens(30).beams(5).build();
    new Generator(model).generate(new int[] {1, 2, 3}, config);
    Models.assertFreed(model, before);
  }
}
