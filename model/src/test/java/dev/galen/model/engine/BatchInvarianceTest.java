package dev.galen.model.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.model.CausalLm;
import dev.galen.model.generate.GenerationConfig;
import dev.galen.model.testing.TinyFamily;
import dev.galen.model.testing.TinyModels;
import dev.galen.tensor.Device;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A request has the bits that it has alone, whoever comes, goes, is put off or shares with it. */
class BatchInvarianceTest {
  private static final int REQUESTS = 24;

  private static CausalLm model(String name, Device device) {
    return name.equals("gpt2")
        ? TinyModels.decided(device, TinyModels.VOCABULARY, 64, 0)
        : (CausalLm) TinyFamily.LLAMA.create(device);
  }

  private static List<GenerationRequest> requests(int vocabulary) {
    var random = new Random(11);
    int[] common = random.ints(40, 0, vocabulary).toArray();
    List<GenerationRequest> requests = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      // Half of them begin alike.
      int shared = i % 2 == 0 ? random.nextInt(40) : 0;
      int[] own = random.ints(1 + random.nextInt(12), 0, vocabulary).toArray();
      int[] prompt = Arrays.copyOf(common, shared + own.length);
      System.arraycopy(own, 0, prompt, shared, own.length);
      var config = GenerationConfig.builder().maxNewTokens(1 + random.nextInt(10)).seed(i);
      if (i % 3 == 0) {
        config.temperature(1.3).topK(20);
      }
      if (i % 5 == 0) {
        config.repetitionPenalty(1.2);
      }
      requests.add(
          GenerationRequest.builder(prompt, config.build())
              .sequences(i % 7 == 0 ? 3 : 1)
              .topLogProbabilities(2)
              .build());
    }
    return requests;
  }

  @ParameterizedTest
  @CsvSource({"gpt2, reference", "llama, reference", "gpt2, cpu", "llama, cpu"})
  void arrivalsChangeNoBit(String name, String device) throws InterruptedException {
    CausalLm model = model(name, Device.of(device));
    List<GenerationRequest> requests = requests(model.vocabularySize());
    var config = new EngineConfig(1 << 24, 8, 100, 16, 4);
    String[] alone = new String[REQUESTS];
    for (int i = 0; i < REQUESTS; i++) {
      try (var engine = Engine.of(model, config)) {
        alone[i] = Heard.all(engine, requests.get(i)).bits();
      }
    }
    long preempted = 0;
    long cached = 0;
    for (int pattern = 0; pattern < 50; pattern++) {
      var random = new Random(pattern);
      // A budget of few pages has texts put off; another one has room for all.
      long budget = perPosition(model) * (pattern % 2 == 0 ? 120 : 2000);
      try (var engine = Engine.of(model, config.withKvBytes(budget).withMostRunning(6))) {
        arrive(engine, requests, alone, random);
        preempted += engine.figures().preemptions();
        cached += engine.figures().cachedTokens();
        assertEquals(0, engine.figures().kvBytesUsed());
      }
    }
    assertTrue(preempted > 20, preempted + " texts were put off");
    assertTrue(cached > 500, cached + " tokens were shared");
  }

  private static long perPosition(CausalLm model) {
    try (var cache = model.newCache(1, 1)) {
      return cache.bytesPerPosition();
    }
  }

  /** Some requests, at random steps of the others, some of which are cancelled. */
  private static void arrive(
      Engine engine, List<GenerationRequest> requests, String[] alone, Random random)
      throws InterruptedException {
    List<Integer> chosen = new ArrayList<>();
    List<Heard> heard = new ArrayList<>();
    List<Generation> generations = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      int which = random.nextInt(REQUESTS);
      var listener = new Heard();
      if (random.nextInt(4) == 0) {
        engine.submit(requests.get(random.nextInt(REQUESTS)), leaves(random.nextInt(5)));
      }
      chosen.add(which);
      heard.add(listener);
      generations.add(engine.submit(requests.get(which), listener));
      if (random.nextBoolean()) {
        after(engine, random.nextInt(12));
      }
    }
    for (int i = 0; i < generations.size(); i++) {
      Heard.await(generations.get(i));
      assertEquals(sorted(alone[chosen.get(i)]), sorted(heard.get(i).bits()), "request " + i);
    }
    assertTrue(engine.drain(Duration.ofSeconds(30)));
  }

  /** Texts of one request may have their tokens in any order among each other. */
  private static List<String> sorted(String bits) {
    List<String> tokens = new ArrayList<>(Arrays.asList(bits.split(";")));
    tokens.sort((a, b) -> Character.compare(a.charAt(0), b.charAt(0)));
    return tokens;
  }

  private static TokenListener leaves(int after) {
    var left = new CountDownLatch(after);
    return token -> {
      if (left.getCount() == 0) {
        throw new IllegalStateException("left");
      }
      left.countDown();
    };
  }

  /** Waits until so many steps are done, or nothing is left to do. */
  private static void after(Engine engine, int steps) {
    long until = engine.figures().steps() + steps;
    while (engine.figures().steps() < until && engine.figures().running() > 0) {
      Thread.onSpinWait();
    }
  }
}
