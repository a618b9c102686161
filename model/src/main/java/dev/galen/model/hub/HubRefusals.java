package dev.galen.model.hub;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * Turns a status that is no success into one line that says what to do.
 *
 * @param endpoint the hub's address
 * @param hasToken whether a token was sent
 */
record HubRefusals(String endpoint, boolean hasToken) {

  /**
   * What to throw for {@code answer}; a {@link TransientFailure} where waiting may help.
   *
   * @param what the file or repository that was asked for
   */
  IOException of(HubHttp.Answer<?> answer, HubId id, String what) {
    int status = answer.status();
    var uri = answer.response().uri();
    if (status == 408 || status == 429 || status >= 500) {
      return new TransientFailure(
          "%s answers %d for %s".formatted(uri.getAuthority(), status, what), retryAfter(answer));
    }
    if (!uri.toString().startsWith(endpoint)) {
      return new IOException(
          ("%s, to which the hub redirects, answers %d for %s: check whether a "
                  + "proxy or a firewall stands between")
              .formatted(uri.getAuthority(), status, what));
    }
    return new IOException(
        switch (status) {
          case 401, 403 -> noAccess(status, answer.latest("X-Error-Code").orElse(""), id, what);
          case 404 -> notFound(answer.latest("X-Error-Code").orElse(""), id, what);
          default -> "%s answers %d for %s: check HF_ENDPOINT".formatted(endpoint, status, what);
        });
  }

  private String noAccess(int status, String code, HubId id, String what) {
    if (code.equals("GatedRepo")) {
      return hasToken
          ? ("%s is gated and this token's account has no access: accept its "
                  + "conditions at %s/%s, then run the same command again")
              .formatted(id, endpoint, id.repository())
          : ("%s is gated: accept its conditions at %s/%s, then set HF_TOKEN to a "
                  + "token of that account (%s/settings/tokens)")
              .formatted(id, endpoint, id.repository(), endpoint);
    }
    return hasToken
        ? ("%s answers %d for %s: the name is misspelt, or the token in use has "
                + "expired or may not read it (%s/settings/tokens)")
            .formatted(endpoint, status, what, endpoint)
        : ("%s answers %d for %s: the name is misspelt, or it is private and "
                + "HF_TOKEN must hold a token that may read it (%s/settings/tokens)")
            .formatted(endpoint, status, what, endpoint);
  }

  private String notFound(String code, HubId id, String what) {
    return code.equals("RevisionNotFound")
        ? "%s has no revision '%s': its branches and tags are listed at %s/%s/tree/main"
            .formatted(id.repository(), id.revision(), endpoint, id.repository())
        : "%s has no %s: check the spelling (ORGANISATION/NAME, capitals matter) and HF_ENDPOINT"
            .formatted(endpoint, what);
  }

  /** {@code Retry-After} holds seconds or a date. */
  private static Optional<Duration> retryAfter(HubHttp.Answer<?> answer) {
    return answer.last("Retry-After").map(String::strip).flatMap(HubRefusals::pause);
  }

  private static Optional<Duration> pause(String text) {
    if (text.matches("\\d{1,9}")) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
    }
    try {
      var date = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      var pause = Duration.between(Instant.now(), date);
      return Optional.of(pause.isNegative() ? Duration.ZERO : pause);
    } catch (DateTimeParseException malformed) {
      return Optional.empty();
    }
  }
}
