package dev.galen.examples.serve.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessTest {
  @TempDir Path folder;

  private long now;
  private String reader;
  private String admin;
  private Access access;

  @BeforeEach
  void makeKeys() throws IOException {
    var file = new KeyFile(folder.resolve("keys.json"));
    reader = file.add("reader", Role.READER).secret();
    admin = file.add("admin", Role.ADMIN).secret();
    var sessions = new Sessions(Duration.ofMinutes(30), Duration.ofHours(8), () -> now);
    access = new Access(new Keys(file, message -> {}), null, sessions, true);
  }

  private int status(String method, String authorization, String cookie, String csrf, Role role) {
    return access.decide(method, authorization, cookie, csrf, role).status();
  }

  @Test
  void aKeyMayWhatItsRoleMay() {
    assertEquals(200, status("POST", "Bearer " + reader, null, null, Role.READER));
    assertEquals(200, status("POST", "bearer  " + reader, null, null, Role.READER));
    assertEquals(403, status("GET", "Bearer " + reader, null, null, Role.REVIEWER));
    assertEquals(403, status("GET", "Bearer " + reader, null, null, Role.ADMIN));
    assertEquals(200, status("GET", "Bearer " + admin, null, null, Role.REVIEWER));
    for (String wrong : new String[] {"", "Bearer", "Bearer x", "Basic " + admin, admin}) {
      assertEquals(401, status("GET", wrong, null, null, Role.READER), wrong);
    }
    assertEquals(401, status("GET", null, null, null, Role.READER));
  }

  @Test
  void aSessionNeedsItsTokenToChangeSomething() {
    Sessions.Begun begun = access.login(admin).orElseThrow();
    String set = access.setCookie(begun);
    assertTrue(set.startsWith("__Host-galen-session=" + begun.cookie() + ";"), set);
    for (String part : new String[] {"HttpOnly", "SameSite=Strict", "Secure", "Path=/"}) {
      assertTrue(set.contains(part), set);
    }
    String cookie = "a=b; __Host-galen-session=" + begun.cookie();
    assertEquals(200, status("GET", null, cookie, null, Role.ADMIN));
    assertEquals(403, status("POST", null, cookie, null, Role.READER));
    assertEquals(403, status("DELETE", null, cookie, "wrong", Role.READER));
    assertEquals(200, status("POST", null, cookie, begun.session().csrf(), Role.READER));
    assertEquals(401, status("GET", "Bearer wrong", cookie, null, Role.READER));
    access.logout(cookie);
    assertEquals(401, status("GET", null, cookie, null, Role.READER));
    assertEquals(Optional.empty(), access.login("wrong"));
  }

  @Test
  void sessionsEndIdleAndInAll() {
    String idle = "__Host-galen-session=" + access.login(reader).orElseThrow().cookie();
    now += Duration.ofMinutes(29).toNanos();
    assertEquals(200, status("GET", null, idle, null, Role.READER));
    now += Duration.ofMinutes(31).toNanos();
    assertEquals(401, status("GET", null, idle, null, Role.READER));

    String busy = "__Host-galen-session=" + access.login(reader).orElseThrow().cookie();
    for (int minutes = 0; minutes < 8 * 60; minutes += 20) {
      assertEquals(200, status("GET", null, busy, null, Role.READER));
      now += Duration.ofMinutes(20).toNanos();
    }
    now += Duration.ofMinutes(1).toNanos();
    assertEquals(401, status("GET", null, busy, null, Role.READER));
  }

  @Test
  void aRevokedKeyTakesItsSessionsAlong() throws Exception {
    var file = new KeyFile(folder.resolve("keys.json"));
    String cookie = "__Host-galen-session=" + access.login(reader).orElseThrow().cookie();
    file.revoke(file.read().getFirst().id());
    long end = System.nanoTime() + 10_000_000_000L;
    while (status("GET", null, cookie, null, Role.READER) == 200 && System.nanoTime() < end) {
      Thread.sleep(50);
    }
    assertEquals(401, status("GET", null, cookie, null, Role.READER));
  }

  @Test
  void withoutKeysEverybodyIsLocal() {
    var open =
        new Access(null, null, new Sessions(Duration.ofHours(1), Duration.ofHours(1)), false);
    assertTrue(open.isOpen());
    assertEquals(Principal.LOCAL, open.decide("POST", null, null, null, Role.ADMIN).caller());
    assertFalse(access.isOpen());
  }

  @Test
  void headersAreStrict() {
    Map<String, String> headers = SecurityHeaders.of(true);
    assertFalse(headers.get("Content-Security-Policy").contains("unsafe"));
    assertTrue(headers.get("Content-Security-Policy").contains("frame-ancestors 'none'"));
    assertEquals("no-store", headers.get("Cache-Control"));
    assertFalse(SecurityHeaders.of(false).containsKey("Strict-Transport-Security"));
  }
}
