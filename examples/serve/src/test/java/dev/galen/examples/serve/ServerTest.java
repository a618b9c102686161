package dev.galen.examples.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.galen.examples.serve.access.Access;
import dev.galen.examples.serve.access.KeyFile;
import dev.galen.examples.serve.access.Keys;
import dev.galen.examples.serve.access.RateLimiter;
import dev.galen.examples.serve.access.Role;
import dev.galen.examples.serve.access.Sessions;
import dev.galen.examples.serve.model.ServedModel;
import dev.galen.model.CausalLm;
import dev.galen.model.engine.EngineConfig;
import dev.galen.model.nn.Weights;
import dev.galen.model.pretrained.Architectures;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.Device;
import dev.galen.tensor.backend.WeightFormat;
import dev.galen.tensor.random.Philox;
import dev.galen.tokenizer.BpeTrainer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerTest {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final String NAME = "tiny";

  @TempDir Path folder;
  private final List<String> log = new CopyOnWriteArrayList<>();
  private final HttpClient client = HttpClient.newHttpClient();
  private Server server;
  private String key;

  @BeforeEach
  void makeModel() throws IOException {
    var texts = List.of("the patient has fever and cough", "no fever today {\"a\": [1, true]}");
    var tokenizer =
        BpeTrainer.builder()
            .vocabularySize(300)
            .specialTokens("<|endoftext|>")
            .build()
            .train(texts);
    Path config =
        Files.writeString(
            folder.resolve("config.json"),
            "{\"model_type\": \"gpt2\", \"vocab_size\": 300, \"n_positions\": 128, \"n_embd\": 16,"
                + " \"n_layer\": 2, \"n_head\": 2, \"initializer_range\": 0.6, \"bos_token_id\": 0,"
                + " \"eos_token_id\": 0}");
    var model =
        Architectures.create(
            Architectures.readNew(config),
            CausalLm.class,
            Weights.initialised(Device.CPU, new Philox(3)),
            new Philox(4));
    Pretrained.save(model, tokenizer, folder.resolve(NAME));
  }

  private void start(boolean keyed, EngineConfig config, long requests) throws IOException {
    start(keyed, config, requests, 0);
  }

  private void start(boolean keyed, EngineConfig config, long requests, long tokens)
      throws IOException {
    Keys keys = null;
    if (keyed) {
      var file = new KeyFile(folder.resolve("keys.json"));
      key = file.add("ann", Role.READER).secret();
      keys = new Keys(file, log::add);
    }
    server =
        new Server(
            ServedModel.load(folder.resolve(NAME), Map.of(), Device.CPU, WeightFormat.F32, config),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            new Access(keys, null, new Sessions(Duration.ofMinutes(1), Duration.ofHours(1)), false),
            new RateLimiter(requests, tokens),
            log::add);
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
    client.close();
  }

  private HttpRequest.Builder to(String path) {
    var request = HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + path));
    return key == null ? request : request.header("Authorization", "Bearer " + key);
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    return client.send(
        to(path).POST(HttpRequest.BodyPublishers.ofString(body)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(to(path).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static String chat(String more) {
    return "{\"model\": \"tiny\", \"messages\": [{\"role\": \"user\", \"content\": \"fever\"}], "
        + "\"temperature\": 0, \"max_tokens\": 12"
        + more
        + "}";
  }

  private static JsonNode json(HttpResponse<String> response) throws IOException {
    return MAPPER.readTree(response.body());
  }

  /** The events' JSON; the last line must be [DONE]. */
  private static List<JsonNode> events(HttpResponse<String> response) throws IOException {
    var events = new ArrayList<JsonNode>();
    String[] blocks = response.body().split("\n\n");
    for (String block : blocks) {
      assertTrue(block.startsWith("data: "), block);
      if (!block.equals("data: [DONE]")) {
        events.add(MAPPER.readTree(block.substring("data: ".length())));
      }
    }
    assertEquals("data: [DONE]", blocks[blocks.length - 1]);
    return events;
  }

  @Test
  void aStreamIsTheWholeAnswerInParts() throws Exception {
    start(false, EngineConfig.DEFAULT, 0);
    var whole = post("/v1/chat/completions", chat(""));
    assertEquals(200, whole.statusCode(), whole.body());
    JsonNode choice = json(whole).path("choices").get(0);
    String text = choice.path("message").path("content").textValue();
    assertFalse(text.isEmpty());
    assertEquals("length", choice.path("finish_reason").textValue());
    assertEquals(12, json(whole).path("usage").path("completion_tokens").intValue());
    assertEquals("chat.completion", json(whole).path("object").textValue());
    var streamed =
        post(
            "/v1/chat/completions",
            chat(", \"stream\": true, \"stream_options\": {\"include_usage\": true}"));
    var parts = new StringBuilder();
    List<JsonNode> events = events(streamed);
    for (JsonNode event : events) {
      event.path("choices").forEach(c -> parts.append(c.path("delta").path("content").asText()));
    }
    assertEquals(text, parts.toString());
    assertEquals(
        json(whole).path("usage").path("total_tokens"),
        events.getLast().path("usage").path("total_tokens"));
    assertEquals("assistant", events.getFirst().at("/choices/0/delta/role").asText());
    // A stop string is no part of the text, wherever the tokens' borders are.
    String stop = text.substring(2, 5);
    for (String stream : List.of("", ", \"stream\": true")) {
      var cut =
          post(
              "/v1/chat/completions",
              chat(", \"stop\": " + MAPPER.writeValueAsString(stop) + stream));
      var said = new StringBuilder();
      if (stream.isEmpty()) {
        said.append(json(cut).at("/choices/0/message/content").asText());
        assertEquals("stop", json(cut).at("/choices/0/finish_reason").asText());
      } else {
        events(cut).forEach(e -> said.append(e.at("/choices/0/delta/content").asText()));
      }
      assertEquals(text.substring(0, text.indexOf(stop)), said.toString());
    }
  }

  @Test
  void manyAtOnceGetWhatEachGetsAlone() throws Exception {
    start(false, EngineConfig.DEFAULT, 0);
    var bodies = new ArrayList<String>();
    for (int i = 0; i < 12; i++) {
      bodies.add(
          "{\"model\": \"tiny\", \"prompt\": \"%s\", \"seed\": %d, \"max_tokens\": %d, \"logprobs\": 2}"
              .formatted("fever ".repeat(1 + i % 4), i, 5 + i));
    }
    var alone = new ArrayList<JsonNode>();
    for (String body : bodies) {
      alone.add(json(post("/v1/completions", body)).path("choices"));
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var together = new ArrayList<Future<HttpResponse<String>>>();
      for (String body : bodies) {
        together.add(threads.submit(() -> post("/v1/completions", body)));
      }
      for (int i = 0; i < bodies.size(); i++) {
        assertEquals(
            alone.get(i).at("/0/text"),
            json(together.get(i).get()).at("/choices/0/text"),
            bodies.get(i));
      }
    }
    JsonNode several =
        json(
            post(
                "/v1/completions",
                "{\"model\": \"tiny\", \"prompt\": [\"a\", [5, 6]], \"n\": 2, \"max_tokens\": 3}"));
    assertEquals(4, several.path("choices").size());
    assertEquals(3, several.at("/choices/3/index").intValue());
  }

  @Test
  void anAnswerIsKeptToASchema() throws Exception {
    start(false, EngineConfig.DEFAULT, 0);
    String schema =
        ", \"response_format\": {\"type\": \"json_schema\", \"json_schema\": {\"name\": \"x\", \"schema\":"
            + " {\"type\": \"object\", \"properties\": {\"fever\": {\"type\": \"boolean\"}}, \"required\":"
            + " [\"fever\"], \"additionalProperties\": false}}}";
    var answer = post("/v1/chat/completions", chat(schema).replace(": 12", ": 60"));
    assertEquals(200, answer.statusCode(), answer.body());
    JsonNode made = MAPPER.readTree(json(answer).at("/choices/0/message/content").asText());
    assertTrue(made.path("fever").isBoolean(), made.toString());
    var tight = post("/v1/chat/completions", chat(schema).replace(": 12", ": 2"));
    assertEquals(400, tight.statusCode(), tight.body());
    var any =
        post("/v1/chat/completions", chat(", \"response_format\": {\"type\": \"json_object\"}"));
    assertTrue(MAPPER.readTree(json(any).at("/choices/0/message/content").asText()).isObject());
  }

  @Test
  void whatIsWrongIsSaidInOpenAisForm() throws Exception {
    start(false, EngineConfig.DEFAULT, 0);
    for (String[] fault :
        new String[][] {
          {"{", "invalid_json", "the body is not valid JSON"},
          {"[]", "invalid_json", "must be a JSON object"},
          {"{\"messages\": []}", "missing_required_parameter", "model is missing"},
          {chat("").replace("tiny", "other"), "model_not_found", "'other' is not served here"},
          {chat(", \"n\": 0"), "invalid_value", "n must be an integer from 1 to 16"},
          {
            chat(", \"temperature\": 3").replace("\"temperature\": 0, ", ""),
            "invalid_value",
            "temperature must be"
          },
          {chat(", \"tools\": []"), "unsupported_parameter", "tools is not supported"},
          {chat(", \"presence_penalty\": 1"), "unsupported_parameter", "presence_penalty"},
          {
            chat("").replace("fever", "fever ".repeat(300)),
            "context_length_exceeded",
            "the model takes"
          },
          {chat(", \"logit_bias\": {\"999\": 1}"), "invalid_value", "logit_bias must give"},
          {chat(", \"logit_bias\": [1]"), "invalid_value", "logit_bias must be an object"},
          {
            chat("").replace("\"temperature\": 0", "\"temperature\": 1e-40"),
            "invalid_value",
            "must be 0 or"
          },
          {chat("").replace("fever", "\\ud800"), "invalid_value", "messages cannot be used"},
          {chat("").replace("\"user\"", "\"zzz\""), "invalid_value", "must have roles of"},
          {
            chat("").replace("\"content\"", "\"tool_calls\": [1], \"content\""),
            "unsupported_parameter",
            "may not have tool_calls"
          },
          {chat("").replace("\"user\"", "5"), "invalid_value", "messages must each have a role"},
        }) {
      var response = post("/v1/chat/completions", fault[0]);
      JsonNode error = json(response).path("error");
      assertEquals(fault[1], error.path("code").asText(), response.body());
      assertTrue(error.path("message").asText().contains(fault[2]), response.body());
      assertEquals(response.statusCode() == 404 ? 404 : 400, response.statusCode());
    }
    assertEquals(
        200, post("/v1/chat/completions", chat(", \"seed\": 9000000000000000000")).statusCode());
    assertEquals(
        400,
        post("/v1/completions", "{\"model\": \"tiny\", \"prompt\": \"\\ud800\"}").statusCode());
    var foreign =
        client.send(
            to("/v1/models").header("Origin", "http://elsewhere.example").build(),
            HttpResponse.BodyHandlers.ofString());
    assertEquals(403, foreign.statusCode(), "a page from elsewhere");
    assertEquals(404, get("/v1/nothing").statusCode());
    assertEquals(405, get("/v1/chat/completions").statusCode());
    assertEquals(413, post("/v1/completions", " ".repeat(Server.MOST_BYTES + 1)).statusCode());
    assertTrue(get("/metrics").body().contains("galen_new_tokens_total"), "figures");
    assertEquals("tiny", json(get("/v1/models")).at("/data/0/id").asText());
    assertFalse(String.join("\n", log).contains("fever"), "no text in the log");
    JsonNode vector =
        json(post("/v1/embeddings", "{\"model\": \"tiny\", \"input\": [\"fever\", \"cough\"]}"));
    assertEquals(2, vector.path("data").size());
    assertEquals(16, vector.at("/data/0/embedding").size());
  }

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

  /** Begins a stream, reads a little and goes. */
  private void leave() throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      byte[] body =
          chat(", \"stream\": true").replace(": 12", ": 110").getBytes(StandardCharsets.UTF_8);
      socket
          .getOutputStream()
          .write(
              ("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                      + body.length
                      + "\r\n\r\n")
                  .getBytes(StandardCharsets.UTF_8));
      socket.getOutputStream().write(body);
      socket.getOutputStream().flush();
      socket.getInputStream().read();
    }
  }
}
