package dev.galen.model.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.model.CausalLm;
import dev.galen.model.generate.GenerationConfig;
import dev.galen.model.testing.TinyModels;
import dev.galen.tensor.Device;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What ends a text before its own end, and what is not even begun. */
class EngineControlTest {
  private static final int[] PROMPT = {5, 17, 3, 40, 8};
  private static final EngineConfig SMALL = new EngineConfig(1 << 20, 4, 8, 8, 4);

  private static CausalLm model() {
    return TinyModels.decided(Device.REFERENCE, 50, 64, 0);
  }

  @Test
  void cancellingEndsATextWithinAStep() throws InterruptedException {
    try (var engine = Engine.of(model(), SMALL)) {
      var started = new CountDownLatch(1);
      var heard = new Heard();
      var generation =
          engine.submit(
              GenerationRequest.of(PROMPT, GenerationConfig.greedy(50)),
              new TokenListener() {
                @Override
                public void onToken(GeneratedToken token) {
                  heard.onToken(token);
                  started.countDown();
                  waitFor(engine);
                }

                @Override
                public void onEnd(SequenceEnd end) {
                  heard.onEnd(end);
                }
              });
      cancel = generation;
      ready.countDown();
      assertTrue(started.await(10, TimeUnit.SECONDS));
      Heard.await(generation);
      assertEquals(1, heard.ids(0).length);
      assertEquals(EndReason.CANCELLED, heard.end(0).reason());
      assertEquals(0, engine.figures().kvBytesUsed());
    }
  }

  private final CountDownLatch ready = new CountDownLatch(1);
  private volatile Generation cancel;

  private void waitFor(Engine engine) {
    try {
      ready.await();
    } catch (InterruptedException never) {
      throw new AssertionError(never);
    }
    cancel.cancel();
  }

  @Test
  void aListenerThatThrowsCancelsItsRequestAlone() throws InterruptedException {
    try (var engine = Engine.of(model(), SMALL)) {
      var heard = new Heard();
      var other = engine.submit(GenerationRequest.of(PROMPT, GenerationConfig.greedy(20)), heard);
      var broken =
          engine.submit(
              GenerationRequest.of(PROMPT, GenerationConfig.greedy(50)),
              token -> {
                throw new IllegalStateException("gone");
              });
      Heard.await(broken);
      Heard.await(other);
      assertEquals(20, heard.ids(0).length);
      assertEquals(1, engine.figures().ended(EndReason.CANCELLED));
    }
  }

  @Test
  void aDeadlineEndsAText() throws InterruptedException {
    try (var engine = Engine.of(model(), SMALL)) {
      var request =
          GenerationRequest.builder(PROMPT, GenerationConfig.greedy(50))
              .deadline(Duration.ofNanos(1))
              .build();
      var heard = Heard.all(engine, request);
      assertEquals(EndReason.DEADLINE, heard.end(0).reason());
      assertEquals(0, heard.ids(0).length);
    }
  }

  @Test
  void whatIsTooMuchIsRefusedWithAHint() throws InterruptedException {
    try (var engine = Engine.of(model(), SMALL.withMostRunning(1).withMostWaiting(2))) {
      var gate = new CountDownLatch(1);
      var entered = new CountDownLatch(1);
      var first =
          engine.submit(
              GenerationRequest.of(PROMPT, GenerationConfig.greedy(2)),
              token -> {
                entered.countDown();
                try {
                  gate.await();
                } catch (InterruptedException never) {
                  throw new AssertionError(never);
                }
              });
      assertTrue(entered.await(10, TimeUnit.SECONDS));
      var request = GenerationRequest.of(PROMPT, GenerationConfig.greedy(2));
      engine.submit(request, TokenListener.NONE);
      var last = engine.submit(request, TokenListener.NONE);
      var refused =
          assertThrows(OverloadedException.class, () -> engine.submit(request, TokenListener.NONE));
      assertTrue(refused.retryAfter().toSeconds() >= 1);
      gate.countDown();
      Heard.await(first);
      Heard.await(last);
      assertTrue(engine.drain(Duration.ofSeconds(10)));
      assertThrows(OverloadedException.class, () -> engine.submit(request, TokenListener.NONE));
      assertEquals(1, engine.figures().refused());
    }
  }

  @Test
  void closingCancelsWhatIsThere() throws InterruptedException {
    var heard = new Heard();
    Generation generation;
    try (var engine = Engine.of(model(), SMALL.withMostRunning(1))) {
      engine.submit(GenerationRequest.of(PROMPT, GenerationConfig.greedy(50)), heard);
      generation = engine.submit(GenerationRequest.of(PROMPT, GenerationConfig.greedy(50)), heard);
    }
    assertTrue(generation.isDone());
  }
}
