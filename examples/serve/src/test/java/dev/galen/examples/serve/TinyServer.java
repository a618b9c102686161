package dev.galen.examples.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A server of a tiny model on a free port, and a client of it; tests extend it. */
abstract class TinyServer {
  static final JsonMapper MAPPER = new JsonMapper();
  static final String NAME = "tiny";

  @TempDir Path folder;
  final List<String> log = new CopyOnWriteArrayList<>();
  final HttpClient client = HttpClient.newHttpClient();
  Server server;
  String key;

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

  void start(boolean keyed, EngineConfig config, long requests) throws IOException {
    start(keyed, config, requests, 0);
  }

  void start(boolean keyed, EngineConfig config, long requests, long tokens) throws IOException {
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

  HttpRequest.Builder to(String path) {
    var request = HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + path));
    return key == null ? request : request.header("Authorization", "Bearer " + key);
  }

  HttpResponse<String> post(String path, String body) throws Exception {
    return client.send(
        to(path).POST(HttpRequest.BodyPublishers.ofString(body)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> get(String path) throws Exception {
    return client.send(to(path).build(), HttpResponse.BodyHandlers.ofString());
  }

  static String chat(String more) {
    return "{\"model\": \"tiny\", \"messages\": [{\"role\": \"user\", \"content\": \"fever\"}], "
        + "\"temperature\": 0, \"max_tokens\": 12"
        + more
        + "}";
  }

  static JsonNode json(HttpResponse<String> response) throws IOException {
    return MAPPER.readTree(response.body());
  }

  /** The events' JSON; the last line must be [DONE]. */
  static List<JsonNode> events(HttpResponse<String> response) throws IOException {
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

  /** Begins a stream, reads a little and goes. */
  void leave() throws IOException {
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
