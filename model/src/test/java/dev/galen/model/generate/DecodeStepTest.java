package dev.galen.model.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.kernels.softgpu.SoftwareGpu;
import dev.galen.model.CausalLm;
import dev.galen.model.nn.KvCache;
import dev.galen.model.testing.CountedModel;
import dev.galen.model.testing.TinyModels;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.random.Philox;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Texts on a GPU, whose steps are replayed from a capture, are those of the CPU. A model that
 * counts its steps says what was replayed: of a whole text only the prompt, the first token behind
 * it and the capture of the second one are computed.
 */
@Tag("software-gpu")
@Tag("gpu")
final class DecodeStepTest {
  private static final int[] PROMPT = {9, 27, 4};
  private static final int COMPUTED = 3;

  private static Device gpu() {
    return Device.of("cuda:0");
  }

  @BeforeAll
  static void start() {
    SoftwareGpu.startUnlessGpu();
  }

  private static int[] onCpu(int[] prompt, GenerationConfig config) {
    CausalLm model = TinyModels.decided(Models.VOCABULARY, 520, 0);
    return new Generator(model).generate(prompt, config);
  }

  private static CountedModel counted() {
    return new CountedModel(TinyModels.decided(gpu(), Models.VOCABULARY, 520, 0));
  }

  /** Prompts of other lengths, caches of one piece of keys and of several, one after the other. */
  @Test
  void textsOneAfterTheOtherAreTheCpus() {
    CountedModel model = counted();
    var generator = new Generator(model);
    int[][] prompts = {PROMPT, {5}, {60, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}};
    int[] lengths = {40, 7, 200};
    for (int i = 0; i < prompts.length; i++) {
      model.reset();
      var config = GenerationConfig.greedy(lengths[i]);
      int[] ids = generator.generate(prompts[i], config);
      assertArrayEquals(onCpu(prompts[i], config), ids);
      assertEquals(prompts[i].length + lengths[i], ids.length);
      // A prompt of one token is the first step of one token.
      assertEquals(prompts[i].length == 1 ? COMPUTED - 1 : COMPUTED, model.steps());
    }
  }

  /** Each has a model of its own; the GPU, its stream and its memory they share. */
  @Test
  void textsOfTwoThreadsAreTheCpus() throws Exception {
    var config = GenerationConfig.greedy(25);
    int[] wanted = onCpu(PROMPT, config);
    try (var threads = Executors.newFixedThreadPool(2)) {
      for (int round = 0; round < 4; round++) {
        Callable<int[]> text = () -> new Generator(counted()).generate(PROMPT, config);
        for (Future<int[]> each : threads.invokeAll(List.of(text, text))) {
          assertArrayEquals(wanted, each.get());
        }
      }
    }
  }

  @Test
  void logitsThatComeToTheHostAreReplayedToo() {
    CountedModel model = counted();
    for (GenerationConfig config :
        List.of(
            GenerationConfig.builder().maxNewTokens(30).repetitionPenalty(1.3).build(),
            GenerationConfig.builder()
                .maxNewTokens(30)
                .repetitionPenalty(1.3)
                .temperature(1.5)
                .seed(4)
                .build())) {
      model.reset();
      assertArrayEquals(onCpu(PROMPT, config), new Generator(model).generate(PROMPT, config));
      assertEquals(COMPUTED, model.steps());
    }
  }

  /** Draws in replays go on from counter to counter, as those of the host's sampler do. */
  @Test
  void tokensDrawnOnTheGpuAreTheCpus() {
    CountedModel model = counted();
    for (long seed = 1; seed <= 3; seed++) {
      var config = GenerationConfig.builder().maxNewTokens(40).temperature(1.5).topK(30).topP(0.9);
      model.reset();
      int[] ids = new Generator(model).generate(PROMPT, config.seed(seed).build());
      assertArrayEquals(drawnOnTheHost(config.seed(seed).build()), ids);
      assertEquals(COMPUTED, model.steps());
      assertTrue(
          Arrays.stream(ids).skip(PROMPT.length).distinct().count() > 10, Arrays.toString(ids));
    }
  }

  private static int[] drawnOnTheHost(GenerationConfig config) {
    CausalLm model = TinyModels.decided(Models.VOCABULARY, 520, 0);
    Sampler sampler = Sampler.from(new Philox(config.seed()));
    int[] ids = PROMPT;
    try (var scope = MemoryScope.open("test");
        var off = Autograd.noGrad()) {
      for (int i = 0; i < config.maxNewTokens(); i++) {
        Tensor logits = model.logits(Tensors.of(model.backend(), ids, 1, ids.length));
        float[] last = logits.slice(1, ids.length - 1, ids.length).toFloats();
        int id = sampler.pick(config.processor().apply(last, ids));
        ids = Arrays.copyOf(ids, ids.length + 1);
        ids[ids.length - 1] = id;
      }
    }
    return ids;
  }

