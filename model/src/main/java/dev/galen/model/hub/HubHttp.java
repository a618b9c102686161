package dev.galen.model.hub;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Sends single requests. Redirects are followed here and not by the client below, because the token
 * belongs to the hub's own origin and to no other.
 */
final class HubHttp implements AutoCloseable {
  private static final int MOST_REDIRECTS = 10;
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final long TICK_MILLIS = 100;

  /** A list of the files of a repository has a hundred bytes each. */
  private static final long MOST_BYTES = 64 << 20;

  /** How the client says that a body was longer. */
  private static final String TOO_LONG = "body exceeds capacity: " + MOST_BYTES;

  private final URI endpoint;
  private final Optional<String> token;
  private final Duration silence;
  // HTTP/1.1: one download at a time gains nothing from HTTP/2 and pays for its flow control.
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(Duration.ofSeconds(10))
          .build();

  HubHttp(URI endpoint, Optional<String> token, Duration silence) {
    this.endpoint = endpoint;
    this.token = token;
    this.silence = silence;
  }

  /**
   * The last response to a request, and the headers of it and of the redirects that led there.
   *
   * @param headers oldest first; the last are the response's own
   */
  record Answer<T>(HttpResponse<T> response, List<HttpHeaders> headers) {
    int status() {
      return response.statusCode();
    }

    boolean isRedirect() {
      return REDIRECTS.contains(status());
    }

    /** The value nearest to the end of the chain, where a redirect may carry it too. */
    Optional<String> latest(String header) {
      return headers.reversed().stream().flatMap(h -> h.firstValue(header).stream()).findFirst();
    }

    /** The value in the last response alone. */
    Optional<String> last(String header) {
      return response.headers().firstValue(header);
    }
  }

  /**
   * Asks for the headers of {@code uri}; a redirect away from the hub is returned, not followed.
   */
  Answer<Void> head(URI uri) throws IOException {
    return send("HEAD", uri, Map.of(), BodyHandlers.discarding(), () -> 0, n -> {});
  }

  /** Asks for a small body, and takes no more than {@value #MOST_BYTES} of it. */
  Answer<byte[]> get(URI uri) throws IOException {
    var small = BodyHandlers.limiting(BodyHandlers.ofByteArray(), MOST_BYTES);
    return send("GET", uri, Map.of(), small, () -> 0, n -> {});
  }

  /**
   * Asks for a body of any size.
   *
   * @param received how many bytes {@code handler} has taken so far; while it grows, the time limit
   *     on silence starts anew
   * @param tick is told that number, in this thread, about ten times a second
   */
  <T> Answer<T> get(
      URI uri,
      Map<String, String> headers,
      BodyHandler<T> handler,
      LongSupplier received,
      LongConsumer tick)
      throws IOException {
    return send("GET", uri, headers, handler, received, tick);
  }

  boolean isHub(URI uri) {
    return Objects.equals(uri.getScheme(), endpoint.getScheme())
        && uri.getHost() != null
        && uri.getHost().equalsIgnoreCase(endpoint.getHost())
        && port(uri) == port(endpoint);
  }

  @Override
  public void close() {
    client.shutdownNow();
  }

  private <T> Answer<T> send(
      String method,
      URI start,
      Map<String, String> headers,
      BodyHandler<T> handler,
      LongSupplier received,
      LongConsumer tick)
      throws IOException {
    var chain = new ArrayList<HttpHeaders>();
    var uri = start;
    while (chain.size() <= MOST_REDIRECTS) {
      var request =
          HttpRequest.newBuilder(uri)
              .method(method, HttpRequest.BodyPublishers.noBody())
              .header("User-Agent", "galen")
              // Sizes and ranges are those of the file itself, never of a compressed form.
              .header("Accept-Encoding", "identity");
      headers.forEach(request::header);
      if (isHub(uri)) {
        token.ifPresent(t -> request.header("Authorization", "Bearer " + t));
      }
      BodyHandler<T> unlessRedirected =
          info ->
              REDIRECTS.contains(info.statusCode())
                  ? BodySubscribers.replacing(null)
                  : handler.apply(info);
      var response =
          await(client.sendAsync(request.build(), unlessRedirected), uri, received, tick);
      chain.add(response.headers());
      var answer = new Answer<>(response, List.copyOf(chain));
      if (!answer.isRedirect()) {
        return answer;
      }
      var target = redirectTarget(uri, response);
      if (method.equals("HEAD") && !isHub(target)) {
        return answer;
      }
      uri = target;
    }
    throw new IOException(
        "%s was redirected more than %d times: check HF_ENDPOINT".formatted(start, MOST_REDIRECTS));
  }

