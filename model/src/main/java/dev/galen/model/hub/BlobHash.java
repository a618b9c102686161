package dev.galen.model.hub;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What an etag says about a file's bytes: 64 hexadecimal digits are their SHA-256 (large files), 40
 * are the SHA-1 that git gives them, of {@code "blob " + size + "\0"} and the bytes, or, from some
 * mirrors, that of the bytes alone. Other etags are no hash, although 32 digits may be an MD5.
 */
final class BlobHash {
  private static final Pattern SHA_256 = Pattern.compile("[0-9a-fA-F]{64}");
  private static final Pattern SHA_1 = Pattern.compile("[0-9a-fA-F]{40}");
  private static final Pattern PERHAPS_MD5 = Pattern.compile("[0-9a-fA-F]{32}");

  private BlobHash() {}

  /** Whether a file that differs from {@code etag} is certainly not what the hub has. */
  static boolean isHash(String etag) {
    return SHA_256.matcher(etag).matches() || SHA_1.matcher(etag).matches();
  }

  /** Compares with a hash; the answer is empty if all is well, else it says what was found. */
  static Optional<String> mismatch(Path file, String etag) throws IOException {
    if (SHA_256.matcher(etag).matches()) {
      return mismatch("SHA-256", etag, digest("SHA-256", new byte[0], file));
    }
    var header = ("blob " + Files.size(file) + "\0").getBytes(StandardCharsets.US_ASCII);
    var found = mismatch("git hash", etag, digest("SHA-1", header, file));
    boolean plain = found.isPresent() && digest("SHA-1", new byte[0], file).equalsIgnoreCase(etag);
    return plain ? Optional.empty() : found;
  }

  /** Whether {@code etag} happens to be the file's MD5, as some stores have it. */
  static boolean isMd5(Path file, String etag) throws IOException {
    return PERHAPS_MD5.matcher(etag).matches()
        && digest("MD5", new byte[0], file).equalsIgnoreCase(etag);
  }

  private static Optional<String> mismatch(String name, String expected, String found) {
    return found.equalsIgnoreCase(expected)
        ? Optional.empty()
        : Optional.of("its %s is %s, the hub announced %s".formatted(name, found, expected));
  }

  private static String digest(String algorithm, byte[] header, Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      var digest = MessageDigest.getInstance(algorithm);
      digest.update(header);
      var buffer = new byte[1 << 20];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError("Every Java platform has " + algorithm, impossible);
    }
  }
}
