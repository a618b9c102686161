package dev.galen.examples.serve.access;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Requests and tokens a minute for each caller, by two token buckets that hold a minute's worth. A
 * request is let in if there is one left in the first and any in the second; the tokens it really
 * took are charged at its end and may leave the second in debt, which the caller waits off. So a
 * long answer is never cut, and the mean holds.
 */
public final class RateLimiter {
  private static final double MINUTE_NANOS = 60e9;
  private static final double ROUNDING = 1e-6; // of sums of minutes' parts
  private static final int MOST_CALLERS = 10_000;

  private final double requests;
  private final double tokens;
  private final LongSupplier clock;
  private final Map<String, Buckets> callers = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * Limits for each caller.
   *
   * @param requests a minute; 0 for no limit
   * @param tokens a minute, of prompts and answers together; 0 for no limit
   */
  public RateLimiter(long requests, long tokens) {
    this(requests, tokens, System::nanoTime);
  }

  RateLimiter(long requests, long tokens, LongSupplier clock) {
    if (requests < 0 || tokens < 0) {
      throw new IllegalArgumentException(
          "the limits are %d requests and %d tokens a minute, must be at least 0"
              .formatted(requests, tokens));
    }
    this.requests = requests;
    this.tokens = tokens;
    this.clock = clock;
  }

  /**
   * Lets a request of {@code caller} in.
   *
   * @return empty, or how long to wait before the next try, in whole seconds and at least one
   */
  public synchronized Optional<Duration> admit(String caller) {
    Buckets buckets = refilled(caller);
    double wait = 0;
    if (requests > 0 && buckets.requests < 1 - ROUNDING) {
      wait = (1 - buckets.requests) / requests * MINUTE_NANOS;
    }
    if (tokens > 0 && buckets.tokens <= 0) {
      wait = Math.max(wait, (1 - buckets.tokens) / tokens * MINUTE_NANOS);
    }
    if (wait > 0) {
      return Optional.of(Duration.ofSeconds(Math.max(1, (long) Math.ceil(wait / 1e9 - ROUNDING))));
    }
    buckets.requests--;
    return Optional.empty();
  }

  /** Takes what a request really used, prompt and answer. */
  public synchronized void charge(String caller, long used) {
    refilled(caller).tokens -= used;
  }

  // A caller that has not been seen for long is full again, so that the eldest can be forgotten.
  private Buckets refilled(String caller) {
    long now = clock.getAsLong();
    Buckets buckets = callers.get(caller);
    if (buckets == null) {
      buckets = new Buckets(requests, tokens, now);
      callers.put(caller, buckets);
      if (callers.size() > MOST_CALLERS) {
        callers.remove(callers.keySet().iterator().next());
      }
    }
    double minutes = (now - buckets.filled) / MINUTE_NANOS;
    buckets.requests = Math.min(requests, buckets.requests + minutes * requests);
    buckets.tokens = Math.min(tokens, buckets.tokens + minutes * tokens);
    buckets.filled = now;
    return buckets;
  }

  private static final class Buckets {
    private double requests;
    private double tokens;
    private long filled;

    Buckets(double requests, double tokens, long filled) {
      this.requests = requests;
      this.tokens = tokens;
      this.filled = filled;
    }
  }
}
