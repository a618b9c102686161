package dev.galen.examples.serve.access;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;

/**
 * A key as the file has it: nothing that lets a reader of the file make a request.
 *
 * @param id eight hexadecimal digits, by which it is revoked
 * @param name whose it is
 * @param role what it lets its owner do
 * @param hash SHA-256 of the key, 64 hexadecimal digits. A key has 256 random bits, so that a slow
 *     hash, as passwords need, would add nothing.
 * @param created when it was made
 * @param revoked when it ceased to count, or null
 */
public record ApiKey(
    String id, String name, Role role, String hash, Instant created, Instant revoked) {
  /** What every key begins with, so that tools that look for leaked secrets know it. */
  public static final String PREFIX = "galen_";

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int KEY_BYTES = 32;
  private static final int ID_BYTES = 4;
  private static final int LONGEST_NAME = 100;

  /** Checks what a file or a user may get wrong. */
  public ApiKey {
    if (!id.matches("[0-9a-f]{8}")) {
      throw new IllegalArgumentException("the id is \"" + id + "\", must be 8 hexadecimal digits");
    }
    if (!hash.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("the hash of key " + id + " is not 64 hexadecimal digits");
    }
    if (name.isBlank()
        || name.length() > LONGEST_NAME
        || name.codePoints().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "the name of a key must have 1 to %d characters on one line".formatted(LONGEST_NAME));
    }
  }

  /** Whether it still counts. */
  public boolean active() {
    return revoked == null;
  }

  Principal principal() {
    return new Principal(id, name, role);
  }

  /** A new secret: {@value #PREFIX} and 256 random bits in base64url. */
  static String newSecret() {
    return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(random(KEY_BYTES));
  }

  static String newId() {
    return HexFormat.of().formatHex(random(ID_BYTES));
  }

  private static byte[] random(int bytes) {
    var random = new byte[bytes];
    RANDOM.nextBytes(random);
    return random;
  }
}
