package dev.galen.model.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.model.CausalLm;
import dev.galen.model.Seq2SeqLm;
import dev.galen.model.generate.GenerationConfig;
import dev.galen.model.generate.Generator;
import dev.galen.model.generate.StoppingRule;
import dev.galen.model.generate.TokenRules;
import dev.galen.model.inside.Embedder;
import dev.galen.model.inside.Pooling;
import dev.galen.model.lora.Adapters;
import dev.galen.model.lora.LoraConfig;
import dev.galen.model.lora.LoraTargets;
import dev.galen.model.testing.TinyFamily;
import dev.galen.model.testing.TinyModels;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.random.Philox;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EngineTest {
  private static final int[] PROMPT = {5, 17, 3, 40, 8};
  private static final EngineConfig SMALL = new EngineConfig(1 << 20, 4, 8, 8, 4);

  private static CausalLm model() {
    return TinyModels.decided(Device.REFERENCE, 50, 64, 0);
  }

  @Test
  void aTextIsTheGenerators() throws InterruptedException {
    CausalLm model = model();
    int[] expected = new Generator(model).generate(PROMPT, GenerationConfig.greedy(20));
    try (var engine = Engine.of(model, SMALL)) {
      var heard = Heard.all(engine, GenerationRequest.of(PROMPT, GenerationConfig.greedy(20)));
      assertArrayEquals(Arrays.copyOfRange(expected, 5, 25), heard.ids(0));
      assertEquals(EndReason.LENGTH, heard.end(0).reason());
      assertEquals(new GenerationUsage(5, 0, 20), heard.usage());
    }
  }

  @Test
  void endsAndRulesStopAText() throws InterruptedException {
    CausalLm model = model();
    int[] ids = new Generator(model).generate(PROMPT, GenerationConfig.greedy(20));
    try (var engine = Engine.of(model, SMALL)) {
      var config = GenerationConfig.builder().maxNewTokens(20).endOfTextIds(Set.of(ids[8])).build();
      var heard = Heard.all(engine, GenerationRequest.of(PROMPT, config));
      assertEquals(EndReason.STOP, heard.end(0).reason());
      assertEquals(ids[8], heard.ids(0)[heard.ids(0).length - 1]);
      StoppingRule rule = all -> all.length == 9;
      var ruled = GenerationConfig.builder().maxNewTokens(20).stop(rule).build();
      heard = Heard.all(engine, GenerationRequest.of(PROMPT, ruled));
      assertEquals(rule, heard.end(0).stop());
      assertEquals(4, heard.ids(0).length);
    }
  }

  @Test
  void logProbabilitiesAreTheModels() throws InterruptedException {
    CausalLm model = model();
    var config = GenerationConfig.builder().maxNewTokens(3).topK(5).temperature(0.7).build();
    try (var engine = Engine.of(model, SMALL)) {
      var request = GenerationRequest.builder(PROMPT, config).topLogProbabilities(50).build();
      for (GeneratedToken token : Heard.all(engine, request).tokens()) {
        double sum = token.top().stream().mapToDouble(t -> Math.exp(t.logProbability())).sum();
        assertEquals(1, sum, 1e-9);
        assertEquals(50, token.top().stream().map(TokenAlternative::id).distinct().count());
        assertTrue(
            token.top().stream()
                .anyMatch(
                    t -> t.id() == token.id() && t.logProbability() == token.logProbability()));
      }
      var own = GenerationRequest.builder(PROMPT, config).topLogProbabilities(0).build();
      assertEquals(List.of(), Heard.all(engine, own).tokens().getFirst().top());
      var none = GenerationRequest.of(PROMPT, config);
      assertTrue(Double.isNaN(Heard.all(engine, none).tokens().getFirst().logProbability()));
    }
  }

  @Test
  void severalTextsDrawOtherwiseAndTheFirstIsThatOfOne() throws InterruptedException {
    var config = GenerationConfig.builder().maxNewTokens(12).temperature(2).seed(9).build();
    try (var engine = Engine.of(model(), SMALL)) {
      var one = Heard.all(engine, GenerationRequest.of(PROMPT, config));
      var four = GenerationRequest.builder(PROMPT, config).sequences(4).build();
      var heard = Heard.all(engine, four);
      assertArrayEquals(one.ids(0), heard.ids(0));
      assertFalse(Arrays.equals(heard.ids(1), heard.ids(2)));
      assertEquals(4, heard.ends().size());
      assertEquals(48, heard.usage().newTokens());
      assertEquals(4, heard.usage().cachedTokens(), "a page of the prompt is shared");
    }
  }

  @Test
  void theBestOfMoreComeBack() throws InterruptedException {
    var config = GenerationConfig.builder().maxNewTokens(6).temperature(3).seed(2).build();
    try (var engine = Engine.of(model(), SMALL)) {
      var all =
          Heard.all(
              engine,
              GenerationRequest.builder(PROMPT, config)
                  .sequences(6)
                  .topLogProbabilities(0)
                  .build());
      var best =
          Heard.all(
              engine,
              GenerationRequest.builder(PROMPT, config)
                  .sequences(2)
                  .bestOf(6)
                  .topLogProbabilities(0)
                  .build());
      assertEquals(2, best.ends().size());
      var sums = new double[6];
      all.tokens().forEach(t -> sums[t.sequence()] += t.logProbability());
      Arrays.sort(sums);
      for (int i = 0; i < 2; i++) {
        int sequence = i;
        double sum =
            best.tokens().stream()
                .filter(t -> t.sequence() == sequence)
                .mapToDouble(GeneratedToken::logProbability)
                .sum();
        assertEquals(sums[5 - i], sum, 0);
      }
    }
  }

  @Test
  void whatAnEarlierRequestHasReadIsNotReadAgain() throws InterruptedException {
    int[] prompt = new int[30];
    Arrays.setAll(prompt, i -> i);
    try (var engine = Engine.of(model(), SMALL)) {
      var first = Heard.all(engine, GenerationRequest.of(prompt, GenerationConfig.greedy(8)));
      assertEquals(0, first.usage().cachedTokens());
      assertEquals(0, engine.figures().kvBytesUsed(), "what stays is nobody's");
      var again = Heard.all(engine, GenerationRequest.of(prompt, GenerationConfig.greedy(8)));
      assertArrayEquals(first.ids(0), again.ids(0));
      assertEquals(28, again.usage().cachedTokens());
    }
  }

  @Test
  void biasesChangeWhatComes() throws InterruptedException {
    var biased =
        GenerationConfig.builder()
            .maxNewTokens(4)
            .bias(TokenRules.biased(Map.of(List.of(11), 1000f)))
            .build();
    try (var engine = Engine.of(model(), SMALL)) {
      var heard = Heard.all(engine, GenerationRequest.of(PROMPT, biased));
      assertArrayEquals(new int[] {11, 11, 11, 11}, heard.ids(0));
    }
  }

  /** Counts down from its limit: allows the id that is left, and is complete at 1. */
  private static final class CountDown implements TokenConstraint.Progress {
    private int last;

    @Override
    public BitSet allowed(int left) {
      var allowed = new BitSet();
      allowed.set(left);
      return allowed;
    }

    @Override
    public void accept(int id) {
      last = id;
    }

    @Override
    public boolean isComplete() {
      return last == 1;
    }
  }

  @Test
  void aConstraintSaysWhatMayCome() throws InterruptedException {
    try (var engine = Engine.of(model(), SMALL)) {
      var request =
          GenerationRequest.builder(
                  PROMPT, GenerationConfig.builder().maxNewTokens(5).topK(1).build())
              .constraint(CountDown::new)
              .sequences(2)
              .build();
      var heard = Heard.all(engine, request);
      for (int sequence = 0; sequence < 2; sequence++) {
        assertArrayEquals(new int[] {5, 4, 3, 2, 1}, heard.ids(sequence));
        assertEquals(EndReason.STOP, heard.end(sequence).reason());
      }
    }
  }

  @Test
  void whatTheModelCannotTakeIsRefused() {
    try (var engine = Engine.of(model(), SMALL)) {
      var config = GenerationConfig.greedy(4);
      for (var request :
          List.of(
              GenerationRequest.of(new int[64], config),
              GenerationRequest.of(new int[] {50}, config),
              GenerationRequest.builder(PROMPT, config).adapter("none").build())) {
        assertThrows(
            IllegalArgumentException.class, () -> engine.submit(request, TokenListener.NONE));
      }
      var beams = GenerationConfig.builder().beams(2).build();
      assertThrows(IllegalArgumentException.class, () -> GenerationRequest.of(PROMPT, beams));
    }
  }

  @Test
  void eachRequestHasItsAdapter() throws InterruptedException {
    CausalLm model = model();
    var adapters = new Adapters(model);
    for (String name : List.of("one", "two")) {
      adapters.add(name, LoraConfig.of(2, LoraTargets.linear()), new Philox(name.hashCode()));
      for (var parameter : model.parameters().entrySet()) {
        if (parameter.getKey().contains("lora_B." + name)) {
          Tensor noise =
              Tensors.uniform(
                  Device.REFERENCE,
                  parameter.getValue().dtype(),
                  parameter.getValue().shape(),
                  -0.5,
                  0.5,
                  new Philox(name.length() + name.charAt(0)));
          Tensors.copy(noise, parameter.getValue());
        }
      }
    }
    var config = GenerationConfig.greedy(10);
    int[][] expected = new int[3][];
    String[] names = {"", "one", "two"};
    for (int i = 0; i < 3; i++) {
      if (i == 0) {
        adapters.activate();
      } else {
        adapters.activate(names[i]);
      }
      expected[i] = Arrays.copyOfRange(new Generator(model).generate(PROMPT, config), 5, 15);
    }
    assertNotEquals(Arrays.toString(expected[1]), Arrays.toString(expected[2]));
    try (var engine = Engine.of(model, adapters, SMALL)) {
      var heard = new Heard[3];
      var generations = new Generation[3];
      for (int i = 0; i < 3; i++) {
        heard[i] = new Heard();
        var builder = GenerationRequest.builder(PROMPT, config);
        var request = i == 0 ? builder.build() : builder.adapter(names[i]).build();
        generations[i] = engine.submit(request, heard[i]);
      }
      for (int i = 0; i < 3; i++) {
        Heard.await(generations[i]);
        assertArrayEquals(expected[i], heard[i].ids(0), names[i]);
      }
    }
  }

  @Test
  void aModelWithAnEncoderWritesWhatTheGeneratorDoes() throws InterruptedException {
    var model = (Seq2SeqLm) TinyFamily.T5.create(Device.REFERENCE);
    int[] other = {9, 4};
    try (var engine = Engine.of(model, SMALL)) {
      var config = GenerationConfig.greedy(8);
      var heard = new Heard();
      var generation = engine.submit(GenerationRequest.of(PROMPT, config), heard);
      var second = Heard.all(engine, GenerationRequest.of(other, config));
      Heard.await(generation);
      var generator = new Generator(model);
      int[] expected = generator.generate(PROMPT, config);
      assertArrayEquals(Arrays.copyOfRange(expected, 1, expected.length), heard.ids(0));
      expected = generator.generate(other, config);
      assertArrayEquals(Arrays.copyOfRange(expected, 1, expected.length), second.ids(0));
    }
  }

  @Test
  void embeddingsAreTheEmbedders() throws Exception {
    CausalLm model = model();
    model.eval();
    float[] expected = new Embedder(model, Pooling.MEAN, OptionalInt.empty()).embed(PROMPT);
    try (var engine = Engine.of(model, SMALL)) {
      var vector = engine.embed(PROMPT, Pooling.MEAN, Optional.empty());
      assertArrayEquals(expected, vector.get(10, TimeUnit.SECONDS));
    }
  }
}
