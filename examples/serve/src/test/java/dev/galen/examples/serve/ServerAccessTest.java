package dev.galen.examples.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.examples.serve.access.Access;
import dev.galen.examples.serve.access.RateLimiter;
import dev.galen.examples.serve.access.Sessions;
import dev.galen.examples.serve.model.ServedModel;
import dev.galen.model.engine.EngineConfig;
import dev.galen.tensor.Device;
import dev.galen.tensor.backend.WeightFormat;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** Who may ask, and what happens when a server or its client goes. */
class ServerAccessTest extends TinyServer {
  @Test
  void everyRouteButHealthNeedsAKey() throws Exception {
    start(true, EngineConfig.DEFAULT, 3);
    String good = key;
    key = null;
    for (String path : List.of("/v1/models", "/metrics")) {
      assertEquals(401, get(path).statusCode(), path);
    }
    for (String path : List.of("/v1/chat/completions", "/v1/completions", "/v1/embeddings")) {
      assertEquals(401, post(path, chat("")).statusCode(), path);
    }
    assertEquals(200, get("/health").statusCode());
    assertEquals(200, get("/ready").statusCode());
    key = good + "x";
    assertEquals(401, get("/v1/models").statusCode());
    key = good;
    assertEquals(403, get("/metrics").statusCode(), "a reader is no admin");
    for (int i = 0; i < 3; i++) {
      assertEquals(200, get("/v1/models").statusCode());
    }
    var limited = get("/v1/models");
    assertEquals(429, limited.statusCode());
    assertTrue(limited.headers().firstValueAsLong("Retry-After").orElse(0) >= 1);
  }

  @Test
  void withoutKeysItListensToItsOwnMachineAlone() throws IOException {
    var served =
        ServedModel.load(
            folder.resolve(NAME), Map.of(), Device.CPU, WeightFormat.F32, EngineConfig.DEFAULT);
    try (served) {
      var open =
          new Access(null, null, new Sessions(Duration.ofMinutes(1), Duration.ofHours(1)), false);
      assertThrows(
          IllegalArgumentException.class,
          () ->
              new Server(
                  served,
                  new InetSocketAddress("0.0.0.0", 0),
                  open,
                  new RateLimiter(0, 0),
                  log::add));
    }
  }

  @Test
  void aDrainLetsRunningAnswersFinishAndTakesNoMore() throws Exception {
    start(false, EngineConfig.DEFAULT, 0);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running =
          threads.submit(
              () ->
                  post(
                      "/v1/chat/completions", chat(", \"stream\": true").replace(": 12", ": 100")));
      while (server.port() > 0 && log.isEmpty() && !running.isDone()) {
        Thread.sleep(1);
        if (json(get("/health")).path("status").asText().equals("ok")) {
          break;
        }
      }
      server.drain(Duration.ofSeconds(20));
      assertEquals(503, get("/ready").statusCode());
      assertEquals(503, post("/v1/chat/completions", chat("")).statusCode());
      assertTrue(running.get().statusCode() == 503 || !events(running.get()).isEmpty());
    }
  }

  @Test
  void aClientThatGoesAwayFreesItsPlace() throws Exception {
    start(false, EngineConfig.DEFAULT.withMostRunning(1), 0);
    leave();
    assertEquals(200, post("/v1/chat/completions", chat("")).statusCode());
  }

  @Test
  void aClientThatGoesAwayPaysForWhatWasMade() throws Exception {
    start(false, EngineConfig.DEFAULT, 0, 5);
    leave();
    int status = 200;
    for (int i = 0; i < 500 && status == 200; i++) {
      Thread.sleep(10);
      status = get("/v1/models").statusCode();
    }
    assertEquals(429, status);
  }
}
