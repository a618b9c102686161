package dev.galen.model.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/**
 * A hub of one repository on the loopback interface, with a second server for large files, as the
 * real one has. Each answer can be replaced by an answer of the test's own.
 */
final class FakeHub implements AutoCloseable {
  static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
  static final HubId ID = HubId.parse("galen-org/tiny-model");

  /** One request as it came in; {@code server} is "hub" or "cdn". */
  record Request(String server, String method, String path, String authorization, String range) {}

  /** An answer of a test's own. */
  interface Reply {
    void send(HttpExchange exchange) throws IOException;
  }

  final List<Request> requests = Collections.synchronizedList(new ArrayList<>());
  final Map<String, byte[]> files = new TreeMap<>();

  /** ETags of a mirror's own, by file, in place of hashes; an empty one is not sent. */
  final Map<String, String> etags = new HashMap<>();

  /** Whether the repository can be listed; a mirror of plain files cannot. */
  boolean lists = true;

  private final Map<String, Queue<Reply>> replies = new HashMap<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer hub = start("hub");
  private final HttpServer cdn = start("cdn");

  FakeHub() throws IOException {
    put("config.json", "{\"model_type\":\"gpt2\"}");
    put("vocab.json", "{\"a\":0}");
    put("merges.txt", "#version: 0.2\n");
    put("README.md", "# A model of no use");
    put(".gitattributes", "*.safetensors filter=lfs");
    files.put("model.safetensors", bytes(300_000, 1));
  }

