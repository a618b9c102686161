package dev.galen.model.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.model.CausalLm;
import dev.galen.model.nn.Layer;
import dev.galen.model.testing.TinyModels;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.memory.MemoryScope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

final class GeneratorTest {
  private static final int[] PROMPT = {9, 27, 4};

  private final CausalLm model = TinyModels.decided(Models.VOCABULARY, Models.CONTEXT, 0.3);
  private final Generator generator = new Generator(model);

  /** Every greedy token is the argmax of the whole text before it, computed without a cache. */
  @Test
  void greedyIsTheArgmaxWithoutACache() {
    int[] ids = generator.generate(PROMPT, GenerationConfig.greedy(30));
    assertEquals(33, ids.length);
    try (var scope = MemoryScope.open("test");
        var off = Autograd.noGrad()) {
      int[] likeliest =
          model.logits(Tensors.of(model.backend(), ids, 1, ids.length)).argmax().toInts();
      for (int i = PROMPT.length; i < ids.length; i++) {
        assertEquals(likeliest[i - 1], ids[i], "token " + i);
      }
    }
    assertTrue(Arrays.stream(ids).distinct().count() > 5, "a dull text: " + Arrays.toString(ids));
  }

  @Test
  void tokensStreamInOrder() {
    var streamed = new ArrayList<Integer>();
    int[] ids = generator.generate(PROMPT, GenerationConfig.greedy(8), streamed::add);
    assertArrayEquals(PROMPT, Arrays.copyOf(ids, 3));
    assertArrayEquals(
        Arrays.copyOfRange(ids, 3, 11), streamed.stream().mapToInt(Integer::intValue).toArray());
  }

  @Test
  void endOfTextIsTheLastToken() throws IOException {
    var ending = new Generator(Models.fixture(Device.CPU));
    int[] prompt = {7, 25, 15};
    int[] ids = ending.generate(prompt, GenerationConfig.greedy(16));
    assertTrue(ids.length < 19, "it never ended: " + Arrays.toString(ids));
    assertEquals(Models.END, ids[ids.length - 1]);
    var endless = GenerationConfig.builder().maxNewTokens(16).endOfTextIds(Set.of()).build();
    int[] longer = ending.generate(prompt, endless);
    assertEquals(19, longer.length);
    assertArrayEquals(ids, Arrays.copyOf(longer, ids.length));
    var other = GenerationConfig.builder().maxNewTokens(16).endOfTextIds(Set.of(longer[4])).build();
    assertArrayEquals(Arrays.copyOf(longer, 5), ending.generate(prompt, other));
  }

  @Test
  void aSeedDecidesTheText() {
    int[] first = generator.generate(PROMPT, sampling(1));
    assertArrayEquals(first, generator.generate(PROMPT, sampling(1)));
    assertFalse(Arrays.equals(first, generator.generate(PROMPT, sampling(2))));
  }

  @Test
  void oneOfOneIsGreedy() {
    int[] greedy = generator.generate(PROMPT, GenerationConfig.greedy(20));
    var topK = GenerationConfig.builder().maxNewTokens(20).topK(1).seed(8).build();
    assertArrayEquals(greedy, generator.generate(PROMPT, topK));
    var topP = GenerationConfig.builder().maxNewTokens(20).topP(1e-6).seed(8).build();
    assertArrayEquals(greedy, generator.generate(PROMPT, topP));
  }

  @Test
  void theContextIsFilledAndNoMore() {
    for (int beams : new int[] {1, 3}) {
      var config = GenerationConfig.builder().maxNewTokens(Integer.MAX_VALUE).beams(beams).build();
      assertEquals(Models.CONTEXT, generator.generate(PROMPT, config).length);
      var full = new int[Models.CONTEXT];
      assertArrayEquals(full, generator.generate(full, config));
    }
  }

  @Test
  void badPromptsAreNamed() {
    assertMessage("the prompt is empty; generation needs at least one token");
    assertMessage(
        "the prompt has 41 tokens, the model's context holds 40; shorten the prompt", new int[41]);
    assertMessage("token 1 of the prompt has id 61, the model knows 0 to 60", 3, 61);
    assertMessage("token 0 of the prompt has id -1, the model knows 0 to 60", -1);
    var config = GenerationConfig.builder().endOfTextIds(Set.of(61)).build();
    assertEquals(
        "an end-of-text id is 61, the model knows 0 to 60",
        assertThrows(IllegalArgumentException.class, () -> generator.generate(PROMPT, config))
            .getMessage());
  }

  private void assertMessage(String expected, int... prompt) {
    var config = GenerationConfig.greedy(1);
    assertEquals(
        expected,
        assertThrows(IllegalArgumentException.class, () -> generator.generate(prompt, config))
            .getMessage());
  }

  /**
   * Evaluating a model in the middle of training changes neither its mode nor its random numbers.
   */
  @Test
  void trainingGoesOnAsIfNothingHadBeen() {
    int[] quiet = generator.generate(PROMPT, GenerationConfig.greedy(10));
    model.train();
    Layer frozen = model.children().firstEntry().getValue().children().get("h.1");
    frozen.eval();
    var before = modes();
    long offset = model.random().offset();
    assertArrayEquals(quiet, generator.generate(PROMPT, GenerationConfig.greedy(10)), "dropout");
    assertEquals(before, modes());
    assertNotEquals(1, before.values().stream().distinct().count(), "both modes should occur");
    assertEquals(offset, model.random().offset());
    model.parameters().values().forEach(parameter -> assertNull(parameter.grad()));
  }

  private Map<String, Boolean> modes() {
    var modes = new HashMap<String, Boolean>();
    model.visit("", (path, layer) -> modes.put(path, layer.isTraining()));
    return modes;
  }

  @Test
  void aStoppedTextLeavesNothingBehind() {
    model.train();
    long before = model.backend().memory().live();
    assertThrows(
        CancellationException.class,
        () ->
            generator.generate(
                PROMPT,
                GenerationConfig.greedy(20),
                id -> {
                  throw new CancellationException();
                }));
    Models.assertFreed(model, before);
    assertTrue(model.isTraining());
    assertTrue(Autograd.isEnabled());
  }

  @Test
  void memoryIsFlatOverFiveHundredTokens() {
    CausalLm large = TinyModels.decided(Models.VOCABULARY, 520, 0);
    var memory = large.backend();
    long before = memory.memory().live();
    var live = new ArrayList<Long>();
    new Generator(large)
        .generate(PROMPT, GenerationConfig.greedy(500), id -> live.add(memory.memory().live()));
    assertEquals(500, live.size());
    // It may fall, when the cleaner frees what an earlier test has dropped.
    long most = Collections.max(live);
    assertTrue(most <= live.getFirst(), "%d bytes live, then %d".formatted(live.getFirst(), most));
    Models.assertFreed(large, before);
  }

  private static GenerationConfig sampling(long seed) {
    return GenerationConfig.builder().maxNewTokens(20).temperature(1.5).topK(40).seed(seed).build();
  }
}
