package dev.galen.examples.serve.access;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Logins of the web page. A session lives in memory alone, under the hash of its cookie, ends when
 * it was idle for {@code idle} or is older than {@code longest}, and has a CSRF token that every
 * request that changes something must bring in a header, where another site's page cannot put it.
 */
public final class Sessions {
  /** The header with the CSRF token. */
  public static final String CSRF_HEADER = "X-CSRF-Token";

  private static final int MOST = 10_000;
  private static final String COOKIE = "galen-session";

  private final Duration idle;
  private final Duration longest;
  private final LongSupplier clock;
  private final Map<String, State> sessions = new HashMap<>();

  /**
   * A login.
   *
   * @param caller whose
   * @param csrf the token that its requests bring
   */
  public record Session(Principal caller, String csrf) {
    /** Without the token, so that no log has it. */
    @Override
    public String toString() {
      return "Session[" + caller + "]";
    }
  }

  /**
   * A new login.
   *
   * @param session what stays on the server
   * @param cookie the secret that goes to the browser
   */
  public record Begun(Session session, String cookie) {
    /** Without the secret, so that no log has it. */
    @Override
    public String toString() {
      return "Begun[" + session + "]";
    }
  }

  private record State(Session session, long begun, long seen) {}

  /** Sessions that end after {@code idle} without a request, and after {@code longest} in all. */
  public Sessions(Duration idle, Duration longest) {
    this(idle, longest, System::nanoTime);
  }

  Sessions(Duration idle, Duration longest, LongSupplier clock) {
    this.idle = idle;
    this.longest = longest;
    this.clock = clock;
  }

  /** Logs {@code caller} in. */
  public synchronized Begun begin(Principal caller) {
    long now = clock.getAsLong();
    sessions.values().removeIf(state -> isOver(state, now));
    if (sessions.size() >= MOST) {
      throw new IllegalStateException("too many sessions; try again later");
    }
    var session = new Session(caller, Secrets.token());
    String cookie = Secrets.token();
    sessions.put(Secrets.hash(cookie), new State(session, now, now));
    return new Begun(session, cookie);
  }

  /** The session of a cookie's value, if it lasts; this counts as its use. */
  public synchronized Optional<Session> find(String cookie) {
    long now = clock.getAsLong();
    String hash = Secrets.hash(cookie);
    State state = sessions.get(hash);
    if (state == null) {
      return Optional.empty();
    }
    if (isOver(state, now)) {
      sessions.remove(hash);
      return Optional.empty();
    }
    sessions.put(hash, new State(state.session(), state.begun(), now));
    return Optional.of(state.session());
  }

  /** Ends the session of a cookie's value. */
  public synchronized void end(String cookie) {
    sessions.remove(Secrets.hash(cookie));
  }

  private boolean isOver(State state, long now) {
    return now - state.seen() > idle.toNanos() || now - state.begun() > longest.toNanos();
  }

  /** The {@code Set-Cookie} of a login: not for scripts, not for other sites. */
  public String setCookie(String cookie, boolean tls) {
    return attributes(cookie, tls, longest.toSeconds());
  }

  /** The {@code Set-Cookie} that takes it away. */
  public static String clearCookie(boolean tls) {
    return attributes("", tls, 0);
  }

  // The prefix makes browsers refuse a cookie that another host or plain HTTP has set.
  private static String attributes(String value, boolean tls, long seconds) {
    return "%s=%s; Path=/; Max-Age=%d; HttpOnly; SameSite=Strict%s"
        .formatted(name(tls), value, seconds, tls ? "; Secure" : "");
  }

  private static String name(boolean tls) {
    return tls ? "__Host-" + COOKIE : COOKIE;
  }

  /** The session's secret in a {@code Cookie} header, or null. */
  static String cookieOf(String header, boolean tls) {
    if (header == null) {
      return null;
    }
    for (String part : header.split(";")) {
      int equals = part.indexOf('=');
      if (equals > 0 && part.substring(0, equals).strip().equals(name(tls))) {
        return part.substring(equals + 1).strip();
      }
    }
    return null;
  }
}
