package dev.galen.bench.peer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.util.concurrent.TimeUnit;

/** A child process that answers each line of JSON with another. */
final class JsonLines implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String name;
  private final Process process;
  private final Writer in;
  private final BufferedReader out;

  /** What the process says on standard error goes to ours. */
  JsonLines(String name, ProcessBuilder builder) throws IOException {
    this.name = name;
    process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    in = process.outputWriter();
    out = process.inputReader();
  }

  static ObjectNode object() {
    return JSON.createObjectNode();
  }

  /**
   * The answer to {@code request}.
   *
   * @throws IOException if the process is gone, or answers with an {@code error}
   */
  JsonNode ask(ObjectNode request) throws IOException {
    String line;
    try {
      in.write(request + "\n");
      in.flush();
      line = out.readLine();
    } catch (IOException e) {
      throw new IOException(name + " ended: " + e.getMessage(), e);
    }
    if (line == null) {
      throw new IOException(name + " ended without an answer to " + request);
    }
    JsonNode answer = JSON.readTree(line);
    if (answer.has("error")) {
      throw new IOException(name + ": " + answer.get("error").asText());
    }
    return answer;
  }

  /** Closes the process's input, at which it ends by itself. */
  @Override
  public void close() throws IOException {
    try {
      in.close();
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
