package dev.galen.examples.serve.access;

import java.util.Optional;
import java.util.Set;

/** Says of each request who makes it and whether he may. */
public final class Access {
  private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");
  private static final String BEARER = "bearer ";
  private static final int LONGEST_CREDENTIAL = 16_384;

  private final Keys keys;
  private final JwtVerifier tokens;
  private final Sessions sessions;
  private final boolean tls;

  /**
   * Access by keys, tokens and sessions.
   *
   * @param keys that count; null on a server without keys, where everybody is {@link
   *     Principal#LOCAL}: it must listen to its own machine alone
   * @param tokens of an identity provider, or null
   * @param sessions of the web page
   * @param tls whether requests come by TLS
   */
  public Access(Keys keys, JwtVerifier tokens, Sessions sessions, boolean tls) {
    this.keys = keys;
    this.tokens = tokens;
    this.sessions = sessions;
    this.tls = tls;
  }

  /** Whether there are neither keys nor tokens, so that everybody may do everything. */
  public boolean isOpen() {
    return keys == null && tokens == null;
  }

  /**
   * What is decided of a request.
   *
   * @param caller who makes it; null if nobody is known
   * @param status 200 to go on, 401 without a valid credential, 403 with one that does not suffice
   * @param message for the caller, empty at 200; never says which part was wrong
   */
  public record Decision(Principal caller, int status, String message) {
    /** Whether the request goes on. */
    public boolean allowed() {
      return status == 200;
    }
  }

  /**
   * Decides by a request's headers. A credential in {@code Authorization} wins over a cookie, and a
   * wrong one is refused even beside a good cookie. A cookie alone needs the session's CSRF token
   * for every method that can change something.
   *
   * @param method of HTTP
   * @param authorization the header, or null
   * @param cookie the header, or null
   * @param csrf the header {@link Sessions#CSRF_HEADER}, or null
   * @param needed what the route asks for
   */
  public Decision decide(
      String method, String authorization, String cookie, String csrf, Role needed) {
    if (isOpen()) {
      return new Decision(Principal.LOCAL, 200, "");
    }
    if (authorization != null) {
      return credential(authorization)
          .map(caller -> suffices(caller, needed))
          .orElse(unknown("the API key is not valid"));
    }
    Optional<Sessions.Session> session = session(cookie);
    if (session.isEmpty()) {
      return unknown("an API key is needed: Authorization: Bearer KEY");
    }
    Optional<Principal> caller = current(session.get().caller());
    if (caller.isEmpty()) {
      return unknown("the session's key counts no more; log in again");
    }
    if (!SAFE.contains(method) && (csrf == null || !Secrets.equal(csrf, session.get().csrf()))) {
      return new Decision(caller.get(), 403, "the header " + Sessions.CSRF_HEADER + " is wrong");
    }
    return suffices(caller.get(), needed);
  }

  private static Decision unknown(String message) {
    return new Decision(null, 401, message);
  }

  private static Decision suffices(Principal caller, Role needed) {
    return caller.role().includes(needed)
        ? new Decision(caller, 200, "")
        : new Decision(caller, 403, "this needs the role " + needed.label());
  }

  private Optional<Principal> credential(String authorization) {
    if (!authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
        || authorization.length() > LONGEST_CREDENTIAL) {
      return Optional.empty();
    }
    return bySecret(authorization.substring(BEARER.length()).strip());
  }

  private Optional<Principal> bySecret(String secret) {
    Optional<Principal> caller = keys == null ? Optional.empty() : keys.bySecret(secret);
    return caller.isEmpty() && tokens != null ? tokens.verify(secret) : caller;
  }

  // A key that was revoked or changed its role since the login takes its sessions along. A token's
  // session cannot outlive Sessions' own limits.
  private Optional<Principal> current(Principal caller) {
    return keys == null || caller.id().startsWith("jwt:")
        ? Optional.of(caller)
        : keys.byId(caller.id());
  }

  /** Logs in by a key or token; empty if it is not valid. */
  public Optional<Sessions.Begun> login(String secret) {
    return secret.length() > LONGEST_CREDENTIAL
        ? Optional.empty()
        : bySecret(secret).map(sessions::begin);
  }

  /** The session that a {@code Cookie} header names, if it lasts. */
  public Optional<Sessions.Session> session(String cookieHeader) {
    return Optional.ofNullable(Sessions.cookieOf(cookieHeader, tls)).flatMap(sessions::find);
  }

  /** Ends the session that a {@code Cookie} header names. */
  public void logout(String cookieHeader) {
    Optional.ofNullable(Sessions.cookieOf(cookieHeader, tls)).ifPresent(sessions::end);
  }

  /** The {@code Set-Cookie} of a login. */
  public String setCookie(Sessions.Begun begun) {
    return sessions.setCookie(begun.cookie(), tls);
  }

  /** The {@code Set-Cookie} of a logout. */
  public String clearCookie() {
    return Sessions.clearCookie(tls);
  }
}
