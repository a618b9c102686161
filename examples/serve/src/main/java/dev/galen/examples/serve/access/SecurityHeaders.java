package dev.galen.examples.serve.access;

import java.util.LinkedHashMap;
import java.util.Map;

/** The headers of every answer. */
public final class SecurityHeaders {
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

  private SecurityHeaders() {}

  /**
   * Nothing from elsewhere, no script or style in the page's text, no frame around it, no address
   * told to others, nothing kept in a cache; with TLS, no plain HTTP for a year.
   */
  public static Map<String, String> of(boolean tls) {
    var headers = new LinkedHashMap<String, String>();
    headers.put("Content-Security-Policy", POLICY);
    headers.put("X-Content-Type-Options", "nosniff");
    headers.put("X-Frame-Options", "DENY");
    headers.put("Referrer-Policy", "no-referrer");
    headers.put("Cache-Control", "no-store");
    headers.put("Cross-Origin-Opener-Policy", "same-origin");
    headers.put("Cross-Origin-Resource-Policy", "same-origin");
    headers.put("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
    if (tls) {
      headers.put("Strict-Transport-Security", "max-age=31536000");
    }
    return headers;
  }
}
