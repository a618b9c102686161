package dev.galen.model.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.kernels.softgpu.SoftwareGpu;
import dev.galen.model.CausalLm;
import dev.galen.model.testing.CountedModel;
import dev.galen.model.testing.TinyModels;
import dev.galen.tensor.Device;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Texts that are made side by side are those of their prompts, wherever each of them ends. */
final class BatchTest {
  private static final List<int[]> PROMPTS =
      List.of(
          new int[] {9, 27, 4},
          new int[] {5},
          new int[] {60, 1, 2, 3, 4, 5, 6, 7, 8, 9},
          new int[] {33, 2},
          new int[] {9, 27, 4});

  private static CausalLm model(Device device) {
    return TinyModels.decided(device, Models.VOCABULARY, Models.CONTEXT, 0);
  }

  private static void assertAlone(CausalLm model, List<int[]> prompts, GenerationConfig config) {
    var generator = new Generator(model);
    List<List<Integer>> streamed = new ArrayList<>();
    prompts.forEach(prompt -> streamed.add(new ArrayList<>()));
    List<Continuation> batch =
        generator.generate(prompts, config, (text, id) -> streamed.get(text).add(id));
    assertEquals(prompts.size(), batch.size());
    for (int i = 0; i < prompts.size(); i++) {
      Continuation text = batch.get(i);
      assertEquals(i, text.prompt());
      assertEquals(prompts.get(i).length, text.start());
      assertArrayEquals(generator.generate(prompts.get(i), config), text.ids(), "text " + i);
      int[] seen = streamed.get(i).stream().mapToInt(Integer::intValue).toArray();
      assertArrayEquals(text.newIds(), seen, "text " + i);
    }
  }

  /** Each ends where its own token says, so that rows fall away one by one. */
  @Test
  void textsEndApart() {
    CausalLm model = model(Device.REFERENCE);
    var generator = new Generator(model);
    Set<Integer> ends = new HashSet<>();
    int[] lengths = {4, 9, 2};
    for (int i = 0; i < 3; i++) {
      int[] ids = generator.generate(PROMPTS.get(i), GenerationConfig.greedy(20));
      ends.add(ids[PROMPTS.get(i).length + lengths[i]]);
    }
    for (int beams : new int[] {1, 3}) {
      var config = GenerationConfig.builder().maxNewTokens(20).beams(beams).endOfTextIds(ends);
      assertAlone(model, PROMPTS, config.build());
    }
  }

  @Test
  void aTextThatFillsTheContextLeavesTheOthers() {
    CausalLm model = model(Device.REFERENCE);
    List<int[]> prompts = new ArrayList<>(PROMPTS);
    prompts.add(1, new int[Models.CONTEXT]);
    prompts.add(new int[Models.CONTEXT - 2]);
    for (int beams : new int[] {1, 2}) {
      var config = GenerationConfig.builder().maxNewTokens(15).beams(beams).build();
      assertAlone(model, prompts, config);
      List<Continuation> texts = new Generator(model).generate(prompts, config);
      assertEquals(0, texts.get(1).newIds().length);
      assertEquals(2, texts.getLast().newIds().length);
      assertEquals(15, texts.getFirst().newIds().length);
    }
    assertEquals(0, new Generator(model).generate(List.of(), GenerationConfig.greedy(3)).size());
  }

  @Test
  void memoryIsGivenBack() {
    CausalLm model = model(Device.CPU);
    long before = model.backend().memory().live();
    for (int beams : new int[] {1, 3}) {
      var config = GenerationConfig.builder().maxNewTokens(12).beams(beams).scores().build();
      new Generator(model).generate(PROMPTS, config);
      Models.assertFreed(model, before);
    }
  }

