package dev.galen.bench.peer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A python with PyTorch, and transformers, PEFT and tiktoken where it has them: one process for the
 * whole run, which {@code peer.py} drives, so that its libraries are as warm as ours.
 */
public final class PythonPeer implements AutoCloseable {
  private static final String VARIABLE = "GALEN_PYTHON";
  private static final String PEER = "peer.py";
  private static final String FAMILIES = "families.py";
  private static final String LORA = "lora.py";
  private static final String GPU_PEER = "gpu_peer.py";

  /**
   * The C library gives large blocks back to the system with each free and pages them in again with
   * each malloc, a fifth of PyTorch's training step; with these it keeps them.
   */
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "MALLOC_MMAP_THRESHOLD_", "100000000000",
          "MALLOC_TRIM_THRESHOLD_", "100000000000",
          "PYTHONDONTWRITEBYTECODE", "1",
          "HF_HUB_OFFLINE", "1",
          "TQDM_DISABLE", "1",
          "TRANSFORMERS_VERBOSITY", "error");

  private final String python;
  private final Path script;
  private final JsonLines lines;
  private final SortedMap<String, String> versions = new TreeMap<>();

  private PythonPeer(String python, Path script, ObjectNode hello) throws IOException {
    this.python = python;
    this.script = script;
    this.lines = new JsonLines("the python peer", builder(List.of(python, script.toString())));
    try {
      JsonNode answer = lines.ask(hello.put("do", "hello"));
      answer.properties().forEach(entry -> versions.put(entry.getKey(), entry.getValue().asText()));
    } catch (IOException e) {
      lines.close();
      throw e;
    }
  }

  /**
   * Starts the python that GALEN_PYTHON names, else the {@code python3} on the path.
   *
   * @param threads for PyTorch to compute with
   * @return none where no python is on the path
   * @throws IOException if GALEN_PYTHON cannot be used
   */
  public static Optional<PythonPeer> start(int threads) throws IOException {
    try {
      return Optional.of(start(PEER, JsonLines.object().put("threads", threads)));
    } catch (IOException e) {
      if (System.getenv(VARIABLE) == null) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * Starts the same python with {@code gpu_peer.py}.
   *
   * @param device for PyTorch to compute on: {@code cuda}, or {@code cpu} to try the script out
   * @throws IOException if there is no such python, or no PyTorch that sees the device
   */
  public static PythonPeer onGpu(String device) throws IOException {
    return start(GPU_PEER, JsonLines.object().put("device", device));
  }

  private static PythonPeer start(String script, ObjectNode hello) throws IOException {
    String asked = System.getenv(VARIABLE);
    Path directory = Files.createTempDirectory("galen-peer");
    directory.toFile().deleteOnExit(); // Ctrl-C leaves no time to close
    try {
      for (String name : List.of(PEER, FAMILIES, LORA, GPU_PEER)) {
        try (InputStream in = PythonPeer.class.getResourceAsStream(name)) {
          Files.copy(in, directory.resolve(name));
          directory.resolve(name).toFile().deleteOnExit();
        }
      }
      return new PythonPeer(asked == null ? "python3" : asked, directory.resolve(script), hello);
    } catch (IOException e) {
      throw asked == null
          ? e
          : new IOException(VARIABLE + "=" + asked + " cannot be used: " + e.getMessage(), e);
    }
  }

  private static ProcessBuilder builder(List<String> command) {
    var builder = new ProcessBuilder(command);
    builder.environment().putAll(ENVIRONMENT);
    return builder;
  }

  /**
   * The version of a library: {@code torch}, {@code transformers}, {@code peft}, {@code tiktoken}.
   */
  public Optional<String> version(String library) {
    return Optional.ofNullable(versions.get(library));
  }

  /** The versions of all of them, by library. */
  public SortedMap<String, String> versions() {
    return Collections.unmodifiableSortedMap(versions);
  }

  /** A request of {@code peer.py}: its function's name; the arguments are to be added. */
  public static ObjectNode request(String work) {
    return JsonLines.object().put("work", work);
  }

  /** Prepares what {@code request} describes. */
  public Work prepare(ObjectNode request) throws IOException {
    int id = lines.ask(request.deepCopy().put("do", "prepare")).get("id").intValue();
    return new Work() {
      @Override
      public double run(int times) throws IOException {
        var run = JsonLines.object().put("do", "run").put("id", id).put("times", times);
        return lines.ask(run).get("seconds").doubleValue();
      }

      @Override
      public void close() throws IOException {
        lines.ask(JsonLines.object().put("do", "drop").put("id", id));
      }
    };
  }

  /** A fresh process that runs one function of {@code peer.py} and ends. */
  public ProcessBuilder once(String... arguments) {
    var command = new ArrayList<>(List.of(python, script.toString()));
    command.addAll(List.of(arguments));
    return builder(command);
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
