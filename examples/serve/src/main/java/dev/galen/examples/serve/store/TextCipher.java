package dev.galen.examples.serve.store;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts a text for one column of one row: moved to another, it does not open. Patients'
 * references become an HMAC-SHA-256, by which they are found and not read.
 */
final class TextCipher {
  private static final String HMAC = "HmacSHA256";

  private final Aead aead;
  private final SecretKeySpec references;

  TextCipher(KeysetHandle keys, byte[] references) {
    try {
      this.aead = keys.getPrimitive(RegistryConfiguration.get(), Aead.class);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("the keyset cannot encrypt: " + e.getMessage(), e);
    }
    this.references = new SecretKeySpec(references, HMAC);
  }

  /** Encrypts {@code text}; null stays null. */
  byte[] seal(String text, String column, String row) {
    if (text == null) {
      return null;
    }
    try {
      return aead.encrypt(text.getBytes(StandardCharsets.UTF_8), context(column, row));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a text cannot be encrypted: " + e.getMessage(), e);
    }
  }

  /**
   * Decrypts what {@link #seal} gave for this column and row; null stays null.
   *
   * @throws IllegalStateException naming column and row, if the keyset is another, or the bytes
   *     were changed or moved
   */
  String open(byte[] sealed, String column, String row) {
    if (sealed == null) {
      return null;
    }
    try {
      return new String(aead.decrypt(sealed, context(column, row)), StandardCharsets.UTF_8);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "the %s of record %s cannot be decrypted: the keyset is not the one it was written with,"
                  .formatted(column, row)
              + " or it was changed",
          e);
    }
  }

  private static byte[] context(String column, String row) {
    return ("galen record/" + column + "/" + row).getBytes(StandardCharsets.UTF_8);
  }

  /** The keyed hash of a patient's reference, without regard to spaces around it; null of null. */
  String reference(String patient) {
    if (patient == null || patient.isBlank()) {
      return null;
    }
    try {
      var mac = Mac.getInstance(HMAC);
      mac.init(references);
      byte[] hash = mac.doFinal(patient.strip().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every JDK has " + HMAC, e);
    }
  }
}
