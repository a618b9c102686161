package dev.galen.examples.serve.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RateLimiterTest {
  private long now;

  @Test
  void requestsComeBackOneByOne() {
    var limits = new RateLimiter(6, 0, () -> now);
    for (int i = 0; i < 6; i++) {
      assertEquals(Optional.empty(), limits.admit("a"));
    }
    assertEquals(Optional.of(Duration.ofSeconds(10)), limits.admit("a"));
    assertEquals(Optional.empty(), limits.admit("b"));
    now += Duration.ofSeconds(9).toNanos();
    assertEquals(Optional.of(Duration.ofSeconds(1)), limits.admit("a"));
    now += Duration.ofSeconds(1).toNanos();
    assertEquals(Optional.empty(), limits.admit("a"));
    assertTrue(limits.admit("a").isPresent());
  }

  @Test
  void tokensAreChargedAfterwardsAndWaitedOff() {
    var limits = new RateLimiter(0, 600, () -> now);
    assertEquals(Optional.empty(), limits.admit("a"));
    limits.charge("a", 1199);
    assertEquals(Optional.of(Duration.ofSeconds(60)), limits.admit("a"));
    now += Duration.ofSeconds(60).toNanos();
    assertEquals(Optional.empty(), limits.admit("a"));
  }

  @Test
  void noLimitLetsAllIn() {
    var limits = new RateLimiter(0, 0, () -> now);
    for (int i = 0; i < 1000; i++) {
      assertEquals(Optional.empty(), limits.admit("a"));
      limits.charge("a", 1_000_000);
    }
    assertThrows(IllegalArgumentException.class, () -> new RateLimiter(-1, 0));
  }
}
