package dev.galen.examples.serve.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.galen.examples.serve.access.Access;
import dev.galen.examples.serve.access.Principal;
import dev.galen.examples.serve.access.RateLimiter;
import dev.galen.examples.serve.access.SecurityHeaders;
import dev.galen.examples.serve.access.Sessions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** The server's routes behind access, limits and one form of errors. */
public final class HttpApi implements AutoCloseable {
  static {
    // The JDK's server holds each event back for 40 ms without the first, and waits for ever for
    // clients that send nothing without the others. Read before its first server is made.
    setUnlessGiven("sun.net.httpserver.nodelay", "true");
    setUnlessGiven("sun.net.httpserver.maxReqTime", "30");
    setUnlessGiven("sun.net.httpserver.maxReqHeaders", "100");
    setUnlessGiven("jdk.httpserver.maxConnections", "1000");
  }

  private static final Map<String, String> HEADERS = SecurityHeaders.of(false);

  private static final Pattern LOCAL =
      Pattern.compile("(localhost|127\\.0\\.0\\.1|\\[::1])(:\\d+)?", Pattern.CASE_INSENSITIVE);

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Route> routes;
  private final Access access;
  private final RateLimiter limiter;
  private final int mostBytes;
  private final Consumer<String> log;
  private final AtomicBoolean draining = new AtomicBoolean();
  private final AtomicInteger running = new AtomicInteger();

  /**
   * Listens at once.
   *
   * @param address port 0 for a free one
   * @param mostBytes of a body
   * @param log takes a line a request, without a word of anybody's text
   */
  public HttpApi(
      InetSocketAddress address,
      List<Route> routes,
      Access access,
      RateLimiter limiter,
      int mostBytes,
      Consumer<String> log)
      throws IOException {
    this.routes = List.copyOf(routes);
    this.access = access;
    this.limiter = limiter;
    this.mostBytes = mostBytes;
    this.log = log;
    server = HttpServer.create(address, 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  private static void setUnlessGiven(String name, String value) {
    if (System.getProperty(name) == null) {
      System.setProperty(name, value);
    }
  }

  /** The port that it listens on. */
  public int port() {
    return server.getAddress().getPort();
  }

  /** Whether it takes requests. */
  public boolean isReady() {
    return !draining.get();
  }

  /** Requests that are answered now. */
  public int running() {
    return running.get();
  }

  private void handle(HttpExchange exchange) throws IOException {
    long start = System.nanoTime();
    String id = "req_" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    exchange.getResponseHeaders().set("x-request-id", id);
    HEADERS.forEach(exchange.getResponseHeaders()::set);
    running.incrementAndGet();
    var call = new Call(exchange, null, id, mostBytes);
    Principal caller = null;
    String path = exchange.getRequestURI().getPath();
    String method = exchange.getRequestMethod();
    boolean known = false;
    boolean whole = false;
    try {
      Route route = route(method, path);
      known = true;
      caller = admit(route, exchange);
      call = new Call(exchange, caller, id, mostBytes);
      route.handler().handle(call);
      whole = true;
    } catch (ApiException e) {
      whole = answer(call, e);
    } catch (IOException gone) {
      // Nobody is there to be told.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      log.accept("error %s %s".formatted(id, e.getClass().getName()));
      whole =
          answer(call, ApiException.of(500, "internal_error", "the server has failed; see " + id));
    } finally {
      if (!whole) {
        exchange.close(); // after a whole answer it would cut off the connection's next request
      }
      running.decrementAndGet();
      log.accept(
          String.format(
              Locale.ROOT,
              "%s %s %s %d %.0f ms %s",
              id,
              known ? method : "-",
              known ? path : "-",
              call.status(),
              (System.nanoTime() - start) * 1e-6,
              caller == null ? "-" : caller.id()));
    }
  }

  /** Whether the error became the answer, as a whole. */
  private static boolean answer(Call call, ApiException error) {
    try {
      if (!call.isStarted()) {
        call.send(error);
        return true;
      }
    } catch (IOException gone) {
      // Nobody is there to be told.
    }
    return false;
  }

  private Route route(String method, String path) throws ApiException {
    boolean other = false;
    for (Route route : routes) {
      if (route.path().equals(path)) {
        if (route.method().equals(method)) {
          return route;
        }
        other = true;
      }
    }
    throw other
        ? ApiException.of(405, "method_not_allowed", "the path is not for " + method)
        : ApiException.of(404, "not_found", "there is no such path");
  }

  private Principal admit(Route route, HttpExchange exchange) throws ApiException {
    if (route.needed() == null) {
      return null;
    }
    var headers = exchange.getRequestHeaders();
    if (access.isOpen() && !(isLocal(headers.getFirst("Host")) && isLocal(origin(headers)))) {
      // Or a page from elsewhere could ask by a name of its own that points here.
      throw ApiException.of(403, "forbidden", "without keys, requests are of this machine alone");
    }
    Access.Decision decision =
        access.decide(
            exchange.getRequestMethod(),
            headers.getFirst("Authorization"),
            headers.getFirst("Cookie"),
            headers.getFirst(Sessions.CSRF_HEADER),
            route.needed());
    if (!decision.allowed()) {
      throw ApiException.of(
          decision.status(),
          decision.status() == 401 ? "invalid_api_key" : "forbidden",
          decision.message());
    }
    if (draining.get()) {
      throw ApiException.busy(503, "the server is about to stop", Duration.ofSeconds(10));
    }
    var wait = limiter.admit(decision.caller().id());
    if (wait.isPresent()) {
      throw ApiException.busy(429, "too many requests of this key", wait.get());
    }
    return decision.caller();
  }

  private static String origin(Headers headers) {
    String origin = headers.getFirst("Origin");
    return origin == null ? null : origin.replaceFirst("^https?://", "");
  }

  /** Whether a host with or without a port is this machine by its usual names; null is. */
  private static boolean isLocal(String host) {
    return host == null || LOCAL.matcher(host).matches();
  }

  /** Takes no more requests, and waits for those that run. */
  public void drain(Duration atMost) throws InterruptedException {
    draining.set(true);
    long end = System.nanoTime() + atMost.toNanos();
    while (running.get() > 0 && System.nanoTime() < end) {
      Thread.sleep(10);
    }
  }

  @Override
  public void close() {
    draining.set(true);
    server.stop(0);
    threads.shutdownNow();
  }
}