  /** Draws go on from row to row, so that equal prompts get other texts, and a seed the same. */
  @Test
  void severalDrawsOfOnePromptDiffer() {
    var generator = new Generator(model(Device.CPU));
    for (boolean scores : new boolean[] {false, true}) {
      var builder =
          GenerationConfig.builder().maxNewTokens(12).temperature(1.5).sequences(3).seed(5);
      var config = (scores ? builder.scores() : builder).build();
      List<Continuation> texts =
          generator.generate(List.of(new int[] {9, 27}, new int[] {5}), config);
      assertEquals(6, texts.size());
      assertEquals(List.of(0, 0, 0, 1, 1, 1), texts.stream().map(Continuation::prompt).toList());
      assertEquals(
          3, texts.stream().limit(3).map(t -> Arrays.toString(t.ids())).distinct().count());
      List<Continuation> again =
          generator.generate(List.of(new int[] {9, 27}, new int[] {5}), config);
      for (int i = 0; i < 6; i++) {
        assertArrayEquals(texts.get(i).ids(), again.get(i).ids());
        assertEquals(scores ? 12 : 0, texts.get(i).logProbabilities().length);
      }
      assertArrayEquals(
          generator.generate(new int[] {9, 27}, config),
          generator.generate(List.of(new int[] {9, 27}), config).getFirst().ids());
    }
  }

  @Test
  void aSearchGivesItsBestTexts() {
    var generator = new Generator(model(Device.CPU));
    var config = GenerationConfig.builder().maxNewTokens(6).beams(4).sequences(3).scores().build();
    List<Continuation> texts = generator.generate(PROMPTS, config);
    assertEquals(15, texts.size());
    for (int i = 0; i < 15; i++) {
      Continuation text = texts.get(i);
      assertEquals(i / 3, text.prompt());
      double sum = Arrays.stream(text.logProbabilities()).sum();
      assertEquals(sum / 6, text.score().orElseThrow(), 1e-9);
      if (i % 3 > 0) {
        assertTrue(text.score().orElseThrow() <= texts.get(i - 1).score().orElseThrow());
        assertNotEquals(Arrays.toString(text.ids()), Arrays.toString(texts.get(i - 1).ids()));
      }
    }
  }

  @Test
  void badPromptsAreNamedByNumber() {
    var generator = new Generator(model(Device.CPU));
    var config = GenerationConfig.greedy(1);
    assertMessage(
        "prompt 1 is empty; generation needs at least one token",
        () -> generator.generate(List.of(new int[] {1}, new int[0]), config));
    assertMessage(
        "token 1 of prompt 0 has id 61, the model knows 0 to 60",
        () -> generator.generate(List.of(new int[] {1, 61}, new int[] {1}), config));
    assertMessage(
        "prompt 1 has 3 tokens, max_length allows 3 in all; ask for new tokens by their number",
        () ->
            generator.generate(
                List.of(new int[] {1}, new int[] {1, 2, 3}),
                GenerationConfig.builder().maxLength(3).build()));
    assertMessage(
        "the number of texts to return is 0, must be at least 1",
        () -> GenerationConfig.builder().sequences(0).build());
    assertMessage(
        "greedy decoding gives one text, not 2; sample, or search with beams",
        () -> GenerationConfig.builder().sequences(2).build());
    assertMessage(
        "a search with 2 beams gives at most as many texts, not 3",
        () -> GenerationConfig.builder().beams(2).sequences(3).build());
    GenerationConfig.builder().sample().sequences(3).build();
  }

  private static void assertMessage(String expected, Runnable body) {
    assertEquals(expected, assertThrows(IllegalArgumentException.class, body::run).getMessage());
  }

  /** One step of all rows is captured once, and replayed until half of the texts are done. */
  @Test
  @Tag("software-gpu")
  @Tag("gpu")
  void batchesAreReplayedOnAGpu() {
    SoftwareGpu.startUnlessGpu();
    CausalLm cpu = TinyModels.decided(Device.CPU, Models.VOCABULARY, 80, 0);
    CountedModel model =
        new CountedModel(TinyModels.decided(Device.of("cuda:0"), Models.VOCABULARY, 80, 0));
    List<int[]> prompts = PROMPTS.subList(0, 3);
    var greedy = GenerationConfig.greedy(25);
    var penalised = GenerationConfig.builder().maxNewTokens(25).repetitionPenalty(1.3).build();
    for (GenerationConfig config : List.of(greedy, penalised)) {
      model.reset();
      List<Continuation> texts = new Generator(model).generate(prompts, config);
      List<Continuation> wanted = new Generator(cpu).generate(prompts, config);
      for (int i = 0; i < 3; i++) {
        assertArrayEquals(wanted.get(i).ids(), texts.get(i).ids());
      }
      // The prompts, in two passes where the model computes no head of given positions, the first
      // tokens behind them, and the capture.
      assertEquals(4, model.steps());
    }
  }
}
