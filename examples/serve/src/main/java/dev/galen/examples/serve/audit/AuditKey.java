package dev.galen.examples.serve.audit;

import dev.galen.tensor.io.ErrorText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secret under which inputs are hashed (HMAC-SHA-256, RFC 2104). With a plain hash, whoever
 * reads the log could try short inputs, such as a name, one after another.
 */
public final class AuditKey {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int BYTES = 32;

  private final SecretKeySpec key;

  private AuditKey(byte[] key) {
    this.key = new SecretKeySpec(key, ALGORITHM);
  }

  /**
   * The key in a file of 64 hexadecimal digits, made now if there is none, for its owner alone.
   *
   * @throws IOException in one line that names the file
   */
  public static AuditKey open(Path file) throws IOException {
    try {
      if (!Files.exists(file)) {
        create(file);
      }
      String digits = Files.readString(file).strip();
      if (!digits.matches("[0-9a-f]{" + 2 * BYTES + "}")) {
        throw new IOException(file + ": not a key of " + 2 * BYTES + " hexadecimal digits");
      }
      return new AuditKey(HexFormat.of().parseHex(digits));
    } catch (IOException e) {
      throw ErrorText.named(file, e);
    }
  }

  private static void create(Path file) throws IOException {
    var random = new byte[BYTES];
    new SecureRandom().nextBytes(random);
    boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    Files.createFile(file, posix ? new FileAttribute<?>[] {mode} : new FileAttribute<?>[0]);
    Files.writeString(file, HexFormat.of().formatHex(random) + "\n");
  }

  /** The keyed hash of {@code input}, 64 hexadecimal digits; of an empty input an empty text. */
  public String hash(String input) {
    if (input.isEmpty()) {
      return "";
    }
    try {
      var mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return HexFormat.of().formatHex(mac.doFinal(input.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every JDK has " + ALGORITHM, e);
    }
  }
}
