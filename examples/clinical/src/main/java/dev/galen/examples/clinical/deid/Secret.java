package dev.galen.examples.clinical.deid;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key of a run: what is put in the place of an identifier follows from it by HMAC-SHA-256 (RFC
 * 2104), so that who has the key gets the same again and nobody else can tell what stood there.
 */
public final class Secret {
  /** Bytes that a key has at least. */
  public static final int LEAST = 16;

  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKeySpec key;

  /**
   * A key of bytes of one's own.
   *
   * @throws IllegalArgumentException if there are fewer than {@link #LEAST}
   */
  public Secret(byte[] bytes) {
    if (bytes.length < LEAST) {
      throw new IllegalArgumentException(
          "the secret has " + bytes.length + " bytes; expected at least " + LEAST);
    }
    key = new SecretKeySpec(bytes, ALGORITHM);
  }

  /** A new one, which is gone with the run. */
  public static Secret random() {
    var bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return new Secret(bytes);
  }

  /**
   * The bytes of a file.
   *
   * @throws IOException if it cannot be read
   * @throws IllegalArgumentException if it is too short
   */
  public static Secret of(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    try {
      return new Secret(bytes);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }

  /** Tells a key from others without telling it. */
  public String stamp() {
    return HexFormat.of().formatHex(digest("stamp", ""), 0, 8);
  }

  /** 32 bytes that follow from the key, what they are for, and a value. */
  byte[] digest(String purpose, String value) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      mac.update(purpose.getBytes(StandardCharsets.UTF_8));
      mac.update((byte) 0);
      return mac.doFinal(value.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }

  /** A number of 0 to {@code bound - 1}. */
  int number(String purpose, String value, int bound) {
    byte[] digest = digest(purpose, value);
    long bits = 0;
    for (int i = 0; i < 7; i++) {
      bits = bits << 8 | digest[i] & 0xFF;
    }
    return (int) (bits % bound);
  }
}