  @Test
  void aTextMayEndBeforeThereIsACaptureAndRightBehindIt() {
    int[] whole = onCpu(PROMPT, GenerationConfig.greedy(30));
    CountedModel model = counted();
    for (int newTokens = 1; newTokens <= 5; newTokens++) {
      int end = whole[PROMPT.length + newTokens - 1];
      int[] wanted = Arrays.copyOf(whole, firstOf(end, whole) + 1);
      var config = GenerationConfig.builder().maxNewTokens(30).endOfTextIds(Set.of(end)).build();
      long before = model.backend().memory().live();
      assertArrayEquals(wanted, new Generator(model).generate(PROMPT, config));
      Models.assertFreed(model, before);
      int most = GenerationConfig.greedy(newTokens).maxNewTokens();
      assertArrayEquals(
          Arrays.copyOf(whole, PROMPT.length + most),
          new Generator(model).generate(PROMPT, GenerationConfig.greedy(most)));
      Models.assertFreed(model, before);
    }
  }

  private static int firstOf(int id, int[] ids) {
    int at = PROMPT.length;
    while (ids[at] != id) {
      at++;
    }
    return at;
  }

  /** Blocks that others take and give back meanwhile are none of the capture's. */
  @Test
  void whatOthersAllocateMeanwhileIsNotTouchedAndTouchesNothing() {
    CountedModel model = counted();
    var others = new ArrayList<Tensor>();
    IntConsumer allocates =
        id -> {
          for (int size : new int[] {1, 16, 61, 300, 2000}) {
            Shape shape = Shape.of(size);
            Tensors.full(gpu(), DType.F32, shape, Double.NaN).free();
            others.add(MemoryScope.outside(() -> Tensors.full(gpu(), DType.F32, shape, id)));
          }
        };
    int[] ids = new Generator(model).generate(PROMPT, GenerationConfig.greedy(12), allocates);
    assertArrayEquals(onCpu(PROMPT, GenerationConfig.greedy(12)), ids);
    assertEquals(COMPUTED, model.steps());
    for (int i = 0; i < others.size(); i++) {
      float[] values = others.get(i).toFloats();
      var wanted = new float[values.length];
      Arrays.fill(wanted, ids[PROMPT.length + i / 5]);
      assertArrayEquals(wanted, values);
      others.get(i).free();
    }
  }

  @Test
  void aStoppedTextLeavesNothingBehind() {
    CountedModel model = counted();
    long before = model.backend().memory().live();
    var seen = new ArrayList<Integer>();
    IntConsumer stops =
        id -> {
          seen.add(id);
          if (seen.size() == 6) {
            throw new IllegalStateException("stop");
          }
        };
    var generator = new Generator(model);
    assertThrows(
        IllegalStateException.class,
        () -> generator.generate(PROMPT, GenerationConfig.greedy(20), stops));
    assertEquals(COMPUTED, model.steps());
    Models.assertFreed(model, before);
  }

  /** After a step has its memory, the others ask the GPU for none. */
  @Test
  void memoryIsFlatFromTheCaptureOn() {
    CountedModel model = counted();
    var live = new ArrayList<Long>();
    new Generator(model)
        .generate(
            PROMPT, GenerationConfig.greedy(60), id -> live.add(model.backend().memory().live()));
    // It may fall, when the cleaner frees what an earlier test has dropped.
    long most = live.stream().skip(2).mapToLong(Long::longValue).max().orElseThrow();
    assertTrue(most <= live.get(2), live.toString());
  }

  /** An observer sees each step. */
  @Test
  void anObservedModelIsNotReplayed() {
    CountedModel model = counted();
    model.observe((layer, y) -> {});
    int[] ids = new Generator(model).generate(PROMPT, GenerationConfig.greedy(9));
    assertArrayEquals(onCpu(PROMPT, GenerationConfig.greedy(9)), ids);
    assertEquals(9, model.steps());
  }

  /** The step that captures must not count for the shorter sequence either. */
  @Test
  void aCaptureKeepsEachSequencesLength() {
    CountedModel model = counted();
    CausalLm cpu = TinyModels.decided(Models.VOCABULARY, 520, 0);
    try (var cache = model.newCache(2, 40);
        var step = DecodeStep.greedy(model, cache);
        var wantedCache = cpu.newCache(2, 40)) {
      int[] ids = same(cpu, wantedCache, step, new int[] {9, 27, 4, 1, 2, 3});
      cache.crop(new int[] {1, 3});
      wantedCache.crop(new int[] {1, 3});
      model.reset();
      for (int i = 1; i <= 6; i++) {
        ids = same(cpu, wantedCache, step, ids);
        assertEquals(1 + i, cache.length(0));
        assertEquals(3 + i, cache.length(1));
      }
      assertTrue(model.steps() < 6, model.steps() + " steps were computed, and none replayed");
    }
  }