  /** Waits in short steps, so that silence is noticed even in the middle of a body. */
  private <T> T await(
      CompletableFuture<T> answer, URI uri, LongSupplier received, LongConsumer tick)
      throws IOException {
    long seen = received.getAsLong();
    long since = System.nanoTime();
    try {
      while (true) {
        try {
          return answer.get(TICK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException notYet) {
          long now = received.getAsLong();
          tick.accept(now);
          if (now != seen) {
            seen = now;
            since = System.nanoTime();
          } else if (System.nanoTime() - since > silence.toNanos()) {
            throw new TransientFailure(
                "%s sent nothing for %.0f s".formatted(uri.getHost(), silence.toMillis() / 1e3),
                Optional.empty());
          }
        }
      }
    } catch (ExecutionException failed) {
      throw failure(uri, failed.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("The download was interrupted; what was received is kept");
    } finally {
      answer.cancel(true);
    }
  }

  private static IOException failure(URI uri, Throwable cause) {
    if (isUntrusted(cause)) {
      return new IOException(
          ("No trusted connection to %s (%s): if a proxy inspects the traffic "
                  + "here, add its certificate to Java's (-Djavax.net.ssl.trustStore=FILE)")
              .formatted(uri.getHost(), cause.getMessage()),
          cause);
    }
    if (TOO_LONG.equals(cause.getMessage())) {
      return new IOException(
          "%s sent more than %d bytes where a list of files was expected: check HF_ENDPOINT"
              .formatted(uri.getAuthority(), MOST_BYTES));
    }
    boolean connected =
        !(cause instanceof ConnectException) && !(cause instanceof HttpConnectTimeoutException);
    return new TransientFailure(
        (connected
                ? "The connection to %s broke (%s)"
                : "No connection to %s (%s; is there a network, or a proxy for -Dhttps.proxyHost?)")
            .formatted(uri.getAuthority(), reason(cause)),
        cause);
  }

  /** The client's own exceptions often have no message; what they were caused by says more. */
  private static String reason(Throwable failure) {
    String reason = null;
    for (var cause = failure; cause != null && reason == null; cause = cause.getCause()) {
      reason =
          cause instanceof UnresolvedAddressException ? "unknown host name" : cause.getMessage();
    }
    return reason == null ? failure.getClass().getSimpleName() : reason;
  }

  private static boolean isUntrusted(Throwable failure) {
    for (var cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException) {
        return true;
      }
    }
    return false;
  }

  private static URI redirectTarget(URI from, HttpResponse<?> response) throws IOException {
    var location = response.headers().firstValue("Location");
    URI target = null;
    try {
      target = location.map(from::resolve).orElse(null);
    } catch (IllegalArgumentException malformed) {
      // Reported below, together with a missing one.
    }
    boolean web = target != null && target.getHost() != null;
    boolean downgraded =
        web && "https".equals(from.getScheme()) && !"https".equals(target.getScheme());
    if (!web || downgraded || !Set.of("http", "https").contains(target.getScheme())) {
      throw new IOException(
          "%s redirects to '%s', which is no address that Galen follows: check HF_ENDPOINT"
              .formatted(from.getAuthority(), location.orElse("")));
    }
    return target;
  }

  private static int port(URI uri) {
    return uri.getPort() >= 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
  }
}
