package dev.galen.examples.fuzz;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.galen.model.hub.HubEnvironment;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/** A hub of one repository, {@value #ID}, on the loopback interface. */
public final class SmallHub implements AutoCloseable {
  /** The repository's name. */
  public static final String ID = "galen-org/tiny";

  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  private final Map<String, byte[]> files = new TreeMap<>();
  private final Map<String, String> etags = new TreeMap<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;
  private byte[] listing;

  /** A hub that has the files of {@code directory}. */
  public SmallHub(Path directory) throws IOException {
    try (var all = Files.list(directory)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  /** Adds a file, under the hash of its bytes. */
  public void put(String name, byte[] content) {
    files.put(name, content);
    etags.put(name, sha256(content));
  }

  /** Says of a file no more than {@code etag}. */
  public void setEtag(String name, String etag) {
    etags.put(name, etag);
  }

  /** What a process needs to download from here to {@code cache}. */
  public static Map<String, String> variables(String endpoint, Path cache) {
    return Map.of("HF_ENDPOINT", endpoint, "HF_HUB_CACHE", cache.toString());
  }

  /** The same for a call in this process. */
  public static HubEnvironment environment(String endpoint, Path cache) {
    return new HubEnvironment(variables(endpoint, cache), cache);
  }

  /** The address. */
  public String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      String file = path.substring(path.lastIndexOf('/') + 1);
      byte[] content =
          path.startsWith("/api/models/" + ID + "/revision/") ? list() : files.get(file);
      if (content == null) {
        exchange.getResponseHeaders().add("X-Error-Code", "EntryNotFound");
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      exchange.getResponseHeaders().add("X-Repo-Commit", COMMIT);
      exchange.getResponseHeaders().add("ETag", "\"" + etags.get(file) + "\"");
      if (exchange.getRequestMethod().equals("HEAD")) {
        exchange.getResponseHeaders().add("Content-Length", Integer.toString(content.length));
        exchange.sendResponseHeaders(200, -1);
      } else {
        exchange.sendResponseHeaders(200, content.length);
        exchange.getResponseBody().write(content);
      }
    }
  }

  private byte[] list() {
    return listing == null ? listing().getBytes(StandardCharsets.UTF_8) : listing;
  }

  /** Answers the question for the repository's files by {@code answer}. */
  public void setListing(byte[] answer) {
    listing = answer;
  }

  /** The right answer to that question. */
  public String listing() {
    return files.keySet().stream()
        .map(file -> "{\"rfilename\": \"" + file + "\"}")
        .collect(Collectors.joining(", ", "{\"sha\": \"" + COMMIT + "\", \"siblings\": [", "]}"));
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError(impossible);
    }
  }
}