  /** A batch, steps behind a selection, and the same cache with other texts. */
  @Test
  void aCacheMayBeSelectedFromAndUsedAgain() {
    CountedModel model = counted();
    CausalLm cpu = TinyModels.decided(Models.VOCABULARY, 520, 0);
    int[] prompts = {9, 27, 4, 1, 2, 3, 33, 5, 7};
    long live = model.backend().memory().live();
    try (var cache = model.newCache(3, 150);
        var step = DecodeStep.greedy(model, cache);
        var wantedCache = cpu.newCache(3, 150)) {
      for (int round = 0; round < 2; round++) {
        model.reset();
        int[] ids = same(cpu, wantedCache, step, prompts);
        for (int i = 0; i < 10; i++) {
          ids = same(cpu, wantedCache, step, ids);
        }
        // The second text replays the first one's capture.
        assertEquals(round == 0 ? COMPUTED : 1, model.steps());
        cache.crop(0);
        wantedCache.crop(0);
        prompts = new int[] {1, 60, 2, 50, 3, 40};
      }
      for (int count : new int[] {0, 4}) {
        var odd = assertThrows(IllegalArgumentException.class, () -> step.next(new int[count]));
        assertEquals(
            count + " ids are no [B, T] of the cache's 3 sequences, T at least 1",
            odd.getMessage());
      }
      int[] ids = same(cpu, wantedCache, step, prompts);
      int[] rows = {2, 0, 0};
      cache.select(rows);
      wantedCache.select(rows);
      int[] before = ids;
      ids = Arrays.stream(rows).map(row -> before[row]).toArray();
      model.reset();
      for (int i = 0; i < 6; i++) {
        ids = same(cpu, wantedCache, step, ids);
      }
      assertEquals(2, model.steps(), "one launched, one captured");
      int[] last = ids;
      while (cache.length() < cache.capacity()) {
        step.next(last);
      }
      var full = assertThrows(IllegalStateException.class, () -> step.next(last));
      assertEquals(
          "3 sequences of 151 positions do not fit a cache for 3 of 150", full.getMessage());
      assertEquals(150, cache.length());
    }
    Models.assertFreed(model, live);
  }

  private static int[] same(CausalLm cpu, KvCache wantedCache, DecodeStep<int[]> step, int[] ids) {
    int[] next = step.next(ids);
    try (var scope = MemoryScope.open("test");
        var off = Autograd.noGrad()) {
      int batch = wantedCache.batch();
      Tensor ids_BT = Tensors.of(cpu.backend(), ids, batch, ids.length / batch);
      assertArrayEquals(cpu.next(ids_BT, wantedCache).argmax().toInts(), next);
    }
    return next;
  }

  /** What is wrong with a model is said on a GPU as on the CPU, when its step is replayed. */
  @Test
  void damagedWeightsAreNamed() {
    for (double planted : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      damagedWeightsAreNamed(GenerationConfig.greedy(20), planted);
      damagedWeightsAreNamed(GenerationConfig.builder().maxNewTokens(20).sample().build(), planted);
    }
  }

  private static void damagedWeightsAreNamed(GenerationConfig config, double planted) {
    CountedModel model = counted();
    Tensor bias = model.parameters().get("model.transformer.ln_f.bias");
    var seen = new ArrayList<Integer>();
    IntConsumer damages =
        id -> {
          seen.add(id);
          if (seen.size() == 5) {
            bias.backend().copy().fill(bias.span().slice(2, 1), planted);
          }
        };
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () -> new Generator(model).generate(PROMPT, config, damages));
    assertTrue(
        error.getMessage().matches("the model's logit of token \\d+ is .*damaged"),
        error.getMessage());
    assertEquals(5, seen.size());
    assertEquals(COMPUTED, model.steps());
    assertEquals(damagedOnCpu(config, planted), error.getMessage());
  }

  private static String damagedOnCpu(GenerationConfig config, double planted) {
    CausalLm model = TinyModels.decided(Models.VOCABULARY, 520, 0);
    Tensor bias = model.parameters().get("transformer.ln_f.bias");
    bias.backend().copy().fill(bias.span().slice(2, 1), planted);
    return assertThrows(
            IllegalArgumentException.class, () -> new Generator(model).generate(PROMPT, config))
        .getMessage();
  }
}
