package dev.galen.examples.serve;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.galen.examples.serve.access.Access;
import dev.galen.examples.serve.access.RateLimiter;
import dev.galen.examples.serve.access.Role;
import dev.galen.examples.serve.http.ApiException;
import dev.galen.examples.serve.http.Call;
import dev.galen.examples.serve.http.HttpApi;
import dev.galen.examples.serve.http.Route;
import dev.galen.examples.serve.model.ServedModel;
import dev.galen.examples.serve.openai.OpenAiRoutes;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A model behind OpenAI's interface, with its health and figures. Closing it cancels what runs;
 * {@link #drain} before that lets it finish.
 */
public final class Server implements AutoCloseable {
  /** The largest body of a request, in bytes. */
  public static final int MOST_BYTES = 4 << 20;

  private final ServedModel served;
  private final HttpApi http;

  /**
   * Listens at once.
   *
   * @param address port 0 for a free one
   * @param access who may; one that is open must listen to its own machine alone
   * @param log takes a line a request, without a word of anybody's text
   * @throws IllegalArgumentException if there are no keys and the address is not of this machine
   *     alone
   */
  public Server(
      ServedModel served,
      InetSocketAddress address,
      Access access,
      RateLimiter limiter,
      Consumer<String> log)
      throws IOException {
    if (access.isOpen() && !address.getAddress().isLoopbackAddress()) {
      throw new IllegalArgumentException(
          "without keys a server listens to its own machine alone; give --keys FILE, or --host"
              + " 127.0.0.1 in the place of "
              + address.getHostString());
    }
    this.served = served;
    List<Route> routes = new ArrayList<>(new OpenAiRoutes(served, limiter).routes());
    routes.add(new Route("GET", "/health", null, Server::health));
    routes.add(new Route("GET", "/ready", null, this::ready));
    routes.add(
        new Route(
            "GET",
            "/metrics",
            Role.ADMIN,
            call ->
                call.send(
                    200,
                    "text/plain; version=0.0.4; charset=utf-8",
                    Metrics.text(served.engine().figures()))));
    http = new HttpApi(address, routes, access, limiter, MOST_BYTES, log);
  }

  private static void health(Call call) throws IOException {
    call.send(200, JsonNodeFactory.instance.objectNode().put("status", "ok"));
  }

  private void ready(Call call) throws ApiException, IOException {
    if (!http.isReady()) {
      throw ApiException.busy(503, "the server is about to stop", Duration.ofSeconds(10));
    }
    call.send(200, JsonNodeFactory.instance.objectNode().put("status", "ready"));
  }

  /** The port that it listens on. */
  public int port() {
    return http.port();
  }

  /** Takes no more requests, says so at {@code /ready}, and lets those that run finish. */
  public void drain(Duration atMost) throws InterruptedException {
    http.drain(atMost);
  }

  @Override
  public void close() {
    http.close();
    served.close();
  }
}
