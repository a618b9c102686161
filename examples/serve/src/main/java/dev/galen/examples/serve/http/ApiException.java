package dev.galen.examples.serve.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;

/** An answer other than 2xx, in OpenAI's form: {@code {"error": {message, type, param, code}}}. */
public final class ApiException extends Exception {
  private static final long serialVersionUID = 1;
  private static final int BAD_REQUEST = 400;

  private final int status;
  private final String type;
  private final String param;
  private final String code;
  private final Duration retryAfter;

  private ApiException(
      int status, String type, String param, String code, String message, Duration retryAfter) {
    super(message);
    this.status = status;
    this.type = type;
    this.param = param;
    this.code = code;
    this.retryAfter = retryAfter;
  }

  /** An error without anything special. */
  public static ApiException of(int status, String code, String message) {
    String type = status < 500 ? "invalid_request_error" : "server_error";
    return new ApiException(status, type, null, code, message, null);
  }

  /** A field of the request that cannot be used. */
  public static ApiException field(String name, String code, String message) {
    return new ApiException(
        BAD_REQUEST, "invalid_request_error", name, code, name + " " + message, null);
  }

  /** Too much for now: 429 of one caller, 503 of all. */
  public static ApiException busy(int status, String message, Duration retryAfter) {
    String type = status == 429 ? "rate_limit_exceeded" : "server_error";
    return new ApiException(status, type, null, type, message, retryAfter);
  }

  /** The status of the answer. */
  public int status() {
    return status;
  }

  /** When to come again, in whole seconds; 0 where nothing is said. */
  public long retryAfterSeconds() {
    return retryAfter == null ? 0 : Math.max(1, retryAfter.plusMillis(999).toSeconds());
  }

  /** The body. */
  public ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ObjectNode error = json.putObject("error");
    error.put("message", getMessage()).put("type", type).put("param", param).put("code", code);
    return json;
  }
}
