package dev.galen.examples.serve.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import dev.galen.examples.serve.access.Principal;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** One request and its answer. */
public final class Call {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private final HttpExchange exchange;
  private final Principal caller;
  private final String id;
  private final int mostBytes;
  private int status;

  Call(HttpExchange exchange, Principal caller, String id, int mostBytes) {
    this.exchange = exchange;
    this.caller = caller;
    this.id = id;
    this.mostBytes = mostBytes;
  }

  /** Who asks. */
  public Principal caller() {
    return caller;
  }

  /** The request's id, which its answer's header and the log have, too. */
  public String id() {
    return id;
  }

  /** The status that was answered; 0 before that. */
  int status() {
    return status;
  }

  /**
   * The body, a JSON object.
   *
   * @throws ApiException if it is none, or larger than the server takes
   */
  public ObjectNode json() throws ApiException, IOException {
    byte[] body = exchange.getRequestBody().readNBytes(mostBytes + 1);
    if (body.length > mostBytes) {
      throw ApiException.of(
          413, "request_too_large", "the body is larger than %,d bytes".formatted(mostBytes));
    }
    JsonNode json;
    try {
      json = MAPPER.readTree(body);
    } catch (CharConversionException e) {
      throw ApiException.of(400, "invalid_json", "the body is not UTF-8");
    } catch (JsonProcessingException e) {
      var at = e.getLocation();
      throw ApiException.of(
          400,
          "invalid_json",
          "the body is not valid JSON"
              + (at == null
                  ? ""
                  : " (line %d, column %d)".formatted(at.getLineNr(), at.getColumnNr())));
    }
    if (!(json instanceof ObjectNode object)) {
      throw ApiException.of(400, "invalid_json", "the body must be a JSON object");
    }
    return object;
  }

  /** Answers with JSON. */
  public void send(int code, JsonNode json) throws IOException {
    send(code, "application/json", MAPPER.writeValueAsString(json));
  }

  /** Answers with a text of a media type. */
  public void send(int code, String type, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    start(code, type, bytes.length == 0 ? -1 : bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  /** Answers with events that come one by one. */
  public Events events() throws IOException {
    start(200, "text/event-stream; charset=utf-8", 0);
    return new Events(exchange.getResponseBody());
  }

  void send(ApiException error) throws IOException {
    if (error.retryAfterSeconds() > 0) {
      exchange.getResponseHeaders().set("Retry-After", Long.toString(error.retryAfterSeconds()));
    }
    send(error.status(), error.json());
  }

  boolean isStarted() {
    return status != 0;
  }

  private void start(int code, String type, long length) throws IOException {
    status = code;
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(code, length);
  }

  /** Server-sent events, each forced out at once. */
  public static final class Events implements AutoCloseable {
    private final OutputStream out;

    Events(OutputStream out) {
      this.out = out;
    }

    /**
     * Sends {@code data:} with a JSON value.
     *
     * @throws IOException if the client is gone
     */
    public void send(JsonNode json) throws IOException {
      write("data: " + MAPPER.writeValueAsString(json) + "\n\n");
    }

    /** Sends an error in mid-stream, as {@code event: error}. */
    public void error(ApiException error) throws IOException {
      write("event: error\ndata: " + MAPPER.writeValueAsString(error.json()) + "\n\n");
    }

    /** Sends OpenAI's last event. */
    public void done() throws IOException {
      write("data: [DONE]\n\n");
    }

    private void write(String event) throws IOException {
      out.write(event.getBytes(StandardCharsets.UTF_8));
      out.flush();
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }
}
