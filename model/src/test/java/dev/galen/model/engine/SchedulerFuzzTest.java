package dev.galen.model.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.model.CausalLm;
import dev.galen.model.generate.GenerationConfig;
import dev.galen.model.testing.TinyModels;
import dev.galen.tensor.Device;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is asked for, every request comes to one end and gives its memory back. */
class SchedulerFuzzTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  void everythingEndsAndNothingIsKept(int seed) throws InterruptedException {
    var random = new Random(seed);
    CausalLm model = TinyModels.decided(Device.REFERENCE, 50, 64, 0);
    long position;
    try (var cache = model.newCache(1, 1)) {
      position = cache.bytesPerPosition();
    }
    var config =
        new EngineConfig(
            position * (64 + random.nextInt(200)),
            1 + random.nextInt(8),
            1000,
            4 + random.nextInt(20),
            1 + random.nextInt(8));
    List<Heard> heard = new ArrayList<>();
    List<Generation> generations = new ArrayList<>();
    int texts = 0;
    try (var engine = Engine.of(model, config)) {
      for (int i = 0; i < 150; i++) {
        int[] prompt = random.ints(1 + random.nextInt(40), 0, 3).toArray();
        var builder =
            GenerationRequest.builder(
                    prompt, GenerationConfig.greedy(1 + random.nextInt(63 - prompt.length)))
                .sequences(1 + random.nextInt(2))
                .priority(random.nextInt(5) - 2);
        if (random.nextInt(4) == 0) {
          builder.bestOf(3);
        }
        if (random.nextInt(6) == 0) {
          builder.deadline(Duration.ofMillis(1 + random.nextInt(20)));
        }
        GenerationRequest request = builder.build();
        texts += request.bestOf();
        var listener = new Heard();
        heard.add(listener);
        generations.add(engine.submit(request, listener));
        if (random.nextInt(5) == 0) {
          generations.get(random.nextInt(generations.size())).cancel();
        }
        if (random.nextInt(8) == 0) {
          Thread.sleep(1);
        }
      }
      assertTrue(engine.drain(Duration.ofSeconds(60)), "somebody starves");
      EngineFigures figures = engine.figures();
      assertEquals(0, figures.kvBytesUsed());
      assertEquals(0, figures.running());
      assertEquals(0, figures.waiting());
      long ended = 0;
      for (EndReason reason : EndReason.values()) {
        ended += figures.ended(reason);
      }
      assertEquals(texts, ended);
      assertEquals(0, figures.ended(EndReason.FAILED));
    }
    for (int i = 0; i < heard.size(); i++) {
      assertTrue(generations.get(i).isDone());
      assertTrue(heard.get(i).usage() != null, "request " + i + " was never told");
    }
  }

  @Test
  void aHigherPriorityGoesFirst() throws InterruptedException {
    CausalLm model = TinyModels.decided(Device.REFERENCE, 50, 64, 0);
    List<Integer> order = new ArrayList<>();
    try (var engine = Engine.of(model, EngineConfig.DEFAULT.withMostRunning(1))) {
      var gate = new Gate();
      engine.submit(GenerationRequest.of(new int[] {1}, GenerationConfig.greedy(1)), gate);
      gate.awaitEntered();
      var last = new ArrayList<Generation>();
      for (int priority : new int[] {0, 2, 1}) {
        last.add(
            engine.submit(
                GenerationRequest.builder(new int[] {1}, GenerationConfig.greedy(2))
                    .priority(priority)
                    .build(),
                new TokenListener() {
                  @Override
                  public void onToken(GeneratedToken token) {}

                  @Override
                  public void onEnd(SequenceEnd end) {
                    order.add(priority);
                  }
                }));
      }
      gate.open();
      for (Generation generation : last) {
        Heard.await(generation);
      }
    }
    assertEquals(List.of(2, 1, 0), order);
  }
}
