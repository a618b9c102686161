package dev.galen.examples.serve.access;

/**
 * Who makes a request.
 *
 * @param id of the key, or {@code jwt:} and the token's subject, or {@code local} on a server
 *     without keys; what rate limits and the audit log go by
 * @param name for people
 * @param role what he may do
 */
public record Principal(String id, String name, Role role) {
  /** Everybody, on a server without keys, which listens to its own machine alone. */
  public static final Principal LOCAL = new Principal("local", "local", Role.ADMIN);
}
