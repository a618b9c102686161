package dev.galen.examples.serve.http;

import dev.galen.examples.serve.access.Role;
import java.io.IOException;

/**
 * What is done for a method and path.
 *
 * @param method of HTTP
 * @param path exactly
 * @param needed the least role of who may; null for everybody, with a key or without
 * @param handler answers
 */
public record Route(String method, String path, Role needed, Handler handler) {
  /** Answers a call, on a thread of its own. */
  @FunctionalInterface
  public interface Handler {
    /**
     * Answers.
     *
     * @throws ApiException for an answer that says what is wrong
     * @throws IOException if the client is gone
     */
    void handle(Call call) throws ApiException, IOException, InterruptedException;
  }
}