  void put(String file, String text) {
    files.put(file, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Two shards and their index in place of the one file. */
  void shard() {
    files.remove("model.safetensors");
    files.put("model-00001-of-00002.safetensors", bytes(5_000, 2));
    files.put("model-00002-of-00002.safetensors", bytes(7_000, 3));
    put(
        "model.safetensors.index.json",
        """
        {"weight_map": {"wte.weight": "model-00002-of-00002.safetensors",
                        "h.0.weight": "model-00001-of-00002.safetensors",
                        "h.1.weight": "model-00001-of-00002.safetensors"}}
        """);
  }

  /**
   * Answers the next such request, for example {@code "GET cdn model.safetensors"}, differently.
   */
  void reply(String key, Reply... next) {
    replies.computeIfAbsent(key, k -> new ConcurrentLinkedQueue<>()).addAll(List.of(next));
  }

  /** The environment of a user whose cache is in {@code directory}. */
  HubEnvironment environment(Path directory, String... more) {
    var variables = new HashMap<String, String>();
    variables.put("HF_ENDPOINT", endpoint());
    variables.put("HF_HUB_CACHE", directory.toString());
    for (int i = 0; i < more.length; i += 2) {
      variables.put(more[i], more[i + 1]);
    }
    return new HubEnvironment(variables, directory.resolve("home"));
  }

  String endpoint() {
    return "http://127.0.0.1:" + hub.getAddress().getPort();
  }

  long count(String method, String server) {
    return requests.stream()
        .filter(r -> r.method().equals(method) && r.server().equals(server))
        .count();
  }

  @Override
  public void close() {
    hub.stop(0);
    cdn.stop(0);
    threads.close();
  }

  static byte[] bytes(int size, int seed) {
    var bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  static String sha256(byte[] content) {
    return hash("SHA-256", content);
  }

  static String gitHash(byte[] content) {
    var header = ("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII);
    var all = Arrays.copyOf(header, header.length + content.length);
    System.arraycopy(content, 0, all, header.length, content.length);
    return hash("SHA-1", all);
  }

  /** Answers with a status, headers in pairs, and no body. */
  static Reply status(int status, String... headers) {
    return exchange -> {
      for (int i = 0; i < headers.length; i += 2) {
        exchange.getResponseHeaders().add(headers[i], headers[i + 1]);
      }
      exchange.sendResponseHeaders(status, -1);
    };
  }

  /** Announces all of {@code content} from {@code offset} on and breaks off after {@code sent}. */
  static Reply breakOff(byte[] content, int offset, int sent) {
    return exchange -> {
      exchange
          .getResponseHeaders()
          .add(
              "Content-Range",
              "bytes %d-%d/%d".formatted(offset, content.length - 1, content.length));
      exchange.sendResponseHeaders(offset > 0 ? 206 : 200, content.length - offset);
      exchange.getResponseBody().write(content, offset, sent);
      exchange.getResponseBody().flush();
      throw new IOException("broken off on purpose");
    };
  }

  private HttpServer start(String name) throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", exchange -> answer(name, exchange));
    server.start();
    return server;
  }

  private void answer(String server, HttpExchange exchange) throws IOException {
    try (exchange) {
      var path = exchange.getRequestURI().getPath();
      var headers = exchange.getRequestHeaders();
      var method = exchange.getRequestMethod();
      requests.add(
          new Request(
              server, method, path, headers.getFirst("Authorization"), headers.getFirst("Range")));
      var file = fileOf(path);
      var own = replies.getOrDefault(method + " " + server + " " + file, new ArrayDeque<>()).poll();
      if (own != null) {
        own.send(exchange);
      } else if (server.equals("cdn")) {
        send(exchange, files.get(file));
      } else if (path.startsWith("/api/") && !lists) {
        exchange.sendResponseHeaders(404, -1);
      } else if (path.equals("/api/models/" + ID.repository() + "/revision/" + file)) {
        send(exchange, listing().getBytes(StandardCharsets.UTF_8));
      } else if (path.startsWith("/" + ID.repository() + "/resolve/")) {
        resolve(exchange, file);
      } else {
        exchange.getResponseHeaders().add("X-Error-Code", "RepoNotFound");
        exchange.sendResponseHeaders(404, -1);
      }
    }
  }

  /** The file in the repository, or the last part of another address. */
  private static String fileOf(String path) {
    for (var revision : List.of(COMMIT, HubId.DEFAULT_REVISION)) {
      var start = "/" + ID.repository() + "/resolve/" + revision + "/";
      if (path.startsWith(start)) {
        return path.substring(start.length());
      }
    }
    return path.substring(path.startsWith("/signed/") ? 8 : path.lastIndexOf('/') + 1);
  }

  /** Small files come from the hub itself, weights by a redirect to the other server. */
  private void resolve(HttpExchange exchange, String file) throws IOException {
    var content = files.get(file);
    var headers = exchange.getResponseHeaders();
    headers.add("X-Repo-Commit", COMMIT);
    if (content == null) {
      headers.add("X-Error-Code", "EntryNotFound");
      exchange.sendResponseHeaders(404, -1);
      return;
    }
    if (etags.containsKey(file)) {
      if (!etags.get(file).isEmpty()) {
        headers.add("ETag", etags.get(file));
      }
      send(exchange, content);
      return;
    }
    if (!file.endsWith(".safetensors")) {
      headers.add("ETag", "\"" + gitHash(content) + "\"");
      send(exchange, content);
      return;
    }
    headers.add("ETag", "\"the-redirect-itself\"");
    headers.add("X-Linked-Etag", "\"" + sha256(content) + "\"");
    headers.add("X-Linked-Size", Long.toString(content.length));
    headers.add("Location", "http://127.0.0.1:" + cdn.getAddress().getPort() + "/signed/" + file);
    exchange.sendResponseHeaders(302, -1);
  }

  private static void send(HttpExchange exchange, byte[] content) throws IOException {
    var range = exchange.getRequestHeaders().getFirst("Range");
    int offset = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().add("Content-Length", Integer.toString(content.length));
      exchange.sendResponseHeaders(200, -1);
    } else if (offset > content.length) {
      exchange.sendResponseHeaders(416, -1);
    } else {
      exchange
          .getResponseHeaders()
          .add(
              "Content-Range",
              "bytes %d-%d/%d".formatted(offset, content.length - 1, content.length));
      exchange.sendResponseHeaders(range == null ? 200 : 206, content.length - offset);
      exchange.getResponseBody().write(content, offset, content.length - offset);
    }
  }

  private String listing() {
    return files.keySet().stream()
        .map(file -> "{\"rfilename\": \"" + file + "\"}")
        .collect(Collectors.joining(", ", "{\"sha\": \"" + COMMIT + "\", \"siblings\": [", "]}"));
  }

  private static String hash(String algorithm, byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError(impossible);
    }
  }
}
